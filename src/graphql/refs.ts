/**
 * The objects of the graph, declared without their fields, so that the noun files can speak of each other without importing each
 * other. Each noun's own file adds its fields.
 */
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import type { Blocker } from '../engine/result.ts';
import type { RunRecord } from '../store/automation-runs.ts';
import type { SessionRecord } from '../store/journey-sessions.ts';
import type { SubmissionRecord } from '../store/journey-submissions.ts';
import type { JourneyRecord } from '../store/journeys.ts';
import type { StoredEvent } from '../store/event-log.ts';
import type { EntityRecord } from '../store/entities.ts';
import type { ExecutionRecord, PhaseRecord, TaskRecord } from '../store/execution-records.ts';
import { builder } from './builder.ts';

export const OrganizationRef = builder.prismaNode('Organization', {
  description: 'The tenant: everything belongs to one, and nobody sees anything of another.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id: viewer.organizationId, AND: { id } }),
  fields: () => ({}),
});

export const UserRef = builder.prismaNode('User', {
  description:
    'A person: a colleague, or someone of a partner company who sees only what is shared with them.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  // Otherwise an id that does not exist would be an error in `node`.
  nullable: true,
  // Also of users who are met elsewhere, for fields that have to be read: whom a viewer may look up by an id, `known-people.ts` says.
  findUnique: (id, { viewer }) => ({
    organizationId_id: { organizationId: viewer.organizationId, id },
  }),
  fields: () => ({}),
});

export const TeamRef = builder.prismaNode('Team', {
  description: 'A named group of users. A task that is assigned to a team can be claimed by a member.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({
    organizationId_id: { organizationId: viewer.organizationId, id },
  }),
  fields: () => ({}),
});

export const ClosingReasonRef = builder.prismaNode('ClosingReason', {
  description:
    'Why an execution may be closed early: an entry of the organization’s catalogue. Partners can’t read it.',
  authScopes: { work: true },
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({ organizationId_id: { organizationId: viewer.organizationId, id } }),
  fields: () => ({}),
});

export const WorkflowDefinitionRef = builder.prismaNode('Definition', {
  name: 'WorkflowDefinition',
  description:
    'What a workflow looks like: one editable draft and its immutable published versions. Partners can’t read it.',
  authScopes: { work: true },
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({ organizationId_id: { organizationId: viewer.organizationId, id } }),
  fields: () => ({}),
});

export const DefinitionVersionRef = builder.prismaNode('DefinitionVersion', {
  description: 'A published state of a definition; it never changes. Partners can’t read it.',
  authScopes: { work: true },
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({ organizationId_id: { organizationId: viewer.organizationId, id } }),
  fields: () => ({}),
});

export const AutomationRef = builder.prismaNode('Automation', {
  description:
    'Something that happens by itself: what sets it off, and what is done then, step by step. One editable draft and its immutable published versions. Partners can’t read it.',
  authScopes: { work: true },
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({ organizationId_id: { organizationId: viewer.organizationId, id } }),
  fields: () => ({}),
});

export const AutomationVersionRef = builder.prismaNode('AutomationVersion', {
  description: 'A published state of an automation; it never changes. Partners can’t read it.',
  authScopes: { work: true },
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({ organizationId_id: { organizationId: viewer.organizationId, id } }),
  fields: () => ({}),
});

/** Whoever does not see the execution does not see its notes, also not by their ids. The rule of `visibleThrough` (store/visibility.ts), as Prisma says it. */
function visibleNote(viewer: Viewer) {
  const scope = visibilityScope(viewer);
  if (scope === null) return {};
  const ids = { in: [...scope] };
  const isTheirs = { assignees: { some: { OR: [{ userId: ids }, { teamId: ids }] } } };
  return { task: { execution: { tasks: { some: isTheirs } } } };
}

export const NoteRef = builder.prismaNode('Note', {
  description: 'A comment on a task.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  nullable: true,
  findUnique: (id, { viewer }) => ({
    organizationId_id: { organizationId: viewer.organizationId, id },
    ...visibleNote(viewer),
  }),
  fields: () => ({}),
});

export const EntityRef = builder.objectRef<EntityRecord>('Entity');
export const WorkflowExecutionRef = builder.objectRef<ExecutionRecord>('WorkflowExecution');
export const PhaseRef = builder.objectRef<PhaseRecord>('Phase');
export const TaskRef = builder.objectRef<TaskRecord>('Task');
export const EventRef = builder.objectRef<StoredEvent>('Event');
export const AutomationRunRef = builder.objectRef<RunRecord>('AutomationRun');
export const JourneyRef = builder.objectRef<JourneyRecord>('Journey');
export const JourneySessionRef = builder.objectRef<SessionRecord>('JourneySession');
export const JourneySubmissionRef = builder.objectRef<SubmissionRecord>('JourneySubmission');

/** A blocker of one task, with the execution in which it is. */
export interface BlockerShape {
  readonly executionId: string;
  readonly blocker: Blocker;
}
