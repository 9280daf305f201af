/** An instant for people, on the wall clock of a time zone: `3 March 2026 at 10:00`. */
export function dateText(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'long', timeStyle: 'short' }).format(
    new Date(instant),
  );
}
