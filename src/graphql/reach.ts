/** How far a subscription to a list looks beyond the rows themselves: by that it is decided which events change what it shows. */
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type GraphQLCompositeType,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql';
import type { Reach } from '../live/list/concern.ts';
import type { SubjectType } from '../store/event-log.ts';

export interface SelectionReach extends Reach {
  /** Where it is asked whether something is overdue, which changes with the time: nowhere, of the rows only, or of what they lead to. */
  readonly overdue: 'NOWHERE' | 'ROWS' | 'BEYOND';
  /** The names of the fields that are selected of the message itself. */
  readonly fields: ReadonlySet<string>;
}

/** Where a selection stands. */
interface Place {
  /** How many fields above it; 0: the message, 1: its changes, 2: a row. */
  readonly depth: number;
  /** How often an entity’s executions were entered on the way. */
  readonly leaps: number;
  /** Whether it is an entity that need not be one of the row’s execution. */
  readonly isElsewhere: boolean;
}

/** People change seldom, and are named in texts too. */
const ALWAYS: readonly SubjectType[] = ['USER', 'TEAM', 'ORGANIZATION'];
/** What is designed names each other, and what is wrong with it depends on what it names. */
const DESIGNED: readonly SubjectType[] = [
  'DEFINITION',
  'CLOSING_REASON',
  'AUTOMATION',
  'WEBHOOK_ENDPOINT',
  'JOURNEY',
];
const MESSAGES: readonly SubjectType[] = ['DELIVERY', 'WEBHOOK_ENDPOINT'];
const JOURNEYS: readonly SubjectType[] = ['JOURNEY', 'JOURNEY_SESSION', 'JOURNEY_SUBMISSION'];
/** What has no execution, by the types that show it. */
const SUBJECTS_OF: ReadonlyMap<string, readonly SubjectType[]> = new Map([
  ['WorkflowDefinition', DESIGNED],
  ['DefinitionVersion', DESIGNED],
  ['Automation', DESIGNED],
  ['AutomationVersion', DESIGNED],
  ['Delivery', MESSAGES],
  ['Absence', ['ABSENCE']],
  ['Journey', JOURNEYS],
  ['JourneySession', JOURNEYS],
  ['JourneySubmission', JOURNEYS],
]);
/** Fields that lead to executions, or runs of them, that need have nothing to do with the row: a run’s entity may be none of its execution’s. */
const ANYWHERE: ReadonlySet<string> = new Set([
  'Automation.runs',
  'AutomationRunTrigger.event',
  'Delivery.event',
  'Entity.automationRuns',
  'Entity.journeySubmissions',
  'Event.automationRun',
  'Journey.submissions',
  'JourneySubmission.startedExecutions',
]);
/** Types with an entity that need not be one of an execution. */
const HAS_OWN_ENTITY: ReadonlySet<string> = new Set(['AutomationRun', 'JourneySession', 'JourneySubmission']);
/** What of a user only they see, and changes with what they are told. */
const OF_NOTIFICATIONS: ReadonlySet<string> = new Set(['notifications', 'unreadNotificationCount']);
/** What follows from what becomes of messages. */
const OF_MESSAGES: ReadonlySet<string> = new Set(['Confirmation.mailStatus']);

/** What follows from who is absent. */
const OF_ABSENCES: ReadonlySet<string> = new Set([
  'User.absences',
  'User.absentUntil',
  'User.isAbsent',
  'User.standsInFor',
  'User.substitute',
  'Task.viewerActsFor',
]);

/** The reach of the field that is subscribed to. */
export function reachOf({ schema, fragments, fieldNodes, returnType }: GraphQLResolveInfo): SelectionReach {
  const fields = new Set<string>();
  let through: Reach['through'] = 'ROWS';
  let overdue: SelectionReach['overdue'] = 'NOWHERE';
  const subjects = new Set(ALWAYS);

  function enterField(
    parent: GraphQLCompositeType,
    name: string,
    inner: SelectionSetNode | undefined,
    place: Place,
  ) {
    const { depth } = place;
    if (depth === 0) fields.add(name);
    if (parent.name === 'User' && OF_NOTIFICATIONS.has(name)) subjects.add('NOTIFICATION');
    if (OF_MESSAGES.has(`${parent.name}.${name}`)) subjects.add('DELIVERY');
    if (OF_ABSENCES.has(`${parent.name}.${name}`)) subjects.add('ABSENCE');
    if (name === 'isOverdue') overdue = depth === 2 && overdue !== 'BEYOND' ? 'ROWS' : 'BEYOND';
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = field && getNamedType(field.type);
    if (!inner || !type || !isCompositeType(type)) return;
    // What an entity leads to is its executions, and what happened in them.
    const leaps = place.leaps + (parent.name === 'Entity' ? 1 : 0);
    if (leaps > 0 && through === 'ROWS') through = 'ENTITIES';
    if (leaps > 0 && type.name === 'Entity') through = 'ANYTHING';
    if (place.isElsewhere || ANYWHERE.has(`${parent.name}.${name}`)) through = 'ANYTHING';
    const isElsewhere = HAS_OWN_ENTITY.has(parent.name) && type.name === 'Entity';
    if (isElsewhere) subjects.add('ENTITY');
    enter(type, inner, { depth: depth + 1, leaps, isElsewhere });
  }

  function enter(type: GraphQLCompositeType, { selections }: SelectionSetNode, place: Place): void {
    for (const subject of SUBJECTS_OF.get(type.name) ?? []) subjects.add(subject);
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        enterField(type, selection.name.value, selection.selectionSet, place);
        continue;
      }
      const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      const condition = part?.typeCondition && schema.getType(part.typeCondition.name.value);
      if (part) enter(isCompositeType(condition) ? condition : type, part.selectionSet, place);
    }
  }

  const root = getNamedType(returnType);
  for (const { selectionSet } of fieldNodes) {
    if (selectionSet && isCompositeType(root))
      enter(root, selectionSet, { depth: 0, leaps: 0, isElsewhere: false });
  }
  return { through, subjects, overdue, fields };
}
