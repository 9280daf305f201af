import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import { asTold } from '../model/invariants.ts';
import { foldLog, readLog, readStates } from '../support/log.ts';
import { branch, decision, edge, equals, phase, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

test('everything that an execution can hold is stored as it was: decisions, loops, schedules, rules, references', async () => {
  const dueRule = {
    amount: 2,
    unit: 'WORKING_DAYS',
    anchor: 'EXECUTION_STARTED',
    taskKey: null,
    phaseKey: null,
  } as const;
  const schedule: ScheduleRule = {
    anchor: 'REACHED',
    direction: 'AFTER',
    amount: 1,
    unit: 'DAYS',
    taskKey: null,
    path: null,
    entitySchema: null,
  };
  const owner = { type: 'VARIABLE', id: '{{entity.owner}}' } as const;
  const branches = [
    branch('again', { statements: [equals('state', 'open')] }),
    branch('on', { isDefault: true }),
    branch('never', { statements: [equals('state', 'never')] }),
  ];
  const loop = { branchKey: 'again', exitBranchKey: 'on', maxIterations: 2 };
  const entityId = await shop.entity({ state: 'open' });
  const id = await shop.start(
    {
      dueRule,
      assignees: [owner],
      phases: [phase('first', { dueRule, assignees: [owner] })],
      tasks: [
        task('a', { phaseKey: 'first', dueRule, assignees: [owner] }),
        decision('d', branches, { mode: 'AUTOMATIC', loop }),
        task('wait', { schedule }),
        task('dead', {
          type: 'AUTOMATION',
          automation: { automationId: 'mail', mode: 'AUTOMATIC', inputTaskKey: null },
          journey: { journeyId: 'form', completesTask: true },
        }),
      ],
      edges: [edge('a > d'), edge('d =again> a'), edge('d =on> wait'), edge('d =never> dead')],
    },
    [entityId],
  );
  for (const _turn of [1, 2, 3]) {
    shop.clock.advance(60_000);
    await shop.give(id, 'a', 'COMPLETE_TASK');
  }
  const states = await readStates(shop.database, shop.viewer.organizationId, [id]);
  const state = states.get(id);
  expect(state && asTold(state)).toEqual(
    foldLog(await readLog(shop.database, shop.viewer.organizationId), id),
  );
  const byKey = new Map(state?.tasks.map((item) => [item.key, item]));
  expect(byKey.get('d')).toMatchObject({
    status: 'COMPLETED',
    iterations: 2,
    decided: { isMaximumReached: true },
  });
  expect(byKey.get('wait')).toMatchObject({ status: 'SCHEDULED' });
  expect(byKey.get('dead')).toMatchObject({ status: 'SKIPPED', skipReason: 'BRANCH_NOT_TAKEN' });
  expect(byKey.get('a')).toMatchObject({ assignees: [owner], assigneeRule: [owner], dueRule });
  expect(state?.execution).toMatchObject({ dueRule, wakeAt: byKey.get('wait')?.scheduledFor });
});
