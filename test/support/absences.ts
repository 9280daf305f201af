/** Absences over the API in few words, and the job that tells when they begin and end. */
import type { Viewer } from '../../src/commands/viewer.ts';
import { followAbsences } from '../../src/worker/follow-absences.ts';
import type { TestApi } from './api.ts';
import { silentLog } from './live-fixture.ts';
import { command, userId, type Answered } from './workflows.ts';

/** What a mutation on an absence answered. */
export interface AbsenceAnswer extends Answered {
  readonly absence?: { readonly id: string; readonly status: string; readonly version: number } | null;
  readonly absenceId?: string;
}

const PAYLOADS = ['CreateAbsence', 'UpdateAbsence', 'EndAbsence']
  .map((name) => `... on ${name}Payload { absence { id status version } }`)
  .map((text, index) => [['createAbsence', 'updateAbsence', 'endAbsence'][index] ?? '', text] as const);

/** Gives one of the three mutations; answers its payload or problem. */
export function absenceCommand(
  api: TestApi,
  viewer: Viewer,
  mutation: 'createAbsence' | 'updateAbsence' | 'endAbsence',
  input: Readonly<Record<string, unknown>>,
): Promise<AbsenceAnswer> {
  const selection = PAYLOADS.find(([name]) => name === mutation)?.[1] ?? '';
  const overlap = '... on AbsenceOverlapsProblem { absenceId }';
  return command(
    api,
    viewer,
    mutation,
    input,
    mutation === 'endAbsence' ? selection : `${selection} ${overlap}`,
  );
}

/** The viewer is out of office on these days and names these; answers the absence's id. */
export async function goAway(
  api: TestApi,
  viewer: Viewer,
  firstDay: string,
  lastDay: string,
  substitutes: readonly Viewer[],
): Promise<string> {
  const substituteIds = substitutes.map(userId);
  const input = { firstDay, lastDay, substituteIds };
  const { absence, message } = await absenceCommand(api, viewer, 'createAbsence', input);
  if (!absence) throw new Error(`refused: ${message ?? ''}`);
  return absence.id;
}

/** The viewer is back. */
export async function comeBack(api: TestApi, viewer: Viewer, absenceId: string): Promise<void> {
  const { absence, message } = await absenceCommand(api, viewer, 'endAbsence', { absenceId });
  if (!absence) throw new Error(`refused: ${message ?? ''}`);
}

/** Does what the job of a server with this clock does when the time has come. */
export function follow({
  database,
  clock,
}: Pick<TestApi, 'database'> & { readonly clock: { now(): Date } }): Promise<void> {
  return followAbsences({ database, clock: () => clock.now(), log: silentLog });
}
