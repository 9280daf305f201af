/** The door for callbacks: `POST /callbacks/<token>`, for whoever has the address. The token is all that proves anything, so it is never logged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkJsonObject } from '../commands/attributes.ts';
import type { CallbackAnswer } from '../commands/callbacks.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { isDatabaseAway } from '../store/away.ts';
import { answerJson, answerUnavailable } from './answer.ts';
import { readJson } from './json-body.ts';

/** Uses the callback with the token; see `useCallback`. */
export type UseCallback = (token: string, output: JsonObject) => Promise<CallbackAnswer>;

/** In bytes. */
const MAX_BODY = 64 * 1024;

const ANSWERS: Readonly<Record<CallbackAnswer, readonly [status: number, message: string]>> = {
  USED: [200, 'Thank you.'],
  USED_BEFORE: [409, 'This callback was used before; each can be used once.'],
  EXPIRED: [410, 'The time of this callback is over.'],
  UNKNOWN: [404, 'There is no such callback.'],
};

function answer(response: ServerResponse, code: number, status: string, message: string): void {
  answerJson(response, code, { status, message });
}

/**
 * Answers a request to a callback's address with JSON, `{ status, message }`. Only POST does something: what merely looks at links, as mail programs do, uses
 * up nothing.
 */
export async function answerCallback(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  useCallback: UseCallback,
): Promise<void> {
  if (request.method !== 'POST') {
    const message =
      'This is the address of a callback: it is used by a POST request, which may have a JSON object as its body.';
    answerJson(response, 405, { status: 'METHOD_NOT_ALLOWED', message }, { allow: 'POST' });
    return;
  }
  const check = (body: unknown): JsonObject => checkJsonObject('The body', body, MAX_BODY);
  const output = await readJson(request, response, { limit: MAX_BODY }, check);
  if (output === null) return;
  try {
    const result = await useCallback(token, output);
    answer(response, ANSWERS[result][0], result, ANSWERS[result][1]);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    answerUnavailable(response);
  }
}
