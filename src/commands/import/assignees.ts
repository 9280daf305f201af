/** Who is responsible: ids of the other system by the mapping, and variables as they stand. */
import { uniqueAssignees } from '../../engine/assignees.ts';
import type { AssigneeRef } from '../../engine/definition.ts';
import type { Mapping } from './mapping.ts';
import { quoted } from './reason.ts';
import type { Part } from './part.ts';

/** Somebody's id, or a variable with those whom it stood for in some run. */
export type ForeignAssignee = string | { readonly variable: string; readonly value?: unknown };

const VARIABLE = /^\s*\{\{.*\}\}\s*$/;

function isText(assignee: ForeignAssignee): assignee is string {
  return typeof assignee === 'string';
}

function isVariable(assignee: ForeignAssignee): assignee is Exclude<ForeignAssignee, string> {
  return !isText(assignee);
}

function mapped(id: Part<string | number>, { assignees }: Mapping): AssigneeRef[] {
  const assignee = assignees.get(String(id.value));
  if (assignee) id.take();
  else id.leave('UNMAPPED_ASSIGNEE', `The mapping does not say who ${quoted(String(id.value))} is here.`);
  return assignee ? [assignee] : [];
}

function readAssignee(part: Part<ForeignAssignee>, mapping: Mapping): AssigneeRef[] {
  const text = part.narrowed(isText);
  if (text)
    return VARIABLE.test(text.value) ? [{ type: 'VARIABLE', id: text.take() }] : mapped(text, mapping);
  const variable = part.narrowed(isVariable);
  if (!variable) return [];
  variable.at('value').leave('OTHER_SYSTEM', 'Whom a variable stood for is worked out anew in every run.');
  return [{ type: 'VARIABLE', id: variable.at('variable').take() }];
}

/** The assignees of a list, everybody once. Who is not in the mapping is left out. */
export function readAssignees(
  list: Part<readonly ForeignAssignee[] | null | undefined>,
  mapping: Mapping,
): readonly AssigneeRef[] {
  return uniqueAssignees(list.items().flatMap((part) => readAssignee(part, mapping)));
}

/** Like `readAssignees`, with the numbers by which users were named before there were ids. */
export function readAssigneesAndNumbers(
  list: Part<readonly string[] | null | undefined>,
  numbers: Part<readonly number[] | null | undefined>,
  mapping: Mapping,
): readonly AssigneeRef[] {
  return uniqueAssignees([
    ...readAssignees(list, mapping),
    ...numbers.items().flatMap((part) => mapped(part, mapping)),
  ]);
}
