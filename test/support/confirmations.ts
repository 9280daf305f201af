/** Links to confirm tasks: the door behind which they are, and tasks that wait for somebody outside. */
import { pino } from 'pino';
import {
  answerConfirmation,
  lookAtConfirmation,
  requestConfirmation,
} from '../../src/commands/confirmations.ts';
import type { ConfirmationRule, TaskDefinition } from '../../src/engine/definition.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { Database } from '../../src/store/database.ts';
import type { ConfirmationRecord } from '../../src/store/confirmations.ts';
import { readConfirmations } from '../../src/store/confirmations.ts';
import { task } from './workflow.ts';
import type { Workshop } from './workshop.ts';

export interface Door extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What the server has logged. */
  readonly lines: readonly string[];
}

/** The server, as far as links need it. */
export async function openDoor({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: () => Date;
}): Promise<Door> {
  const lines: string[] = [];
  const http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024, shutdownTimeoutMs: 300 },
    log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }),
    confirmations: {
      look: (token) => lookAtConfirmation({ database, clock }, token),
      answer: (token, given) => answerConfirmation({ database, clock }, token, given),
    },
    ready: () => Promise.resolve({}),
  });
  const { url } = await http.listen();
  return { url: new URL(url).origin, lines, [Symbol.asyncDispose]: () => http.close() };
}

export const RULE: ConfirmationRule = {
  mode: 'AUTOMATIC',
  to: '{{entity.customer.email}}',
  subject: 'Date for {{entityTitle}}',
  message: 'May we come on {{entity.date}}?',
  expiresAfter: { amount: 2, unit: 'DAYS' },
};

/** The task `visit`, which somebody outside has to confirm. */
export function visit(
  rule: Partial<ConfirmationRule> = {},
  parts: Partial<TaskDefinition> = {},
): TaskDefinition {
  return task('visit', { name: 'Site visit', confirmation: { ...RULE, ...rule }, ...parts });
}

/** Asks by hand, with nobody mailed; answers the link's token. */
export async function handOver(shop: Workshop, executionId: string, key = 'visit'): Promise<string> {
  const { id: taskId } = await shop.task(executionId, key);
  const asked = await requestConfirmation(shop.caller, {
    ...{ taskId, to: [], message: null, expiresInHours: null },
  });
  if (!asked.ok || asked.value.token === null) throw new Error('no link was handed over');
  return asked.value.token;
}

/** All requests of the task, the newest first. */
export async function requestsOf(
  { database, viewer: { organizationId } }: Pick<Workshop, 'database' | 'viewer'>,
  taskId: string,
): Promise<readonly ConfirmationRecord[]> {
  return (await readConfirmations(database, organizationId, [taskId])).get(taskId) ?? [];
}

/** Posts the form of the page. */
export function postForm(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
}

/** Answers as a program. */
export async function postJson(url: string, body: unknown): Promise<[status: number, answer: string]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [response.status, ((await response.json()) as { status: string }).status];
}
