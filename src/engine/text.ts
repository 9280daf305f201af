/** Text that can be kept. */

/** Whether the text holds what a database can't store: the NUL character, or half of a surrogate pair. */
export function isUnstorable(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text);
}
