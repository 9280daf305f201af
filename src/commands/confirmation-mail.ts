/** The mail that asks somebody outside to confirm a task. */
import type { ConfirmationRule, Json } from '../engine/definition.ts';
import { readPath } from '../engine/condition/path.ts';
import { entityOf, type Facts } from '../engine/facts.ts';
import type { TaskData } from '../engine/state.ts';
import { fillTemplate, valueText } from '../engine/template.ts';
import { isMailAddress, noAddress, splitAddresses, uniqueAddresses } from '../outgoing/mailbox.ts';
import { escapeHtml, keepable, oneLine } from '../outgoing/text.ts';
import type { RunError } from '../store/automation-runs.ts';
import type { EmailContent } from '../store/deliveries.ts';
import { globalId } from '../store/global-id.ts';
import { LINK_MARK } from './confirmation-link.ts';
import { textsFor, timeText } from './confirmation-texts.ts';
import { entityVariables } from './entity-variables.ts';

/** What the messages are for that ask for confirmations. */
export const CONFIRMATION = 'confirmation';
/** How many people one request can be sent to. */
export const MAX_RECIPIENTS = 20;
/** In characters, with the variables put in. */
const MAX_MESSAGE_LENGTH = 20_000;
const MAX_SUBJECT_LENGTH = 200;

/** The organization as it signs. */
export interface Asking {
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
}

export interface Asked {
  readonly organization: Asking;
  readonly execution: { readonly id: string; readonly name: string };
  readonly task: Pick<TaskData, 'id' | 'name'>;
  readonly facts: Facts;
}

/** What the texts of a request can name; see `CONFIRMATION_VARIABLES`. */
function variablesOf({ organization, execution, task, facts }: Asked): Readonly<Record<string, Json>> {
  return {
    ...entityVariables(entityOf(facts, null)),
    execution: { id: globalId('WorkflowExecution', execution.id), name: execution.name },
    task: { id: globalId('Task', task.id), name: task.name },
    organization: { name: organization.name },
  };
}

function render(text: string, asked: Asked): string {
  const variables = variablesOf(asked);
  return fillTemplate(text, (path) => valueText(readPath(variables, path)));
}

/** Whom the rule's addresses stand for; empty with a problem if they stand for nobody. Each address once. */
export function recipientsOf(
  to: string,
  asked: Asked,
): { readonly recipients: readonly string[]; readonly problem: RunError | null } {
  const named = uniqueAddresses(splitAddresses(oneLine(render(to, asked))));
  const none = (code: string, message: string) => ({ recipients: [], problem: { code, message } });
  const wrong = named.find((text) => !isMailAddress(text));
  if (wrong !== undefined) return none('INVALID_ADDRESS', noAddress(wrong));
  if (named.length === 0) return none('NO_RECIPIENT', `${to} stands for no address.`);
  if (named.length > MAX_RECIPIENTS)
    return none(
      'TOO_MANY_RECIPIENTS',
      `There are ${named.length} addresses; at most ${MAX_RECIPIENTS} are possible.`,
    );
  return { recipients: named, problem: null };
}

/** What is asked: given for this once, or by the rule, or a sentence that names the task. */
export function messageOf(given: string | null, rule: ConfirmationRule | null, asked: Asked): string {
  const { organization, task } = asked;
  const template = rule?.message ?? null;
  const text =
    given ??
    (template === null
      ? textsFor(organization.locale).message(task.name, organization.name)
      : render(template, asked));
  return keepable(text.trim(), MAX_MESSAGE_LENGTH);
}

/** The mail, with a mark where the link comes when it is sent. */
export function confirmationMail(
  asked: Asked,
  rule: ConfirmationRule | null,
  request: { readonly to: readonly string[]; readonly message: string; readonly expiresAt: string },
): EmailContent {
  const { organization, task } = asked;
  const texts = textsFor(organization.locale);
  const subject = oneLine(rule?.subject == null ? texts.subject(task.name) : render(rule.subject, asked));
  const until = texts.validUntil(timeText(request.expiresAt, texts.language, organization.timeZone));
  const link = `<a href="${LINK_MARK}">${LINK_MARK}</a>`;
  const paragraphs = [
    escapeHtml(request.message).replace(/\r?\n/g, '<br>'),
    `${escapeHtml(texts.follow)}<br>${link}`,
    escapeHtml(until),
    escapeHtml(organization.name),
  ];
  return {
    to: request.to,
    cc: [],
    subject: keepable(subject, MAX_SUBJECT_LENGTH),
    text: [request.message, `${texts.follow}\n${LINK_MARK}`, until, organization.name].join('\n\n'),
    html: [
      '<!doctype html>',
      `<html lang="${texts.language}">`,
      `<body>${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}</body>`,
      '</html>',
    ].join('\n'),
  };
}
