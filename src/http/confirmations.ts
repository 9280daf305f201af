/**
 * The door for links to confirm a task: `/confirmations/<token>`. GET shows a page and changes nothing, however often and by whomever it is fetched; only POST answers,
 * from the page's form or as JSON from programs. The token is all that proves anything, so it is never logged.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  MAX_COMMENT_LENGTH,
  MAX_NAME_LENGTH,
  textComplaint,
  type AnsweredConfirmation,
  type FoundConfirmation,
  type GivenAnswer,
} from '../commands/confirmations.ts';
import { textsFor, type ConfirmationTexts } from '../commands/confirmation-texts.ts';
import { problemMessage } from '../commands/problem-message.ts';
import { Refusal } from '../commands/problem.ts';
import { isDatabaseAway } from '../store/away.ts';
import { answerJson, answerUnavailable } from './answer.ts';
import { readBody, refuseBody, tooLarge, tooLargeMessage } from './body.ts';
import { confirmationPage, plainPage, sendPage, standingText } from './confirmation-page.ts';
import { isJsonType, jsonObjectOf } from './json-body.ts';

/** What links do; see `commands/confirmations.ts`. */
export interface Confirmations {
  readonly look: (token: string) => Promise<FoundConfirmation | null>;
  readonly answer: (token: string, given: GivenAnswer) => Promise<AnsweredConfirmation | null>;
}

/** In bytes: a comment and a name in any script, twice over. */
const MAX_BODY = 32 * 1024;

const ANSWERS = { confirm: 'CONFIRMED', decline: 'DECLINED' } as const;

/** What was sent, as far as it is text. */
interface Fields {
  readonly answer: string;
  readonly name: string;
  readonly comment: string;
}

function pageStatus({ standing }: FoundConfirmation): number {
  return standing === 'OPEN' || standing === 'ANSWERED' ? 200 : 410;
}

/** The answer, or what is wrong with the fields, in the reader's language. */
function givenBy({ answer, name, comment }: Fields, texts: ConfirmationTexts): GivenAnswer | string {
  const limits = [
    [name, MAX_NAME_LENGTH],
    [comment, MAX_COMMENT_LENGTH],
  ] as const;
  for (const [text, limit] of limits) {
    const complaint = textComplaint(text, limit);
    if (complaint !== null) return complaint === 'TOO_LONG' ? texts.tooLong(limit) : texts.unstorable;
  }
  if (answer !== 'confirm' && answer !== 'decline') return texts.noAnswer;
  return { answer: ANSWERS[answer], by: name.trim() || null, comment: comment.trim() || null };
}

function formFields(body: Buffer): Fields {
  const form = new URLSearchParams(body.toString('utf8'));
  // Forms send line breaks as two characters; the page has counted one.
  const field = (name: string): string => (form.get(name) ?? '').replaceAll('\r\n', '\n');
  return { answer: field('answer'), name: field('name'), comment: field('comment') };
}

async function answerForm(
  token: string,
  body: Buffer,
  response: ServerResponse,
  { look, answer }: Confirmations,
): Promise<void> {
  const fields = formFields(body);
  const seen = await look(token);
  if (!seen) {
    sendPage(
      response,
      404,
      plainPage(({ unknown }) => unknown),
    );
    return;
  }
  const given = givenBy(fields, textsFor(seen.view.locale));
  if (typeof given === 'string') {
    sendPage(response, 400, confirmationPage(seen, null, { ...fields, complaint: given }));
    return;
  }
  const answered = (await answer(token, given)) ?? { ...seen, isSame: false };
  const isOther = answered.standing === 'ANSWERED' && !answered.isSame;
  sendPage(response, isOther ? 409 : pageStatus(answered), confirmationPage(answered, answered.isSame));
}

const UNKNOWN_FIELD = 'The body has an unknown field; it may have answer, comment and name.';

/** What a program sent; refused with a sentence in English, as everything that only programmers read. */
function jsonFields(body: Buffer): Fields | string {
  const object = jsonObjectOf(body, MAX_BODY);
  const unknown = Object.keys(object).some((name) => !['answer', 'comment', 'name'].includes(name));
  if (unknown) return UNKNOWN_FIELD;
  const { answer, comment = null, name = null } = object;
  if (answer !== 'confirm' && answer !== 'decline') return 'answer has to be "confirm" or "decline".';
  for (const [field, value] of Object.entries({ comment, name }))
    if (value !== null && typeof value !== 'string') return `${field} has to be text.`;
  return {
    answer,
    comment: typeof comment === 'string' ? comment : '',
    name: typeof name === 'string' ? name : '',
  };
}

async function answerProgram(
  token: string,
  body: Buffer,
  response: ServerResponse,
  { answer }: Confirmations,
): Promise<void> {
  const texts = textsFor('en');
  const fields = jsonFields(body);
  const given = typeof fields === 'string' ? fields : givenBy(fields, texts);
  if (typeof given === 'string') {
    answerJson(response, 400, { status: 'INVALID_BODY', message: given });
    return;
  }
  const answered = await answer(token, given);
  if (!answered) {
    answerJson(response, 404, { status: 'UNKNOWN', message: 'There is no such link.' });
    return;
  }
  const { standing, view, isSame } = answered;
  const message = standingText(answered, texts);
  if (standing === 'ANSWERED') answerJson(response, isSame ? 200 : 409, { status: view.state, message });
  else answerJson(response, 410, { status: standing, message });
}

/** Sends 503, as the caller reads it. */
function answerAway(response: ServerResponse, isProgram: boolean): void {
  if (isProgram) answerUnavailable(response);
  else
    sendPage(
      response,
      503,
      plainPage(({ unavailable }) => unavailable),
      { 'retry-after': '1' },
    );
}

async function answerPost(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  confirmations: Confirmations,
): Promise<void> {
  const isProgram = isJsonType(request.headers['content-type']);
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '');
  const body = await readBody(request, MAX_BODY);
  if (body === tooLarge) {
    await refuseBody(request, response, { status: 'TOO_LARGE', message: tooLargeMessage(MAX_BODY) });
  } else if (isProgram) {
    await answerProgram(token, body, response, confirmations);
  } else if (isForm) {
    await answerForm(token, body, response, confirmations);
  } else {
    const message =
      'The body has to be the form of the page, or JSON with the content type application/json.';
    answerJson(response, 415, { status: 'UNSUPPORTED_TYPE', message });
  }
}

/** Answers a request to a link's address: with a page, or programs that send JSON with JSON, `{ status, message }`. */
export async function answerConfirmationRequest(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  confirmations: Confirmations,
): Promise<void> {
  const { method } = request;
  try {
    if (method === 'POST') await answerPost(token, request, response, confirmations);
    else if (method === 'GET' || method === 'HEAD') {
      const found = await confirmations.look(token);
      if (found) sendPage(response, pageStatus(found), confirmationPage(found));
      else
        sendPage(
          response,
          404,
          plainPage(({ unknown }) => unknown),
        );
    } else {
      const message = 'This is a link to confirm something: GET shows its page, POST answers.';
      answerJson(response, 405, { status: 'METHOD_NOT_ALLOWED', message }, { allow: 'GET, HEAD, POST' });
    }
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'INVALID_INPUT') {
      answerJson(response, 400, { status: 'INVALID_BODY', message: problemMessage(error.problem) });
    } else if (isDatabaseAway(error)) answerAway(response, isJsonType(request.headers['content-type']));
    else throw error;
  }
}
