/** Instants as text. */

const FORMAT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether the text is an instant in the one form that is used everywhere, `2026-11-23T08:30:00.000Z`, on a day that
 * exists. */
export function isInstant(text: string): boolean {
  if (!FORMAT.test(text)) return false;
  // `Date` rolls 30 February over to March, so a day that does not exist comes back as another text.
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
