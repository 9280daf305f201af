/** What people without an account, and outside forms, are answered about a journey. */
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { problemMessage } from '../commands/problem-message.ts';
import type { Refused } from '../journeys/by-token.ts';
import { answerJson } from './answer.ts';

/** No proxy or browser keeps it, and no other site is told the address. */
export const PRIVATE = { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };

const NOT_NEEDED = 'The form is not needed any more.';
const NOT_TAKEN = 'This can’t be taken as it is. Please tell whoever gave you the form.';

/** Answers with JSON, under headers that keep the address secret. */
export function answer(
  response: ServerResponse,
  code: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  answerJson(response, code, body, { ...PRIVATE, ...headers });
}

/** Answers that nothing is there. */
export function answerUnknown(response: ServerResponse): void {
  answer(response, 404, { status: 'UNKNOWN', message: 'There is no such form.' });
}

/** What somebody without an account is told of a problem: nothing of the workflow behind the form, nor of the entity. What only a designer can mend is logged. */
export function answerProblem(response: ServerResponse, { problem, journeyId }: Refused, log: Logger): void {
  switch (problem.code) {
    case 'NOT_FOUND':
      answerUnknown(response);
      return;
    case 'JOURNEY_DATA_INVALID':
      answer(response, 422, { status: 'INVALID', errors: problem.errors });
      return;
    case 'INVALID_INPUT':
      answer(response, 422, {
        status: 'INVALID',
        errors: problem.issues.map(({ code, message }) => ({ path: '', keyword: code, message })),
      });
      return;
    case 'JOURNEY_NOT_MAPPABLE':
      log.warn({ journeyId, reason: problem.message }, 'what was filled in could not be written');
      answer(response, 422, {
        status: 'INVALID',
        errors: [{ path: '', keyword: 'mapping', message: NOT_TAKEN }],
      });
      return;
    case 'JOURNEY_SESSION_NOT_OPEN': {
      const { status } = problem;
      const told = { status: status === 'SUBMITTED' ? 'ALREADY_SUBMITTED' : status };
      const message = status === 'CLOSED' ? NOT_NEEDED : problemMessage(problem);
      answer(response, status === 'SUBMITTED' ? 409 : 410, { ...told, message });
      return;
    }
    case 'JOURNEY_BUSY':
      answer(
        response,
        429,
        { status: 'TOO_MANY_REQUESTS', message: problemMessage(problem) },
        { 'retry-after': '60' },
      );
      return;
    case 'FORBIDDEN':
      answer(response, 403, { status: 'SIGNATURE_REQUIRED', message: problem.message });
      return;
    case 'EXECUTION_NOT_OPEN':
      answer(response, 410, { status: 'CLOSED', message: NOT_NEEDED });
      return;
    default:
      answer(response, 409, {
        status: 'TASK_BLOCKED',
        message:
          'This can’t be submitted at the moment: something else has to be done first. Try again later.',
      });
  }
}

/** Answers that the address can’t be used like this. */
export function refuseMethod(response: ServerResponse, allowed: string): void {
  answer(
    response,
    405,
    { status: 'METHOD_NOT_ALLOWED', message: `This address answers ${allowed} only.` },
    { allow: allowed },
  );
}
