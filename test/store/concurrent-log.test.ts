import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { saveDefinitionDraft } from '../../src/commands/definitions.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { times } from '../support/collide.ts';
import { taskEvent } from '../support/live-fixture.ts';
import { expectSound, readLog, readStates } from '../support/log.ts';
import { definition, phased } from '../support/workflow.ts';
import { command, entity, keyOf, publish, start } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
// The log has the last word after every test, whatever the test itself looked at.
afterEach(async () => {
  for (const { organizationId } of [api.admin, api.otherAdmin])
    await expectSound(api.database, organizationId);
});

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const TWO_PHASES = phased('first: a b c', 'second: d e');

function log() {
  return readLog(api.database, api.admin.organizationId);
}

describe('starts and publications', () => {
  test('many starts with one key start one execution', async () => {
    const input = {
      definitionId: await publish(api, TWO_PHASES),
      entityId: await entity(api),
      idempotencyKey: 'start-once',
    };
    const answers = await Promise.all(times(12, () => command(api, api.member, 'startExecution', input)));
    expect(new Set(answers.map(({ execution }) => execution?.id)).size).toBe(1);
    const starts = (await log()).filter(
      ({ type, entityIds }) => type === 'EXECUTION_STARTED' && entityIds.includes(keyOf(input.entityId)),
    );
    expect(starts).toHaveLength(1);
    const other = await command(api, api.member, 'startExecution', { ...input, name: 'Another' });
    expect(other.__typename).toBe('IdempotencyConflictProblem');
  });

  async function save(definitionId: string, content: Partial<DefinitionContent>): Promise<void> {
    const saved = await saveDefinitionDraft(api.context(api.designer), {
      definitionId: keyOf(definitionId),
      content: definition(content),
    });
    expect(saved.ok).toBe(true);
  }

  async function publishedNumber(definitionId: string): Promise<number | undefined> {
    const { published } = await command<{ published?: { number: number } }>(
      api,
      api.designer,
      'publishDefinition',
      { definitionId },
      '... on PublishDefinitionPayload { published { number } }',
    );
    return published?.number;
  }

  test('many publications of one draft make one version', async () => {
    const definitionId = await publish(api, phased('first: a'));
    await save(definitionId, phased('first: b'));
    expect(await Promise.all(times(8, () => publishedNumber(definitionId)))).toEqual(times(8, () => 2));
  });

  test('publications between changes of the draft are numbered one after the other', async () => {
    const definitionId = await publish(api, phased('first: a'));
    await Promise.all(
      times(12, async (index) => {
        await save(definitionId, phased(`first: task-${index}`));
        await publishedNumber(definitionId);
      }),
    );
    const numbers = (await log()).flatMap(({ type, subjectId, data }) =>
      type === 'DEFINITION_PUBLISHED' && subjectId === keyOf(definitionId) ? [data['publishedNumber']] : [],
    );
    expect(numbers.length).toBeGreaterThan(2);
    expect(numbers).toEqual(times(numbers.length, (index) => index + 1));
  });
});

describe('the log', () => {
  test('is numbered for each organization by itself, and what is rolled back leaves no gap', async () => {
    const ours = await start(api, TWO_PHASES);
    const viewer = api.otherAdmin;
    const theirs = await start(api, TWO_PHASES, {
      viewer,
      definitionId: await publish(api, TWO_PHASES, viewer),
      entityId: await entity(api, { viewer }),
    });
    const scope = {
      organizationId: api.admin.organizationId,
      actorId: null,
      now: '2026-03-02T09:00:00.000Z',
    };
    const rolledBack = (): Promise<void> =>
      expect(
        api.database.transaction(scope, (tx) => {
          tx.record(taskEvent({}), taskEvent({}));
          return Promise.reject(new Error('changed my mind'));
        }),
      ).rejects.toThrow('changed my mind');
    // Here the statement fails that has taken the numbers already.
    const broken = (): Promise<void> =>
      expect(
        api.database.transaction(scope, (tx) => {
          tx.record(taskEvent({}), taskEvent({ version: 2 ** 40 }));
          return Promise.resolve();
        }),
      ).rejects.toThrow('out of range');
    const before = (await log()).length;
    await Promise.all(
      KEYS.flatMap((key) => [
        command(api, api.member, 'completeTask', { taskId: ours.task(key) }),
        command(api, viewer, 'completeTask', { taskId: theirs.task(key) }),
        command(api, api.member, 'completeTask', { taskId: theirs.task(key) }),
        rolledBack(),
        broken(),
      ]),
    );
    const since = (await log()).slice(before);
    expect(new Set(since.map(({ executionId }) => executionId))).toEqual(new Set([keyOf(ours.id)]));
    const states = await readStates(api.database, viewer.organizationId, [keyOf(theirs.id)]);
    expect(states.get(keyOf(theirs.id))?.execution.status).toBe('DONE');
  });

  test('has the events of one change side by side', async () => {
    const runnings = await Promise.all(times(3, () => start(api, TWO_PHASES)));
    const before = (await log()).length;
    await Promise.all(
      runnings.flatMap((running) =>
        KEYS.map((key) => command(api, api.member, 'completeTask', { taskId: running.task(key) })),
      ),
    );
    const changes: Set<string | null>[] = [];
    for (const { type, executionId } of (await log()).slice(before)) {
      if (type === 'TASK_COMPLETED') changes.push(new Set());
      changes.at(-1)?.add(executionId);
    }
    expect(changes.map(({ size }) => size)).toEqual(times(15, () => 1));
  });
});
