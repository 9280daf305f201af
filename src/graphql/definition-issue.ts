/** What validation finds in a definition. */
import { DEFINITION_ISSUE_CODES, type DefinitionIssue } from '../engine/validation/issue.ts';
import { builder } from './builder.ts';

export const IssueSeverityEnum = builder.enumType('IssueSeverity', {
  description: 'How grave an issue is.',
  values: {
    ERROR: { description: 'Keeps it from being published.' },
    WARNING: { description: 'Worth a look; can be published.' },
  } as const,
});

const DefinitionIssueCodeEnum = builder.enumType('DefinitionIssueCode', {
  description: 'What kind of issue it is. Codes are stable.',
  values: Object.fromEntries(
    DEFINITION_ISSUE_CODES.map((code) => [
      code,
      { description: `${code.replaceAll('_', ' ').toLowerCase()}.` },
    ]),
  ) as Record<DefinitionIssue['code'], { description: string }>,
});

export const DefinitionIssueRef = builder.objectRef<DefinitionIssue>('DefinitionIssue').implement({
  description: 'One thing that is wrong, or worth a look, in a definition.',
  fields: (t) => ({
    severity: t.field({
      type: IssueSeverityEnum,
      description: 'How grave it is.',
      resolve: ({ severity }) => severity,
    }),
    code: t.field({
      type: DefinitionIssueCodeEnum,
      description: 'What kind it is.',
      resolve: ({ code }) => code,
    }),
    path: t.exposeString('path', { description: 'Where in the content: `tasks[3].requirements[0]`.' }),
    message: t.exposeString('message', { description: 'What is wrong, for people.' }),
  }),
});
