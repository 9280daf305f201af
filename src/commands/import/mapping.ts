/** What the ids of another system mean here: the table that comes with an import. */
import type { AssigneeRef } from '../../engine/definition.ts';
import { sameJson } from '../../engine/json.ts';
import type { InputIssue } from '../../engine/result.ts';
import { isUnstorable } from '../../engine/text.ts';
import { refuseInput, refuseIssues } from '../problem.ts';

/** "`from` there is `to` here." */
export interface MappingEntry<To> {
  readonly from: string;
  readonly to: To;
}

export interface MappingInput {
  readonly assignees: readonly MappingEntry<AssigneeRef>[];
  /** To the ids of journeys. */
  readonly journeys: readonly MappingEntry<string>[];
  /** To the ids of automations. */
  readonly automations: readonly MappingEntry<string>[];
  /** To the ids of closing reasons. */
  readonly closingReasons: readonly MappingEntry<string>[];
}

export type MappingTable = keyof MappingInput;

/** The table, to look up in. */
export type Mapping = {
  readonly [Table in MappingTable]: ReadonlyMap<string, MappingInput[Table][number]['to']>;
};

/** How many entries each list of the table may have. */
const MAX_ENTRIES = 1_000;

function textIssues(path: string, text: string): InputIssue[] {
  if (text === '') return [{ path, code: 'EMPTY', message: `${path} is empty.` }];
  if (isUnstorable(text))
    return [{ path, code: 'INVALID_CHARACTER', message: `${path} holds a character that can’t be stored.` }];
  return [];
}

function tableOf<To>(name: MappingTable, entries: readonly MappingEntry<To>[]): ReadonlyMap<string, To> {
  const path = `mapping.${name}`;
  if (entries.length > MAX_ENTRIES)
    refuseInput(
      path,
      'TOO_MANY',
      `${path} has ${entries.length} entries; at most ${MAX_ENTRIES} are allowed.`,
    );
  const table = new Map<string, To>();
  const issues = entries.flatMap(({ from, to }, index): InputIssue[] => {
    const at = `${path}[${index}]`;
    const known = table.get(from);
    table.set(from, to);
    if (known !== undefined && !sameJson(known, to))
      return [
        {
          path: `${at}.from`,
          code: 'AMBIGUOUS',
          message: `${JSON.stringify(from)} is mapped to something else already.`,
        },
      ];
    return [...textIssues(`${at}.from`, from), ...(typeof to === 'string' ? textIssues(`${at}.to`, to) : [])];
  });
  refuseIssues(issues);
  return table;
}

/** The table to look up in; empty if none is given. Refuses (INVALID_INPUT) empty texts, and two meanings of one id. */
export function mappingOf(input?: MappingInput): Mapping {
  return {
    assignees: tableOf('assignees', input?.assignees ?? []),
    journeys: tableOf('journeys', input?.journeys ?? []),
    automations: tableOf('automations', input?.automations ?? []),
    closingReasons: tableOf('closingReasons', input?.closingReasons ?? []),
  };
}
