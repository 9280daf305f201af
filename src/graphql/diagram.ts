/** Workflows as pictures: Mermaid text. */
import { definitionDiagram } from '../diagram/definition-diagram.ts';
import { executionDiagram } from '../diagram/execution-diagram.ts';
import type { DefinitionContent } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { DefinitionContentRef } from './definition-content.ts';
import { WorkflowDefinitionRef, WorkflowExecutionRef } from './refs.ts';

const DRAWING =
  'It is drawn wherever Mermaid 11 is; above 500 links or 50,000 characters only where its `maxEdges` and `maxTextSize` are raised.';

/** As much as a list of tasks: a diagram is made of all of them. */
const COST = 30;

builder.objectField(DefinitionContentRef, 'diagram', (t) =>
  t.string({
    description: `The workflow as a Mermaid flowchart: phases, tasks, branches, loops, requirements, schedules and due dates. ${DRAWING}`,
    complexity: COST,
    resolve: definitionDiagram,
  }),
);

builder.objectField(WorkflowDefinitionRef, 'diagram', (t) =>
  t.string({
    nullable: true,
    description: `The newest published version as a Mermaid flowchart, or the draft before the first. ${DRAWING}`,
    complexity: COST,
    resolve: async ({ id, publishedNumber, draft }, _args, { loaders }) => {
      const content =
        publishedNumber === null
          ? (draft ?? (await loaders.drafts.load(id)))
          : ((await loaders.newestVersions.load(id))?.content ?? null);
      // Only what the engine can read is saved.
      return content === null ? null : definitionDiagram(content as unknown as DefinitionContent);
    },
  }),
);

builder.objectField(WorkflowExecutionRef, 'diagram', (t) =>
  t.string({
    description: `Where it is, as a Mermaid flowchart: its tasks in the colour of their status, branches that were taken thick, and what no branch leads to faded. ${DRAWING}`,
    complexity: COST,
    resolve: async (execution, _args, { loaders }) => {
      const snapshot = await loaders.snapshots.load(execution.id);
      // Deleted meanwhile: then its lists are empty, and so is the picture.
      return executionDiagram(snapshot ?? { execution, phases: [], tasks: [] });
    },
  }),
);
