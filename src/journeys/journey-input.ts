/** Checks of what a journey says. Each refuses with the field's path, or answers the clean value. */
import { z } from 'zod';
import { attributeMapping, mappingTemplates, type AttributeMapping } from '../automation/mapping.ts';
import type { Template } from '../automation/template.ts';
import { templateVariables } from '../engine/template.ts';
import { checkJsonObject } from '../commands/attributes.ts';
import { SCHEMA_NAME } from '../commands/entities.ts';
import { checkName, checkText } from '../commands/input.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { refuseInput, refuseIssues } from '../commands/problem.ts';
import type { InputIssue } from '../engine/result.ts';
import type { CreatedEntity, JourneyContent } from './content.ts';
import { schemaIssues } from './schema-issues.ts';
import { isVariable, MAPPING_ROOTS } from './variables.ts';

/** Of the schema, and of the hints beside it, in bytes of their JSON text. */
const MAX_SCHEMA_BYTES = 64 * 1024;
const MAX_MAPPINGS = 200;
const MAX_URL_LENGTH = 2_000;
/** A year. */
export const MAX_SESSION_HOURS = 8_760;

const mappings = z.array(attributeMapping).max(MAX_MAPPINGS);

function variableIssues(templates: readonly Template[]): InputIssue[] {
  return templates.flatMap(({ path, text }) =>
    templateVariables(text)
      .filter((variable) => !isVariable(variable))
      .map((variable) => ({
        path,
        code: 'INVALID_VALUE' as const,
        message: `{{${variable}}} is not known; variables begin with ${MAPPING_ROOTS.join(', ')}: {{data.email}}.`,
      })),
  );
}

/** `['0', 'target']` → `[0].target` */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}

function checkMapping(path: string, given: readonly unknown[]): readonly AttributeMapping[] {
  const parsed = mappings.safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue): InputIssue => {
      const at = `${path}${pathText(issue.path)}`;
      return { path: at, code: 'INVALID_VALUE', message: `${at}: ${issue.message}.` };
    });
    refuseIssues(issues);
    return [];
  }
  refuseIssues(variableIssues(mappingTemplates(path, parsed.data)));
  return parsed.data;
}

/** The hours from 1 to a year for which a session can be used. */
export function checkSessionHours(path: string, hours: number): number {
  if (Number.isInteger(hours) && hours >= 1 && hours <= MAX_SESSION_HOURS) return hours;
  return refuseInput(
    path,
    'OUT_OF_RANGE',
    `${path} is ${hours}, must be a whole number from 1 to ${MAX_SESSION_HOURS}.`,
  );
}

function checkSchema(path: string, schema: unknown): JsonObject {
  const checked = checkJsonObject(path, schema, MAX_SCHEMA_BYTES);
  refuseIssues(schemaIssues(path, checked));
  return checked;
}

/** The address as browsers go to it: encrypted, since it is told a secret; on the same machine it need not be. */
function checkUrl(path: string, given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!url || !isSafe || url.username !== '' || url.password !== '' || given.length > MAX_URL_LENGTH)
    return refuseInput(
      path,
      'INVALID_VALUE',
      `${path} is no address of a form: https://…, without a user in it, at most ${MAX_URL_LENGTH} characters.`,
    );
  return url.href;
}

function checkCreates({ entitySchema, title, attributes }: CreatedEntity): CreatedEntity {
  if (entitySchema.length > 63 || !SCHEMA_NAME.test(entitySchema))
    refuseInput(
      'creates.entitySchema',
      'INVALID_CHARACTER',
      'creates.entitySchema is lower-case letters, digits, - and _, a letter first: service_order.',
    );
  const clean = checkName('creates.title', title, 2_000);
  refuseIssues(variableIssues([{ path: 'creates.title', text: clean }]));
  return { entitySchema, title: clean, attributes: checkMapping('creates.attributes', attributes) };
}

function checkForm({ kind, schema, uiSchema, url }: JourneyContent) {
  if (kind === 'FORM') {
    if (url !== null) refuseInput('url', 'NOT_ALLOWED', 'url is only for journeys of kind LINK.');
    if (schema === null)
      return refuseInput('schema', 'EMPTY', 'A journey of kind FORM needs a schema: a JSON Schema.');
    return {
      url,
      schema: checkSchema('schema', schema),
      uiSchema: uiSchema && checkJsonObject('uiSchema', uiSchema, MAX_SCHEMA_BYTES),
    };
  }
  if (uiSchema !== null)
    refuseInput('uiSchema', 'NOT_ALLOWED', 'uiSchema is only for journeys of kind FORM.');
  if (url === null) return refuseInput('url', 'EMPTY', 'A journey of kind LINK needs the url of its form.');
  return { url: checkUrl('url', url), uiSchema, schema: schema && checkSchema('schema', schema) };
}

/** The content with a clean name. Refuses (INVALID_INPUT) everything that would not work when somebody opens or submits it. */
export function checkContent(content: JourneyContent): JourneyContent {
  const { description, kind, creates, isPublic } = content;
  return {
    name: checkName('name', content.name),
    description: description === null ? null : checkText('description', description),
    kind,
    ...checkForm(content),
    mapping: checkMapping('mapping', content.mapping),
    creates: creates && checkCreates(creates),
    sessionHours: checkSessionHours('sessionHours', content.sessionHours),
    isPublic,
  };
}
