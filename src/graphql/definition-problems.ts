/** Why definitions and automations can't be published, started or run, and messages can't be sent. */
import type { NotRunnableReason, NotSendableReason } from '../commands/problem.ts';
import { AutomationIssueRef } from './automation-issue.ts';
import { builder } from './builder.ts';
import { DefinitionIssueRef } from './definition-issue.ts';
import { AutomationRunStatusEnum } from './enums.ts';
import { defineProblem } from './problem.ts';

const NotStartableReasonEnum = builder.enumType('NotStartableReason', {
  description: 'Why a definition can’t be started on an entity.',
  values: {
    NOT_PUBLISHED: { description: 'It has no published version.' },
    DISABLED: { description: 'It is disabled.' },
    ARCHIVED: { description: 'It is archived.' },
    NO_MANUAL_TRIGGER: { description: 'Its published version has no manual trigger.' },
    NO_AUTOMATION_TRIGGER: { description: 'Its published version has no trigger for the automation.' },
    NO_JOURNEY_TRIGGER: { description: 'Its published version has no trigger for the journey.' },
    ENTITY_SCHEMA_MISMATCH: { description: 'Its manual triggers are for entities of other schemas.' },
  } as const,
});

const NotRunnableReasonEnum = builder.enumType('NotRunnableReason', {
  description: 'Why an automation can’t be run on an entity.',
  values: {
    NOT_PUBLISHED: { description: 'It has no published version.' },
    DISABLED: { description: 'It is disabled.' },
    ARCHIVED: { description: 'It is archived.' },
    NO_TRIGGER: { description: 'Its published version has no trigger for being run like this.' },
    ENTITY_SCHEMA_MISMATCH: { description: 'Its triggers are for entities of other schemas.' },
  } as const satisfies Record<NotRunnableReason, object>,
});

const NotSendableReasonEnum = builder.enumType('NotSendableReason', {
  description: 'Why a message can’t be sent again.',
  values: {
    PENDING: { description: 'It is on its way.' },
    CANCELLED: { description: 'The run that it belongs to was cancelled.' },
    ENDPOINT_DISABLED: { description: 'Its endpoint is disabled.' },
    ENDPOINT_DELETED: { description: 'Its endpoint was deleted.' },
    CONFIRMATION_OVER: {
      description:
        'Nobody waits for the confirmation any more that it asks for: its link is good for nothing.',
    },
  } as const satisfies Record<NotSendableReason, object>,
});

defineProblem('DEFINITION_INVALID', 'The definition has errors, so it can’t be published.', (t) => ({
  definitionIssues: t.field({
    type: [DefinitionIssueRef],
    description: 'All of them, warnings included.',
    resolve: ({ issues }) => [...issues],
  }),
}));

defineProblem(
  'DEFINITION_NOT_STARTABLE',
  'No execution of the definition can be started on the entity.',
  (t) => ({
    reason: t.field({
      type: NotStartableReasonEnum,
      description: 'Why not.',
      resolve: ({ reason }) => reason,
    }),
  }),
);

defineProblem('CHAIN_TOO_DEEP', 'Too many automations and workflows have set each other off.', (t) => ({
  depth: t.exposeInt('depth', { description: 'How many.' }),
}));

defineProblem('AUTOMATION_INVALID', 'The automation has errors, so it can’t be published.', (t) => ({
  automationIssues: t.field({
    type: [AutomationIssueRef],
    description: 'All of them, warnings included.',
    resolve: ({ issues }) => [...issues],
  }),
}));

defineProblem('AUTOMATION_NOT_RUNNABLE', 'The automation can’t be run, or not on the entity.', (t) => ({
  notRunnableReason: t.field({
    type: NotRunnableReasonEnum,
    description: 'Why not.',
    resolve: ({ reason }) => reason,
  }),
}));

defineProblem(
  'RUN_COMMAND_NOT_ALLOWED',
  'The status of the automation run does not allow the command.',
  (t) => ({
    runStatus: t.field({
      type: AutomationRunStatusEnum,
      description: 'Its status now.',
      resolve: ({ status }) => status,
    }),
  }),
);

defineProblem('DELIVERY_NOT_SENDABLE', 'The message can’t be sent again now.', (t) => ({
  notSendableReason: t.field({
    type: NotSendableReasonEnum,
    description: 'Why not.',
    resolve: ({ reason }) => reason,
  }),
}));
