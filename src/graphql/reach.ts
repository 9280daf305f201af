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
}

/** People change seldom, and are named in texts too. */
const ALWAYS: readonly SubjectType[] = ['USER', 'TEAM', 'ORGANIZATION'];
const OF_DEFINITIONS: readonly SubjectType[] = [...ALWAYS, 'DEFINITION', 'CLOSING_REASON'];
const DEFINITIONS: ReadonlySet<string> = new Set(['WorkflowDefinition', 'DefinitionVersion']);

/** The reach of the field that is subscribed to. */
export function reachOf({ schema, fragments, fieldNodes, returnType }: GraphQLResolveInfo): SelectionReach {
  const typeNames = new Set<string>();
  const fields = new Set<string>();
  let through: Reach['through'] = 'ROWS';
  let overdue: SelectionReach['overdue'] = 'NOWHERE';

  function enterField(
    parent: GraphQLCompositeType,
    name: string,
    inner: SelectionSetNode | undefined,
    place: Place,
  ) {
    const { depth } = place;
    if (depth === 0) fields.add(name);
    if (name === 'isOverdue') overdue = depth === 2 && overdue !== 'BEYOND' ? 'ROWS' : 'BEYOND';
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = field && getNamedType(field.type);
    if (!inner || !type || !isCompositeType(type)) return;
    // What an entity leads to is its executions, and what happened in them.
    const leaps = place.leaps + (parent.name === 'Entity' ? 1 : 0);
    if (leaps > 0 && through === 'ROWS') through = 'ENTITIES';
    if (leaps > 0 && type.name === 'Entity') through = 'ANYTHING';
    enter(type, inner, { depth: depth + 1, leaps });
  }

  function enter(type: GraphQLCompositeType, { selections }: SelectionSetNode, place: Place): void {
    typeNames.add(type.name);
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
    if (selectionSet && isCompositeType(root)) enter(root, selectionSet, { depth: 0, leaps: 0 });
  }
  const hasDefinitions = [...typeNames].some((name) => DEFINITIONS.has(name));
  return { through, subjects: new Set(hasDefinitions ? OF_DEFINITIONS : ALWAYS), overdue, fields };
}
