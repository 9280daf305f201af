/** The door for journeys: what people without an account, and outside forms, reach by a token. The token is all that proves anything, so it is never logged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { checkJsonObject } from '../commands/attributes.ts';
import { isJsonObject, type JsonObject } from '../commands/merge-patch.ts';
import { refuseInput } from '../commands/problem.ts';
import type { FillAnswer, SessionView } from '../journeys/by-token.ts';
import type { SignedReturn } from '../journeys/signed-return.ts';
import { isDatabaseAway } from '../store/away.ts';
import { answerUnavailable } from './answer.ts';
import { clientOf } from './client-address.ts';
import { answer, answerProblem, answerUnknown, PRIVATE, refuseMethod } from './journey-answers.ts';
import { readJson, readJsonBody } from './json-body.ts';

/** What can be done with a token. */
export interface Journeys {
  /** The token of a new session of a public link; null if it is none. */
  readonly open: (publicKey: string) => Promise<string | null>;
  /** Whether something has this token. */
  readonly isKnown: (token: string) => Promise<boolean>;
  /** Null if nothing has this token. */
  readonly view: (token: string) => Promise<SessionView | null>;
  /** `client`: who does it, as they are counted. */
  readonly saveDraft: (token: string, data: unknown, client: string) => Promise<FillAnswer<string>>;
  readonly submit: (token: string, data: unknown, client: string) => Promise<FillAnswer<string>>;
  /** Null: the signature is not right. */
  readonly submitReturned: (token: string, returned: SignedReturn) => Promise<FillAnswer<string> | null>;
}

/** Answers with the page that renders the form of the session with this token. The status, and headers that keep the address secret, are set already. */
export type JourneyPage = (
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
) => void | Promise<void>;

/** What answers need. */
export interface JourneyDoor {
  readonly journeys: Journeys;
  /** Left out by servers without a page of their own. */
  readonly page?: JourneyPage | undefined;
  readonly log: Logger;
  /** How many proxies of our own are before this server. */
  readonly trustedProxies: number;
}

const PATH = '/journeys/';
/** In bytes. */
const MAX_BODY = 256 * 1024;
const BODY = { limit: MAX_BODY, headers: PRIVATE };

/** Whether the path is one of a journey. */
export function isJourneyPath(path: string): boolean {
  return path.startsWith(PATH);
}

/** The `data` of a body. Refuses what is none. */
function dataOf(body: unknown): JsonObject {
  if (!isJsonObject(body))
    return refuseInput('body', 'INVALID_TYPE', 'The body is a JSON object: { "data": {} }.');
  return checkJsonObject('data', body['data'], MAX_BODY);
}

function viewOf({ form, url, ...view }: SessionView): object {
  return { ...view, ...(form ?? {}), ...(url === null ? {} : { url }) };
}

async function answerWrite(
  request: IncomingMessage,
  response: ServerResponse,
  write: (data: unknown) => Promise<FillAnswer<string>>,
  done: (value: string) => object,
  log: Logger,
): Promise<void> {
  const data = await readJson(request, response, BODY, dataOf);
  if (data === null) return;
  const result = await write(data);
  if (result.ok) answer(response, 200, done(result.value));
  else answerProblem(response, result, log);
}

/** As it comes: in headers with the data as the body, or, by way of a browser, in the query. */
async function returnedOf(request: IncomingMessage, response: ServerResponse): Promise<SignedReturn | null> {
  if (request.method === 'POST') {
    const data = await readJsonBody(request, response, BODY);
    const { 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers;
    return (
      data && { data: data.toString('utf8'), timestamp: String(timestamp), signature: String(signature) }
    );
  }
  const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '');
  return {
    data: query.get('data') ?? '',
    timestamp: query.get('timestamp') ?? '',
    signature: query.get('signature') ?? '',
  };
}

async function answerReturn(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  { journeys, log }: JourneyDoor,
): Promise<void> {
  const returned = await returnedOf(request, response);
  if (!returned) return;
  const result = await journeys.submitReturned(token, returned);
  if (result === null) {
    const message =
      'The signature is missing, of another secret, or older than five minutes. It is one of Standard Webhooks: of session, timestamp and data.';
    answer(response, 401, { status: 'INVALID_SIGNATURE', message });
    return;
  }
  const isOver = result.ok || result.problem.code === 'JOURNEY_SESSION_NOT_OPEN';
  // A browser is shown how it went; a program is told.
  if (request.method !== 'POST' && isOver)
    response.writeHead(303, { ...PRIVATE, location: `${PATH}${token}`, 'content-length': 0 }).end();
  else if (result.ok) answer(response, 200, { status: 'SUBMITTED' });
  else answerProblem(response, result, log);
}

async function answerPage(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  { journeys, page = plainPage }: JourneyDoor,
): Promise<void> {
  for (const [name, value] of Object.entries(PRIVATE)) response.setHeader(name, value);
  const opened = await journeys.open(token);
  if (opened !== null) {
    response.writeHead(302, { location: `${PATH}${opened}`, 'content-length': 0 }).end();
    return;
  }
  if (!(await journeys.isKnown(token))) response.statusCode = 404;
  await page(request, response, token);
}

/** What each address below a token's answers. HEAD is what programs send that look at links; what is signed is used by whom it is for. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['GET', 'HEAD']],
  ['session', ['GET', 'HEAD']],
  ['draft', ['PUT']],
  ['submission', ['POST']],
  ['return', ['GET', 'POST']],
]);

/** Whether there is something by this name below a token. */
export function isJourneyAction(name: string): boolean {
  return METHODS.has(name);
}

async function route(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  door: JourneyDoor,
): Promise<void> {
  const { journeys, log, trustedProxies } = door;
  const [token = '', action = '', ...rest] = path.slice(PATH.length).split('/');
  const allowed = rest.length > 0 ? undefined : METHODS.get(action);
  if (allowed === undefined) answerUnknown(response);
  else if (!allowed.includes(request.method ?? '')) refuseMethod(response, allowed.join(', '));
  else if (action === '') await answerPage(token, request, response, door);
  else if (action === 'return') await answerReturn(token, request, response, door);
  else if (action === 'session') {
    const view = await journeys.view(token);
    if (view) answer(response, 200, viewOf(view));
    else answerUnknown(response);
  } else if (action === 'draft')
    await answerWrite(
      request,
      response,
      (data) => journeys.saveDraft(token, data, clientOf(request, trustedProxies)),
      (savedAt) => ({ savedAt }),
      log,
    );
  else
    await answerWrite(
      request,
      response,
      (data) => journeys.submit(token, data, clientOf(request, trustedProxies)),
      () => ({ status: 'SUBMITTED' }),
      log,
    );
}

/** Answers a request below `/journeys/`. */
export async function answerJourney(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  door: JourneyDoor,
): Promise<void> {
  try {
    await route(path, request, response, door);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    answerUnavailable(response, PRIVATE);
  }
}

/** For servers without a page of their own. */
function plainPage(_request: IncomingMessage, response: ServerResponse): void {
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Form</title><p>This server has no page for forms: programs read <code>session</code> below this address.';
  response
    .writeHead(response.statusCode, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
    .end(html);
}
