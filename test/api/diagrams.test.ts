import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { branch, decision, edge, task } from '../support/workflow.ts';
import { done, draft, start } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const CONTENT = {
  tasks: [
    decision('which', [branch('left', { isDefault: true }), branch('right')]),
    task('turn left'),
    task('turn right'),
  ],
  edges: [edge('which =left> turn left'), edge('which =right> turn right')],
};

const DEFINITION = `query ($id: ID!) {
  workflowDefinition(id: $id) { diagram draft { diagram } published { content { diagram } } }
}`;

interface DefinitionDiagrams {
  readonly workflowDefinition: {
    readonly diagram: string;
    readonly draft: { readonly diagram: string };
    readonly published: { readonly content: { readonly diagram: string } } | null;
  };
}

async function definitionDiagrams(id: string): Promise<DefinitionDiagrams['workflowDefinition']> {
  return (await api.data<DefinitionDiagrams>(api.member, DEFINITION, { id })).workflowDefinition;
}

const EXECUTION = `query ($id: ID!) { workflowExecution(id: $id) { diagram tasks { name } phases { name } } }`;

async function executionDiagram(id: string): Promise<string> {
  const { workflowExecution } = await api.data<{ workflowExecution: { diagram: string } }>(
    api.member,
    EXECUTION,
    { id },
  );
  return workflowExecution.diagram;
}

describe('The diagram of a definition', () => {
  test('is that of the draft before anything is published', async () => {
    const { diagram, draft: edited } = await definitionDiagrams(await draft(api, CONTENT));
    expect(diagram).toContain('t1 -->|"left (default)"| t2');
    expect(diagram).toBe(edited.diagram);
  });

  test('is that of the published version, however the draft goes on', async () => {
    const { definitionId } = await start(api, CONTENT);
    const content = { name: 'Turn', tasks: [{ key: 'only', name: 'Only one task' }] };
    await done(api, api.designer, 'saveDefinitionDraft', { definitionId, content });
    const { diagram, draft: edited, published } = await definitionDiagrams(definitionId);
    expect(edited.diagram).toContain('t1["Only one task"]');
    expect(diagram).toContain('t2["turn left"]');
    expect(diagram).toBe(published?.content.diagram);
  });
});

describe('The diagram of an execution', () => {
  test('goes with its tasks', async () => {
    const running = await start(api, CONTENT);
    const { id } = running;
    expect(await executionDiagram(id)).toContain('t1{{"which\nwaits for a decision"}}');
    await done(api, api.member, 'decideTask', { taskId: running.task('which'), branchKeys: ['right'] });
    const diagram = await executionDiagram(id);
    expect(diagram).toContain('t1{{"which\ncompleted"}}');
    expect(diagram).toContain('t2["turn left\nnot needed"]');
    expect(diagram).toMatch(/linkStyle 2 .*stroke-width:4px/);
  });

  test('takes no statement of its own where its tasks are read', async () => {
    const { id } = await start(api, CONTENT);
    api.resetStatements();
    await api.data(api.member, EXECUTION.replace('diagram', ''), { id });
    const without = api.statements().length;
    api.resetStatements();
    await executionDiagram(id);
    expect(api.statements()).toHaveLength(without);
  });
});
