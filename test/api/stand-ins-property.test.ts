/** For all absences: the inbox of everybody, at every time, is what it is by its definition. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { comeBack, goAway } from '../support/absences.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { readInbox } from '../support/inbox.ts';
import { task } from '../support/workflow.ts';
import { done, start, team, userId } from '../support/workflows.ts';

const AS_PARTNER = { roles: ['partner'], kind: 'PARTNER' } as const;
/** Three colleagues, and three partners of two companies. */
const COMPANIES = [null, null, null, 'Dach', 'Dach', 'Rohr'] as const;
const TEAMS = [
  [0, 3],
  [1, 2, 4],
] as const;
const MORNING = Date.parse('2026-03-02T09:00:00.000Z');
const DAY_MS = 86_400_000;

let api: TestApi;
let people: readonly Viewer[];
/** Of each task whose it is: people by number, teams by theirs. */
const TASKS: readonly { readonly people: readonly number[]; readonly teams: readonly number[] }[] = [
  ...COMPANIES.map((_company, index) => ({ people: [index], teams: [] })),
  { people: [0, 4], teams: [] },
  { people: [5], teams: [0] },
  { people: [2], teams: [1] },
  { people: [], teams: [0, 1] },
];

const now = ({ name, roles }: Viewer): Promise<Viewer> =>
  api.viewer(name, roles.includes('partner') ? AS_PARTNER : {});

beforeAll(async () => {
  api = await createTestApi();
  people = await Promise.all(
    COMPANIES.map((company, index) => api.viewer(`person-${index}`, company === null ? {} : AS_PARTNER)),
  );
  for (const [index, company] of COMPANIES.entries())
    if (company !== null)
      await done(api, api.admin, 'updateUser', { userId: userId(people[index] as Viewer), company });
  const teams = await Promise.all(
    TEAMS.map((members) =>
      team(
        api,
        members.map((one) => people[one] as Viewer),
      ),
    ),
  );
  await start(api, {
    tasks: TASKS.map((whose, index) =>
      task(`task-${index}`, {
        assignees: [
          ...whose.people.map((one) => ({ type: 'USER' as const, id: people[one]?.userId ?? '' })),
          ...whose.teams.map((one) => ({ type: 'TEAM' as const, id: teams[one]?.key ?? '' })),
        ],
      }),
    ),
  });
});
afterAll(() => api[Symbol.asyncDispose]());

interface PlannedAbsence {
  readonly who: number;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly substitutes: readonly number[];
}

/** Whether the second may stand in for the first. */
const fits = (one: number, other: number): boolean => one !== other && COMPANIES[one] === COMPANIES[other];

const anyAbsences = fc
  .uniqueArray(
    fc.record({
      who: fc.nat(5),
      firstDay: fc.nat(3),
      days: fc.nat(2),
      substitutes: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ who }) => who, maxLength: 5 },
  )
  .map((planned) =>
    planned.flatMap(({ days, ...absence }): PlannedAbsence[] => {
      const substitutes = absence.substitutes.filter((other) => fits(absence.who, other));
      return substitutes.length === 0 ? [] : [{ ...absence, substitutes, lastDay: absence.firstDay + days }];
    }),
  );

/** Step by step: those who were named; of these the first who is there; else whom these have named, without those who were asked already. */
function standIn(who: number, absent: ReadonlyMap<number, PlannedAbsence>): number | null {
  let named = [...(absent.get(who)?.substitutes ?? [])];
  const asked = new Set([who]);
  while (named.length > 0) {
    for (const one of named) if (!absent.has(one)) return one;
    for (const one of named) asked.add(one);
    named = named.flatMap((one) => absent.get(one)?.substitutes ?? []).filter((one) => !asked.has(one));
  }
  return null;
}

/** The names of the tasks in the inbox of somebody on the day. */
function expected(who: number, day: number, absences: readonly PlannedAbsence[]): string[] {
  const absent = new Map(
    absences.flatMap((one) => (one.firstDay <= day && day <= one.lastDay ? [[one.who, one] as const] : [])),
  );
  return TASKS.flatMap((whose, index) => {
    const isTheirs = whose.people.includes(who);
    const isTheirTeams = whose.teams.some((one) => TEAMS[one]?.some((member) => member === who));
    const isForSomebody = whose.people.some((one) => absent.has(one) && standIn(one, absent) === who);
    return isTheirs || isTheirTeams || isForSomebody ? [`task-${index}`] : [];
  }).sort();
}

function dayText(day: number): string {
  return new Date(MORNING + day * DAY_MS).toISOString().slice(0, 10);
}

test('everybody has their own tasks, those of their teams, and those of the people for whom they stand in', async () => {
  await fc.assert(
    fc.asyncProperty(anyAbsences, fc.nat(5), fc.nat(23), async (absences, day, hour) => {
      api.clock.set('2026-03-02T09:00:00.000Z');
      const ids: [Viewer, string][] = [];
      for (const { who, firstDay, lastDay, substitutes } of absences) {
        const viewer = people[who] as Viewer;
        const named = substitutes.map((one) => people[one] as Viewer);
        ids.push([viewer, await goAway(api, viewer, dayText(firstDay), dayText(lastDay), named)]);
      }
      // Berlin is an hour ahead: its day begins at 23:00.
      api.clock.set(
        new Date(Date.parse(`${dayText(day)}T00:00:00.000Z`) + (hour - 1) * 3_600_000).toISOString(),
      );
      for (const [who, viewer] of people.entries()) {
        const own = await readInbox(api, await now(viewer));
        const names = own.nodes.map(({ name }) => name).sort();
        expect([who, names]).toEqual([who, expected(who, day, absences)]);
        const byAdmin = await readInbox(api, api.admin, { assignee: userId(viewer) });
        expect([who, byAdmin.nodes.map(({ name }) => name).sort()]).toEqual([who, names]);
        expect(own.totalCount).toBe(names.length);
      }
      api.clock.set('2026-03-02T09:00:00.000Z');
      for (const [viewer, id] of ids) await comeBack(api, viewer, id);
    }),
    { numRuns: 25 },
  );
});
