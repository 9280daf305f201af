/** Assignees that are named by the entity: `{{entity.owner}}`. */
import { uniqueAssignees } from './assignees.ts';
import { readPath } from './condition/path.ts';
import type { AssigneeRef, Json } from './definition.ts';
import { entityOf, type Facts } from './facts.ts';

const VARIABLE = /^\{\{\s*entity\.(.+?)\s*\}\}$/;

/** The path that a variable such as `{{entity.owner}}` names; null for what is no variable. */
export function variablePath(expression: string): string | null {
  return VARIABLE.exec(expression.trim())?.[1] ?? null;
}

/** The rule to keep: only a list with variables can be resolved anew. */
export function assigneeRuleOf(assignees: readonly AssigneeRef[]): readonly AssigneeRef[] | null {
  return assignees.some(({ type }) => type === 'VARIABLE') ? uniqueAssignees(assignees) : null;
}

/** The assignees with each variable replaced by whom the entity names there; one that names nobody who is known stays as it is. */
export function resolveAssignees(rule: readonly AssigneeRef[], facts: Facts): readonly AssigneeRef[] {
  return uniqueAssignees(
    rule.flatMap((assignee) => {
      if (assignee.type !== 'VARIABLE') return [assignee];
      const named = namedBy(assignee.id, facts);
      return named.length > 0 ? named : [assignee];
    }),
  );
}

function namedBy(expression: string, facts: Facts): readonly AssigneeRef[] {
  const path = variablePath(expression);
  if (path === null) return [];
  const values = readPath(entityOf(facts, null)?.attributes ?? {}, path);
  return values.flatMap(textsIn).flatMap((text) => facts.people.get(text.trim().toLowerCase()) ?? []);
}

/** An attribute names people by a text, by a list of texts, or by objects that hold an id. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (isList(value)) return value.flatMap((item) => (isList(item) ? [] : textsIn(item)));
  const id = Object.hasOwn(value, 'id') ? value['id'] : null;
  return typeof id === 'string' ? [id] : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
