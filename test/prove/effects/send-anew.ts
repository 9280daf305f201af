/** What people do about messages that were given up, when their receiver is repaired. */
import { mutate, type Person } from '../client.ts';

interface DeadLetter {
  readonly id: string;
  /** Null: it tells of an event. */
  readonly automationRunId: string | null;
}

interface Page {
  readonly edges: readonly { readonly node: DeadLetter }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const DEAD_LETTERS = `query ($after: String) {
  deliveries(filter: { statuses: [FAILED] }, first: 100, after: $after) {
    edges { node { id automationRunId } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** What the sign-in answers for a command whose answer was lost. */
const LOST = 'VERSION_CONFLICT';
/** How a command is refused that was done before, when its answer was lost. */
const DONE: ReadonlySet<string> = new Set([
  'DELIVERY_NOT_SENDABLE',
  'RUN_COMMAND_NOT_ALLOWED',
  'COMMAND_NOT_ALLOWED',
]);

async function readDeadLetters(admin: Person): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (let after: string | null = null; ;) {
    const { deliveries }: { deliveries: Page } = await admin.ask(DEAD_LETTERS, { after });
    letters.push(...deliveries.edges.map(({ node }) => node));
    if (!deliveries.pageInfo.hasNextPage) return letters;
    after = deliveries.pageInfo.endCursor;
  }
}

/** Gives the command until it is known to be done. */
async function insist(person: Person, name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
  for (let wasLost = false; ;) {
    const { code } = await mutate(person, name, input, 'position');
    if (code === undefined || (wasLost && DONE.has(code))) return;
    if (code !== LOST) throw new Error(`${name} was refused: ${code}`);
    wasLost = true;
  }
}

/** Has all dead letters sent again: every other one by itself, the others by letting their runs go on. Answers how many there were. */
export async function sendAnew(admin: Person): Promise<number> {
  const letters = await readDeadLetters(admin);
  for (const [index, { id, automationRunId }] of letters.entries())
    if (index % 2 === 0 || automationRunId === null) await insist(admin, 'redeliver', { deliveryId: id });
    else await insist(admin, 'retryAutomationRun', { runId: automationRunId, from: 'FAILED_ACTION' });
  return letters.length;
}
