/** A place in an organization's event log as clients hold it: opaque text, so that its form may change. */

const FORM = /^seq:(0|[1-9][0-9]{0,15})$/;

/** The cursor of the place right after event number `seq`. */
export function encodePosition(seq: number): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}

/** The number that `encodePosition` was given; null if the text is not a cursor. */
export function decodePosition(cursor: string): number | null {
  const [, digits] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const seq = Number(digits ?? NaN);
  // Decoding ignores what is not base64url; only the one spelling that was given out is taken back.
  return Number.isSafeInteger(seq) && encodePosition(seq) === cursor ? seq : null;
}
