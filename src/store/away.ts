/** Whether the database was away, as opposed to refusing something. */

/** Of sockets: https://nodejs.org/api/errors.html#common-system-errors */
const SOCKET_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
]);
/** Of PostgreSQL (admin_shutdown, crash_shutdown, cannot_connect_now) and of Prisma (server or connection out of reach). */
const SERVER_CODES = /^(08...|57P0[1-3]|P10(01|02|08|17))$/;
/** What pg says without a code. */
const MESSAGES = /^Connection terminated|^timeout exceeded when trying to connect|not queryable/;

/** Whether the error says that the database could not be reached or has gone away in the middle; trying again later may help. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    SOCKET_CODES.has(code) ||
    SERVER_CODES.test(code) ||
    MESSAGES.test(error.message) ||
    (error.cause !== undefined && isDatabaseAway(error.cause))
  );
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html: transaction rollback, insufficient resources, object not in prerequisite state, operator intervention.
const PASSING_CODES = /^(40|53|55|57)/;

/** Whether the same may go well later: the database was away, or had no time or no room for it. */
export function isWorthTryingAgain(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return isDatabaseAway(error) || PASSING_CODES.test(code);
}
