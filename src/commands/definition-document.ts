/**
 * Definitions as JSON text, to keep in files and to carry to another organization.
 *
 * People, teams, closing reasons, automations and journeys are named as people know them: users by e-mail address (or external id), teams,
 * automations and journeys by name, reasons by title. The text is canonical: fields in a fixed order, those with their default value left out, two spaces of
 * indentation, a line feed at the end. So a definition has exactly one text, and what was exported, imported and exported again is
 * the same to the byte.
 */
import { z } from 'zod';
import type { DefinitionContent, TaskType } from '../engine/definition.ts';
import type { InputIssueCode } from '../engine/input-issue-code.ts';
import { external } from './definition-document-external.ts';
import { assignee, choice, instant, node, optionalText, reference } from './definition-document-fields.ts';
import {
  automation,
  confirmation,
  decision,
  dueRule,
  escalations,
  journey,
  schedule,
  syncRule,
  trigger,
} from './definition-document-rules.ts';
import { renameReferences, type Directory } from './definition-references.ts';
import { refuse, refuseInput } from './problem.ts';

/** What the first two fields of every document say. */
export const FORMAT = 'handrail/definition';
export const FORMAT_VERSION = 1;

const assignees = z.array(assignee).default([]);
const due = {
  dueAt: instant.nullable().default(null),
  dueRule: dueRule.nullable().default(null),
  escalations,
};
const labels = z.array(z.string()).default([]);

const audienceText = z.strictObject({
  audience: z.enum(['PORTAL', 'INSTALLER', 'PARTNER']),
  isEnabled: z.boolean().default(true),
  label: z.string(),
  description: optionalText,
});

const phase = z.strictObject({ key: z.string(), name: z.string(), assignees, ...due, labels });

const task = z.strictObject({
  key: z.string(),
  name: z.string(),
  description: optionalText,
  type: choice<TaskType>({ MANUAL: true, AUTOMATION: true, DECISION: true, EXTERNAL: true }).default(
    'MANUAL',
  ),
  phaseKey: optionalText,
  assignees,
  ...due,
  schedule: schedule.nullable().default(null),
  decision: decision.nullable().default(null),
  automation: automation.nullable().default(null),
  external: external.nullable().default(null),
  journey: journey.nullable().default(null),
  confirmation: confirmation.nullable().default(null),
  requirements: z.array(node).default([]),
  labels,
  audienceTexts: z.array(audienceText).default([]),
});

const documentSchema = z.strictObject({
  format: z.literal(FORMAT, { error: `is not ${JSON.stringify(FORMAT)}` }),
  formatVersion: z.literal(FORMAT_VERSION, { error: `is not ${FORMAT_VERSION}, the one that is known here` }),
  name: z.string(),
  description: optionalText,
  labels,
  isSequential: z.boolean().default(false),
  isVisibleInPortal: z.boolean().default(false),
  assignees,
  ...due,
  triggers: z.array(trigger).default([{ type: 'MANUAL', entitySchema: null }]),
  phases: z.array(phase).default([]),
  tasks: z.array(task),
  edges: z.array(z.strictObject({ from: node, to: node, branchKey: optionalText })).default([]),
  closingReasons: z.array(reference).default([]),
  hasSingleClosingReason: z.boolean().default(false),
  entitySync: z.array(syncRule).default([]),
});

/** The schema's codes in the words of the API. */
const CODES: Readonly<Record<string, InputIssueCode>> = {
  invalid_format: 'INVALID_DATE',
  unrecognized_keys: 'UNKNOWN_FIELD',
  invalid_type: 'INVALID_TYPE',
  too_small: 'EMPTY',
};

/** `['tasks', 3, 'key']` → `document.tasks[3].key`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`),
    'document',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuseInput(
      'document',
      'INVALID_JSON',
      `document is no JSON text: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * The content that a document describes, with its references as they are written; see `withIds`. Refuses what is no such document
 * with INVALID_INPUT, every issue with its path. The content itself may have errors: that is what validation is for.
 */
export function parseDocument(text: string): DefinitionContent {
  const parsed = documentSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, code, message }) => {
      const at = pathText(path);
      return { path: at, code: CODES[code] ?? 'INVALID_VALUE', message: `${at}: ${message}.` };
    });
    return refuse({ code: 'INVALID_INPUT', issues });
  }
  const { format: _format, formatVersion: _version, closingReasons, ...content } = parsed.data;
  return { ...content, closingReasonIds: closingReasons };
}

/** The content of a document with the organization's ids. What means nothing there stays as written, for validation to report. */
export function withIds(content: DefinitionContent, directory: Directory): DefinitionContent {
  return renameReferences(content, directory.idOf);
}
