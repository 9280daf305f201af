/** The mail that tells a user of everything that came since the last one. */
import { escapeHtml, oneLine } from '../outgoing/text.ts';
import type { EmailContent } from '../store/deliveries.ts';
import type { DueNotification, Receiver } from '../store/notification-mail.ts';
import { dateText } from '../reactions/date-text.ts';

/** Names are as long as 500 characters; a subject is read in a list. */
const LONGEST_SUBJECT = 200;

const FAREWELL = 'You get this mail from Handrail, where you can choose what you are told of, and how often.';

function subjectOf(notifications: readonly DueNotification[]): string {
  const [first] = notifications;
  if (!first || notifications.length > 1) return `${notifications.length} notifications`;
  const subject = oneLine(first.title);
  return subject.length > LONGEST_SUBJECT ? `${subject.slice(0, LONGEST_SUBJECT - 1).trimEnd()}…` : subject;
}

/** What is said under the title, line by line. */
function detailsOf(
  { body, executionName, taskDueAt }: DueNotification,
  { timeZone }: Pick<Receiver, 'timeZone'>,
): string[] {
  return [
    ...(body === null ? [] : [oneLine(body)]),
    ...(executionName === null ? [] : [`Workflow: ${oneLine(executionName)}`]),
    ...(taskDueAt === null ? [] : [`Due: ${dateText(taskDueAt, timeZone)}`]),
  ];
}

/** One mail about all of the notifications, of which there is at least one. */
export function digestMail(
  receiver: Pick<Receiver, 'name' | 'timeZone'> & { readonly email: string },
  notifications: readonly DueNotification[],
): EmailContent {
  const items = notifications.map((notification) => ({
    title: oneLine(notification.title),
    details: detailsOf(notification, receiver),
  }));
  const greeting = `Hello ${oneLine(receiver.name)},`;
  const text = [
    greeting,
    ...items.map(({ title, details }) =>
      [`- ${title}`, ...details.map((detail) => `  ${detail}`)].join('\n'),
    ),
    FAREWELL,
  ].join('\n\n');
  const list = items.map(
    ({ title, details }) =>
      `<li><strong>${escapeHtml(title)}</strong>${details.map((detail) => `<br>${escapeHtml(detail)}`).join('')}</li>`,
  );
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    `<body><p>${escapeHtml(greeting)}</p>`,
    `<ul>${list.join('\n')}</ul>`,
    `<p>${escapeHtml(FAREWELL)}</p></body>`,
    '</html>',
  ].join('\n');
  return { to: [receiver.email], cc: [], subject: subjectOf(notifications), text, html };
}
