/** What validation finds in an automation. */
import {
  AUTOMATION_ISSUE_CODES,
  type AutomationIssue,
  type AutomationIssueCode,
} from '../commands/automation-issue.ts';
import { builder } from './builder.ts';
import { IssueSeverityEnum } from './definition-issue.ts';

const AutomationIssueCodeEnum = builder.enumType('AutomationIssueCode', {
  description: 'What kind of issue it is. Codes are stable.',
  values: Object.fromEntries(
    AUTOMATION_ISSUE_CODES.map((code) => [
      code,
      { description: `${code.replaceAll('_', ' ').toLowerCase()}.` },
    ]),
  ) as Record<AutomationIssueCode, { description: string }>,
});

export const AutomationIssueRef = builder.objectRef<AutomationIssue>('AutomationIssue').implement({
  description: 'One thing that is wrong, or worth a look, in an automation.',
  fields: (t) => ({
    severity: t.field({
      type: IssueSeverityEnum,
      description: 'How grave it is.',
      resolve: ({ severity }) => severity,
    }),
    code: t.field({
      type: AutomationIssueCodeEnum,
      description: 'What kind it is.',
      resolve: ({ code }) => code,
    }),
    path: t.exposeString('path', { description: 'Where in the content: `actions[3].config.endpointId`.' }),
    message: t.exposeString('message', { description: 'What is wrong, for people.' }),
  }),
});
