import { StartError } from '../src/start-error.ts';

interface Person {
  readonly externalId: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/**
 * The person with this id or name, in upper or lower case.
 *
 * @throws {StartError} that lists everybody if there is none, or no name is given.
 */
export function findDemoPerson<P extends Person>(everybody: readonly P[], wanted: string): P {
  const key = wanted.trim().toLowerCase();
  const found = everybody.find(({ externalId, name }) =>
    [externalId, name].some((text) => text.toLowerCase() === key),
  );
  if (found) return found;
  const list = everybody.map(
    ({ externalId, name, roles }) => `  ${externalId}: ${name}, ${roles.join(', ')}`,
  );
  const complaint = key ? `There is no demo user "${wanted}". They are:` : 'Whose token? Name one of:';
  throw new StartError([complaint, ...list].join('\n'));
}
