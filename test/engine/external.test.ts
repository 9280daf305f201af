/** What an EXTERNAL task may say to its workers, and what a definition with one looks like elsewhere. */
import { describe, expect, test } from 'vitest';
import { validateDefinition } from '../../src/engine/validate.ts';
import { simulate } from '../../src/engine/simulate.ts';
import { readInput, writeResult } from '../../src/engine/external-output.ts';
import type { EntitySyncRule, ExternalReference, TaskDefinition } from '../../src/engine/definition.ts';
import { PEOPLE, referencesOf } from '../support/arbitraries.ts';
import { external, externalTask } from '../support/external-tasks.ts';
import { accepted, definition, factsOf, LATER, START, startOf, task, told } from '../support/workflow.ts';

function issuesOf(...tasks: readonly TaskDefinition[]): string[] {
  return validateDefinition(definition({ tasks }), referencesOf(PEOPLE)).map(
    ({ severity, code, path }) => `${severity} ${code} ${path}`,
  );
}

describe('A task for programs', () => {
  test('needs a topic, and only such a task has one', () => {
    expect(issuesOf(externalTask('a'))).toEqual([]);
    expect(issuesOf(task('a', { type: 'EXTERNAL' }))).toEqual(['ERROR NO_TOPIC tasks[0].external']);
    expect(issuesOf(task('a', { external: external() }))).toEqual(['ERROR TYPE_MISMATCH tasks[0].external']);
  });

  const output = { source: 'a', target: 'b', entitySchema: null, mode: 'SET', isRequired: false } as const;
  test.each<[Partial<ExternalReference>, string]>([
    [{ topic: ' ' }, 'NO_TOPIC tasks[0].external.topic'],
    [{ topic: 'a '.trimStart() }, 'NO_TOPIC tasks[0].external.topic'],
    [{ topic: 'x'.repeat(201) }, 'TOO_LONG tasks[0].external.topic'],
    [{ retries: 0 }, 'OUT_OF_RANGE tasks[0].external.retries'],
    [{ retries: 101 }, 'OUT_OF_RANGE tasks[0].external.retries'],
    [{ retryAfterSeconds: [1, -1] }, 'OUT_OF_RANGE tasks[0].external.retryAfterSeconds[1]'],
    [{ leaseSeconds: 4 }, 'OUT_OF_RANGE tasks[0].external.leaseSeconds'],
    [{ input: [{ name: '', path: 'entity.a' }] }, 'EMPTY_NAME tasks[0].external.input[0].name'],
    [{ input: [{ name: 'a', path: 'entity..a' }] }, 'INVALID_PATH tasks[0].external.input[0].path'],
    [{ input: [{ name: 'a', path: 'steps.a' }] }, 'INVALID_PATH tasks[0].external.input[0].path'],
    [
      { input: ['a', 'a'].map((name) => ({ name, path: 'entityId' })) },
      'DUPLICATE_KEY tasks[0].external.input[1].name',
    ],
    [{ output: [{ ...output, source: '' }] }, 'INVALID_PATH tasks[0].external.output[0].source'],
    [{ output: [{ ...output, target: 'a[0]' }] }, 'INVALID_PATH tasks[0].external.output[0].target'],
    [{ output: [{ ...output, entitySchema: '' }] }, 'MISSING_VALUE tasks[0].external.output[0].entitySchema'],
  ])('with %o is told %s', (parts, issue) => {
    expect(issuesOf(externalTask('a', parts))).toEqual([`ERROR ${issue}`]);
  });

  test('is completed in a dry run as if a worker had', () => {
    const content = definition({ tasks: [externalTask('a')] });
    const start = {
      content,
      executionId: 'e',
      entityIds: ['entity'],
      ids: { phases: {}, tasks: { a: 'a' } },
      closingReasons: [],
    };
    const taskDuration = { amount: 1, unit: 'HOURS' } as const;
    const run = simulate({ start, answers: [], taskDuration, maxCommands: 10 }, START);
    expect(run.state.execution.status).toBe('DONE');
  });
});

test('A heartbeat changes its task, but not the execution, and no sync rule takes it for news', () => {
  const rule = { event: 'TASK_UPDATED', taskKey: 'a', phaseKey: null, entitySchema: 'order' } as const;
  const sync: EntitySyncRule = { ...rule, path: 'status', source: 'TASK_STATUS', customValue: null };
  const { state, facts } = startOf(definition({ tasks: [externalTask('a')], entitySync: [sync] }));
  const who = { workerId: 'robot', workerName: 'Robot', leaseSeconds: 60 };
  const leased = accepted(state, { type: 'LEASE_TASK', taskId: 'a', ...who }, { ...LATER, facts });
  expect(leased.entityUpdates).toHaveLength(1);
  const beat = { type: 'EXTEND_LEASE', taskId: 'a', number: 1, leaseSeconds: 300 } as const;
  // As if nothing had been written: it would be now.
  const extended = accepted(leased.state, beat, { ...LATER, facts });
  expect(told(extended.events)).toEqual(['TASK_LEASE_EXTENDED a']);
  expect(extended.entityUpdates).toEqual([]);
  const { version, wakeAt } = leased.state.execution;
  expect(extended.state.execution.version).toBe(version);
  expect(extended.state.execution.wakeAt).not.toBe(wakeAt);
  expect(extended.changes.execution).toEqual(extended.state.execution);
});

describe('The mapping', () => {
  test('hands over null for what is not there, and lists for what crosses one', () => {
    const values = {
      entity: { items: [{ n: 1 }] },
      entityId: 'x',
      entityTitle: 't',
      entitySchema: 's',
      execution: null,
      task: null,
    };
    expect(
      readInput(
        [
          { name: 'all', path: 'entity.items[*].n' },
          { name: 'none', path: 'entity.gone' },
          { name: 'id', path: 'entityId' },
        ],
        values,
      ),
    ).toEqual({ all: [1], none: null, id: 'x' });
  });

  const set = { source: 'v', target: 'a.b', entitySchema: null, mode: 'SET', isRequired: false } as const;

  test('writes what there is and leaves alone what the result lacks', () => {
    const facts = factsOf({ list: 'one' });
    const written = writeResult(
      facts,
      [
        set,
        { ...set, source: 'w', target: 'list', mode: 'APPEND' },
        { ...set, source: 'gone', target: 'kept' },
      ],
      { v: { deep: true }, w: ['two', 'three'] },
    );
    expect('facts' in written && written.facts.entities[0]?.attributes).toEqual({
      a: { b: { deep: true } },
      list: ['one', 'two', 'three'],
    });
  });

  test('names everything required that is missing, and writes nothing then', () => {
    const required = { ...set, isRequired: true };
    expect(writeResult(factsOf({}), [required, { ...required, source: 'x.y' }], { v: null })).toEqual({
      issues: [
        expect.objectContaining({ path: 'output.v', code: 'EMPTY' }),
        expect.objectContaining({ path: 'output.x.y', code: 'EMPTY' }),
      ],
    });
  });
});
