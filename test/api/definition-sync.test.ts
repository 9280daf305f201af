import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { readContents, savedDraft } from '../support/definition-contents.ts';
import { changed, someContent } from '../support/definitions.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

test('Sync rules are kept in their order', async () => {
  const visited = {
    event: 'TASK_COMPLETED',
    taskKey: 'call',
    entitySchema: 'order',
    path: 'flow.called',
    source: 'CUSTOM_VALUE',
    customValue: 'yes',
  } as const;
  const owners = {
    event: 'PHASE_STARTED',
    phaseKey: 'plan',
    entitySchema: 'contact',
    path: 'owners',
    source: 'PHASE_ASSIGNEES',
  } as const;
  const { entitySync } = await savedDraft(api, { entitySync: [visited, owners] });
  expect(entitySync).toEqual([
    { ...visited, phaseKey: null },
    { ...owners, taskKey: null, customValue: null },
  ]);
});

describe('Sync presets', () => {
  const presets = (['EXECUTION_STATUS', 'CURRENT_TASK', 'CURRENT_PHASE'] as const).map((preset) => ({
    preset,
    entitySchema: 'order',
    path: preset.toLowerCase(),
  }));
  const own = {
    event: 'EXECUTION_ASSIGNED',
    entitySchema: 'order',
    path: 'owner',
    source: 'EXECUTION_ASSIGNEES',
  } as const;

  test('are saved as their rules, before the others', async () => {
    const { entitySync } = await savedDraft(api, { entitySyncPresets: presets, entitySync: [own] });
    expect(entitySync.map(({ event, path, source }) => `${event} ${path} ${source}`)).toEqual([
      'EXECUTION_STARTED execution_status EXECUTION_STATUS',
      'EXECUTION_DONE execution_status EXECUTION_STATUS',
      'EXECUTION_CLOSED execution_status EXECUTION_STATUS',
      'EXECUTION_REOPENED execution_status EXECUTION_STATUS',
      'CURRENT_TASK_CHANGED current_task TASK_NAME',
      'CURRENT_TASK_CHANGED current_phase PHASE_NAME',
      'EXECUTION_ASSIGNED owner EXECUTION_ASSIGNEES',
    ]);
  });

  test('saved again with the rules that they became change nothing', async () => {
    const { id } = await changed(api, api.designer, 'createDefinition', {
      content: someContent({ entitySyncPresets: presets, entitySync: [own] }),
    });
    const { entitySync } = (await readContents(api, id)).draft;
    const saved = await changed(api, api.designer, 'saveDefinitionDraft', {
      definitionId: id,
      content: someContent({ entitySyncPresets: presets, entitySync }),
    });
    expect(saved.version).toBe(1);
  });
});
