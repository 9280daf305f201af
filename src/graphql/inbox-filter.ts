/** Which tasks of an inbox, and in which order: the arguments that the list shares with its live form. */
import type { TaskStatus } from '../engine/state.ts';
import type { DueBucket, InboxFilter, InboxOrder } from '../store/inbox.ts';
import { builder } from './builder.ts';
import { TaskStatusEnum } from './enums.ts';
import { argumentKeys, limitArgumentList } from './ids.ts';
import { searchText } from './keyset.ts';

const OPEN: readonly TaskStatus[] = ['PENDING', 'IN_PROGRESS', 'ON_HOLD'];

const DueBucketEnum = builder.enumType('DueBucket', {
  description:
    'When a task is due, seen from now in the organization’s time zone. Each task is in exactly one.',
  values: {
    OVERDUE: { description: 'Its date has passed.' },
    TODAY: { description: 'Later today.' },
    THIS_WEEK: { description: 'After today, until Sunday.' },
    LATER: { description: 'After this week.' },
    WITHOUT_DATE: { description: 'It has no due date.' },
  } as const,
});

const TaskFilterInput = builder.inputType('TaskFilter', {
  description: 'Which tasks of an inbox; all given conditions must hold.',
  fields: (t) => ({
    statuses: t.field({
      type: [TaskStatusEnum],
      description: 'With one of these statuses; PENDING, IN_PROGRESS and ON_HOLD if left out.',
    }),
    due: t.field({ type: [DueBucketEnum], description: 'Due at one of these times.' }),
    definitionIds: t.idList({
      description: 'Of executions of one of these WorkflowDefinitions, at most 100.',
    }),
    entityIds: t.idList({
      description: 'Of executions on, or related to, one of these Entities, at most 100.',
    }),
    phaseKeys: t.stringList({ description: 'In a phase with one of these keys, at most 100.' }),
    search: t.string({
      description:
        'With this text in the task’s or execution’s name or the entity’s title, in any case of letters.',
    }),
    isEnabled: t.boolean({ description: 'Only those that can be worked on now, or only those that can’t.' }),
  }),
});

const TaskOrderFieldEnum = builder.enumType('TaskOrderField', {
  description: 'By what the tasks of an inbox are ordered.',
  values: {
    DUE_AT: { description: 'By due date; tasks without one come last in either direction.' },
    STARTED_AT: { description: 'By the start of their execution.' },
    NAME: { description: 'By name.' },
  } as const,
});

const OrderDirectionEnum = builder.enumType('OrderDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { description: 'The smallest, earliest.' },
    DESC: { description: 'The largest, latest.' },
  } as const,
});

const TaskOrderInput = builder.inputType('TaskOrder', {
  description: 'The order of an inbox.',
  fields: (t) => ({
    field: t.field({ type: TaskOrderFieldEnum, required: true, description: 'By what.' }),
    direction: t.field({
      type: OrderDirectionEnum,
      defaultValue: 'ASC',
      description: 'Which end comes first.',
    }),
  }),
});

function phaseKeys(keys: readonly string[] | null | undefined): string[] | null {
  if (!keys) return null;
  limitArgumentList('filter.phaseKeys', keys);
  return keys.map((key) => searchText('filter.phaseKeys', key) ?? '');
}

/** What is asked of an inbox, whoever’s it is; ends the field with BAD_USER_INPUT where it can’t be asked. */
export function toFilter(
  input: typeof TaskFilterInput.$inferInput | null | undefined,
): Omit<InboxFilter, 'assigneeIds'> {
  return {
    statuses: (input?.statuses as TaskStatus[] | null | undefined) ?? OPEN,
    due: (input?.due as DueBucket[] | null | undefined) ?? null,
    definitionIds: argumentKeys('filter.definitionIds', 'WorkflowDefinition', input?.definitionIds),
    entityIds: argumentKeys('filter.entityIds', 'Entity', input?.entityIds),
    phaseKeys: phaseKeys(input?.phaseKeys),
    search: searchText('filter.search', input?.search),
    isEnabled: input?.isEnabled ?? null,
  };
}

/** By due date, the first one first, unless told. */
export function toOrder(input: typeof TaskOrderInput.$inferInput | null | undefined): {
  readonly order: InboxOrder;
  readonly isDescending: boolean;
} {
  return { order: input?.field ?? 'DUE_AT', isDescending: input?.direction === 'DESC' };
}

/** Whose inbox, which tasks, in which order. */
export function inboxArguments() {
  return builder.args((t) => ({
    assignee: t.id({
      description: 'Whose: the id of a User (their teams included) or a Team; the viewer if left out.',
    }),
    filter: t.field({ type: TaskFilterInput, description: 'Which tasks; all open ones if left out.' }),
    orderBy: t.field({ type: TaskOrderInput, description: 'Their order; by due date if left out.' }),
  }));
}
