/** The action that sends an e-mail. */
import { z } from 'zod';
import { isMailAddress, noAddress, splitAddresses, uniqueAddresses } from '../../outgoing/mailbox.ts';
import { readAddresses } from '../../store/people.ts';
import { ActionError, defineAction, type ActionContext } from '../action-type.ts';
import { nodeId } from '../config-fields.ts';
import { render, templatesOf } from '../template.ts';
import type { Variables } from '../variables.ts';

/** Receivers of one message. */
const MAX_RECIPIENTS = 100;
/** In characters: what fits into a line of a message. */
const MAX_SUBJECT_LENGTH = 900;

const addresses = z.array(z.string().min(1).max(2_000)).max(MAX_RECIPIENTS).default([]);

const config = z.strictObject({
  to: addresses.describe(
    'Addresses, or variables for them: `{{entity.customer.email}}`. One text may stand for several addresses with commas between them.',
  ),
  toAssignees: z
    .array(nodeId('User', 'Team'))
    .max(MAX_RECIPIENTS)
    .default([])
    .describe('Users, and teams for their members: those who are active and have an address.'),
  cc: addresses.describe('Who gets a copy; written as `to`.'),
  subject: z.string().min(1).max(2_000).describe('The subject; may have variables.'),
  text: z.string().min(1).max(100_000).describe('The message as plain text; may have variables.'),
  html: z
    .string()
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
    .describe(
      'The message as HTML, beside the plain text; may have variables, whose values are never taken for markup. None if left out.',
    ),
});

type Config = z.infer<typeof config>;

function addressesIn(texts: readonly string[], variables: Variables): string[] {
  const found = texts.flatMap((text) => splitAddresses(render(text, variables, 'line')));
  const wrong = found.find((text) => !isMailAddress(text));
  if (wrong !== undefined) throw new ActionError('INVALID_ADDRESS', noAddress(wrong));
  return found;
}

async function addressesOf({ tx }: ActionContext, people: Config['toAssignees']): Promise<readonly string[]> {
  if (people.length === 0) return [];
  const idsOf = (type: string) => people.filter((person) => person.type === type).map(({ id }) => id);
  const found = await readAddresses(tx, tx.organizationId, idsOf('USER'), idsOf('TEAM'));
  return found.filter(isMailAddress);
}

async function receivers(
  context: ActionContext,
  given: Config,
): Promise<{ readonly to: readonly string[]; readonly cc: readonly string[] }> {
  const { variables } = context;
  const named = addressesIn(given.to, variables);
  const to = uniqueAddresses([...named, ...(await addressesOf(context, given.toAssignees))]);
  const cc = uniqueAddresses(addressesIn(given.cc, variables), to);
  const count = to.length + cc.length;
  if (count === 0) throw new ActionError('NO_RECIPIENT', 'The message is for nobody: there is no address.');
  if (count > MAX_RECIPIENTS)
    throw new ActionError(
      'TOO_MANY_RECIPIENTS',
      `The message is for ${count} addresses; at most ${MAX_RECIPIENTS} are possible.`,
    );
  return { to, cc };
}

function subjectOf(template: string, variables: Variables): string {
  const subject = render(template, variables, 'line');
  if (subject.length > MAX_SUBJECT_LENGTH)
    throw new ActionError(
      'TEXT_TOO_LONG',
      `The subject has ${subject.length} characters; at most ${MAX_SUBJECT_LENGTH} are possible.`,
    );
  return subject;
}

export const sendEmailAction = defineAction<Config>({
  type: 'SEND_EMAIL',
  title: 'Send an e-mail',
  description:
    'Sends a message to addresses, users and teams, again and again until a mail server takes it or it is given up.',
  retry: 'OUTSIDE',
  isOnEntity: false,
  config,
  references: ({ toAssignees }) =>
    toAssignees.map(({ type, id }, index) => ({ kind: type, id, path: `toAssignees[${index}]` })),
  templates: ({ to, cc, subject, text, html }) => [
    ...to.map((address, index) => ({ path: `to[${index}]`, text: address })),
    ...cc.map((address, index) => ({ path: `cc[${index}]`, text: address })),
    ...templatesOf({ subject, text, html }),
  ],
  async run(context, given) {
    const { variables } = context;
    const { to, cc } = await receivers(context, given);
    return {
      type: 'DELIVER',
      delivery: {
        kind: 'EMAIL',
        type: 'automation',
        content: {
          to,
          cc,
          subject: subjectOf(given.subject, variables),
          text: render(given.text, variables, 'none'),
          html: given.html === null ? null : render(given.html, variables, 'html'),
        },
      },
    };
  },
});
