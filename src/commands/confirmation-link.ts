/** The links by which somebody outside confirms a task. Whoever has one can answer. */

/** Where the link goes in a mail, until it is sent. */
export const LINK_MARK = '{{confirmation.url}}';

/** @param publicUrl - the address of this server for the outside, without a slash at its end. */
export function confirmationUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/confirmations/${token}`;
}
