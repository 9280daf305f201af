/** Bodies of requests that are JSON, from programs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkJsonObject } from '../commands/attributes.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { problemMessage } from '../commands/problem-message.ts';
import { Refusal } from '../commands/problem.ts';
import { answerJson } from './answer.ts';
import { readBody, refuseBody, tooLarge, tooLargeMessage } from './body.ts';

/** How a body is read, and refused. */
export interface JsonBody {
  /** In bytes. */
  readonly limit: number;
  /** Of the answer that refuses it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether the content type says JSON. */
export function isJsonType(contentType: string | undefined): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? '');
}

/** What stands in the body: nothing is an object with nothing in it; undefined for what is no JSON. */
function parsed(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What came with the request: an object, nothing for none. Throws a refusal that says what is wrong. */
export function jsonObjectOf(body: Buffer, limit: number): JsonObject {
  return checkJsonObject('The body', parsed(body), limit);
}

/** The body, said to be JSON, to the byte as it came, or empty; null if it has been refused: with 413, or 415. */
export async function readJsonBody(
  request: IncomingMessage,
  response: ServerResponse,
  { limit, headers }: JsonBody,
): Promise<Buffer | null> {
  const body = await readBody(request, limit);
  if (body === tooLarge) {
    await refuseBody(request, response, { status: 'TOO_LARGE', message: tooLargeMessage(limit) });
    return null;
  }
  if (body.length === 0 || isJsonType(request.headers['content-type'])) return body;
  const message = 'The body has to be JSON, with the content type application/json.';
  answerJson(response, 415, { status: 'UNSUPPORTED_TYPE', message }, headers);
  return null;
}

/** What `check` makes of the body, which throws a refusal of what is wrong; null if it has been refused: with 413, 415, or 400. */
export async function readJson<T>(
  request: IncomingMessage,
  response: ServerResponse,
  options: JsonBody,
  check: (body: unknown) => T,
): Promise<T | null> {
  const body = await readJsonBody(request, response, options);
  if (body === null) return null;
  try {
    return check(parsed(body));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const message = problemMessage(error.problem);
    answerJson(response, 400, { status: 'INVALID_BODY', message }, options.headers);
    return null;
  }
}
