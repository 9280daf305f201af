/** Which format a document has: told by its shape. */
import { refuseInput } from '../problem.ts';

/** What can be imported. */
export type DocumentFormat = 'HANDRAIL' | 'FLOW_TEMPLATE' | 'SECTION_WORKFLOW';

export interface FormattedDocument {
  readonly format: DocumentFormat;
  /** What JSON.parse made of the text. */
  readonly raw: unknown;
}

const EXPECTED =
  'A document of Handrail has the fields "format" and "formatVersion", a flow template "tasks" and "edges", a section/step workflow "flow".';

/** The value of a JSON text; undefined if it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function formatOf(raw: object): DocumentFormat {
  const has = (field: string): boolean => Object.hasOwn(raw, field);
  if (has('format') || has('formatVersion')) return 'HANDRAIL';
  const isTemplate = has('tasks') && has('edges');
  if (isTemplate && has('flow'))
    return refuseInput('document', 'AMBIGUOUS', `document has the fields of several formats. ${EXPECTED}`);
  if (isTemplate) return 'FLOW_TEMPLATE';
  if (has('flow')) return 'SECTION_WORKFLOW';
  return refuseInput('document', 'INVALID_VALUE', `document has no format that is known here. ${EXPECTED}`);
}

/**
 * Tells the format of a JSON text. What is no JSON object counts as HANDRAIL, whose reader says what is wrong with it. Refuses
 * (INVALID_INPUT) objects that look like no known format, or like more than one.
 */
export function tellFormat(text: string): FormattedDocument {
  const raw = parsed(text);
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  return { format: isObject ? formatOf(raw) : 'HANDRAIL', raw };
}
