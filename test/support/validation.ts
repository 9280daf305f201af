/** Short ways to tell what validation finds in a definition. */
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import type { DefinitionIssue } from '../../src/engine/validation/issue.ts';
import { definition } from './workflow.ts';

const KNOWN = {
  userIds: new Set(['anna']),
  teamIds: new Set(['field']),
  closingReasonIds: new Set(['lost']),
  automationIds: new Set(['mail']),
  journeyIds: new Set(['offer']),
};

/** The issues of a definition with these parts, in an organization of the user anna, the team field, the closing reason lost, the automation mail and the journey offer. */
export function validate(parts: Partial<DefinitionContent>): readonly DefinitionIssue[] {
  return validateDefinition(definition(parts), KNOWN);
}

/** `'ERROR CYCLE edges[0]'` for each issue. */
export function found(parts: Partial<DefinitionContent>): string[] {
  return validate(parts).map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

export function messages(parts: Partial<DefinitionContent>): string[] {
  return validate(parts).map(({ message }) => message);
}
