/** The door for callbacks: `POST /callbacks/<token>`, for whoever has the address. The token is all that proves anything, so it is never logged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallbackAnswer } from '../commands/callbacks.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { Refusal } from '../commands/problem.ts';
import { isDatabaseAway } from '../store/away.ts';
import { answerJson, answerUnavailable } from './answer.ts';
import { isJsonType, jsonObjectOf } from './json-body.ts';
import { readBody, refuseBody, tooLarge, tooLargeMessage } from './body.ts';

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
  const body = await readBody(request, MAX_BODY);
  if (body === tooLarge) {
    await refuseBody(request, response, { status: 'TOO_LARGE', message: tooLargeMessage(MAX_BODY) });
    return;
  }
  if (body.length > 0 && !isJsonType(request.headers['content-type'])) {
    answer(
      response,
      415,
      'UNSUPPORTED_TYPE',
      'The body has to be JSON, with the content type application/json.',
    );
    return;
  }
  try {
    const result = await useCallback(token, jsonObjectOf(body, MAX_BODY));
    answer(response, ANSWERS[result][0], result, ANSWERS[result][1]);
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'INVALID_INPUT') {
      const message = error.problem.issues.map((issue) => issue.message).join(' ');
      answer(response, 400, 'INVALID_BODY', message);
    } else if (isDatabaseAway(error)) answerUnavailable(response);
    else throw error;
  }
}
