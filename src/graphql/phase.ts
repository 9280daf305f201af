/** Phases: the named stages of an execution. */
import { builder } from './builder.ts';
import { PhaseStatusEnum } from './enums.ts';
import { AssigneeUnion, resolveAssignees } from './people.ts';
import { ProgressRef } from './progress.ts';
import { PhaseRef, TaskRef } from './refs.ts';

builder.node(PhaseRef, {
  description: 'A named stage of an execution: a group of tasks.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id, { loaders }) => loaders.phases.load(id),
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key in the definition.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    position: t.exposeInt('position', { description: 'Its place among the phases, from 0.' }),
    status: t.field({
      type: PhaseStatusEnum,
      description: 'Follows from its tasks.',
      resolve: ({ status }) => status,
    }),
    progress: t.field({
      type: ProgressRef,
      description: 'How many of its tasks are finished.',
      resolve: ({ progress }) => progress,
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished.',
      resolve: ({ dueAt }) => dueAt,
    }),
    labels: t.exposeStringList('labels', { description: 'Its labels, from the definition.' }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible for the phase as a whole.',
      resolve: ({ assignees }, _args, context) => resolveAssignees(assignees, context),
    }),
    tasks: t.field({
      type: [TaskRef],
      complexity: { multiplier: 8 },
      description: 'Its tasks, top to bottom.',
      resolve: async ({ executionId, id }, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(executionId);
        return snapshot?.tasks.filter(({ phaseId }) => phaseId === id) ?? [];
      },
    }),
    version: t.exposeInt('version', { description: 'Rises by one with every change.' }),
  }),
});
