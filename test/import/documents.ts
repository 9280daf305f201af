/** Documents of another system, and what their ids mean here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MappingInput } from '../../src/commands/import/mapping.ts';
import { readDocument, type ReadDocument } from '../../src/commands/import/read-document.ts';
import { Refusal } from '../../src/commands/problem.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import type { InputIssue } from '../../src/engine/result.ts';

export const FIXTURES = [
  'flow-template',
  'create-flow-template',
  'section-workflow',
  'section-workflow-without-ids',
] as const;
export type Fixture = (typeof FIXTURES)[number];

/** The text of a document in `fixtures/`. */
export function fixtureText(name: Fixture): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8');
}

export const MAPPING: MappingInput = {
  assignees: [
    { from: 'usr-lead', to: { type: 'USER', id: 'anna' } },
    { from: '4711', to: { type: 'USER', id: 'bert' } },
    { from: 'team-planning', to: { type: 'TEAM', id: 'planning' } },
  ],
  journeys: [
    { from: 'jrn-order-form', to: 'order-form' },
    { from: 'jrn-site', to: 'site-data' },
  ],
  automations: [
    { from: 'auto-new-order', to: 'new-order' },
    { from: 'auto-order', to: 'order-goods' },
    { from: 'auto-announce', to: 'announce-visit' },
  ],
  closingReasons: [{ from: 'cr-price', to: 'too-expensive' }],
};

/** What the mapping leads to, as the organization that has it all. */
export const KNOWN = {
  userIds: new Set(['anna', 'bert']),
  teamIds: new Set(['planning']),
  closingReasonIds: new Set(['too-expensive']),
  automationIds: new Set(['new-order', 'order-goods', 'announce-visit']),
  journeyIds: new Set(['order-form', 'site-data']),
};

export function readFixture(name: Fixture): ReadDocument {
  return readDocument(fixtureText(name), MAPPING);
}

/** The smallest flow template, with these fields. */
export function flowTemplate(parts: object = {}): object {
  return {
    name: 'Small',
    tasks: [{ id: 'a', name: 'A', task_type: 'MANUAL' }],
    edges: [],
    ...parts,
  };
}

/** A flow template with one task that has these fields. */
export function templateWithTask(parts: object): object {
  return flowTemplate({ tasks: [{ id: 'a', name: 'A', task_type: 'MANUAL', ...parts }] });
}

/** The smallest section/step workflow, with these fields. */
export function sectionWorkflow(parts: object = {}): object {
  return { name: 'Small', flow: [{ id: 'a', name: 'A', type: 'STEP', order: 1 }], ...parts };
}

export function readValue(document: unknown, mapping = MAPPING): ReadDocument {
  return readDocument(JSON.stringify(document), mapping);
}

/** The task with this key; throws if there is none. */
export function taskOf({ content }: ReadDocument, key: string): TaskDefinition {
  const found = content.tasks.find((candidate) => candidate.key === key);
  if (!found) throw new Error(`there is no task ${key}`);
  return found;
}

/** What the one task with these fields becomes. */
export function readTask(parts: object): TaskDefinition {
  return taskOf(readValue(templateWithTask(parts)), 'a');
}

/** `'NO_EFFECT edges[3].condition_id'` for each place that was not taken over. */
export function leftOut({ notTakenOver }: ReadDocument): string[] {
  return notTakenOver.map(({ code, path }) => `${code} ${path}`);
}

/** Why the document is refused; throws if it is not. */
export function refusedIssues(work: () => unknown): readonly InputIssue[] {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'INVALID_INPUT') return error.problem.issues;
    throw error;
  }
  throw new Error('the document was not refused');
}

/** `'INVALID_TYPE document.name'` for each issue of a document. */
export function refusals(document: unknown): string[] {
  return refusedIssues(() => readValue(document)).map(({ code, path }) => `${code} ${path}`);
}
