/** The page that a link to confirm a task shows: plain HTML, no scripts. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { MAX_COMMENT_LENGTH, MAX_NAME_LENGTH, type FoundConfirmation } from '../commands/confirmations.ts';
import { textsFor, timeText, type ConfirmationTexts } from '../commands/confirmation-texts.ts';
import { escapeHtml } from '../outgoing/text.ts';

const STYLE = `
:root{color-scheme:light dark;--edge:light-dark(#78828f,#7f8b9a);font:100%/1.5 system-ui,sans-serif}
body{margin:0;padding:1.5rem;background:Canvas;color:CanvasText}
main{max-width:36rem;margin:0 auto}
h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
h1.text{font-size:1rem;line-height:1.5;font-weight:400}
p{overflow-wrap:anywhere}
.who{margin:0;font-weight:600}
.text{white-space:pre-line}
.wrong{border-left:.25rem solid #b42318;padding-left:.75rem}
.done{border-left:.25rem solid #1a7f52;padding-left:.75rem}
label{display:block;margin-top:1rem;font-weight:600}
textarea,input{display:block;box-sizing:border-box;width:100%;margin-top:.25rem;padding:.5rem;font:inherit;border:1px solid var(--edge);border-radius:.25rem}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button{flex:1 1 10rem;padding:.75rem 1rem;font:inherit;font-weight:600;border:2px solid #14532d;border-radius:.375rem;background:#14532d;color:#fff;cursor:pointer}
button[value=decline]{background:Canvas;color:CanvasText;border-color:var(--edge)}
:focus-visible{outline:3px solid #2f7fd1;outline-offset:2px}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing runs and nothing is loaded; the form goes only to where it comes from; nobody learns the address, which is a secret. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/** Sends a page; of HEAD everything but the page. Does nothing once another answer has begun. */
export function sendPage(
  response: ServerResponse,
  status: number,
  page: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const length = String(Buffer.byteLength(page));
  response.writeHead(status, { ...HEADERS, 'content-length': length, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : page);
}

function pageOf(texts: ConfirmationTexts, title: string, parts: readonly string[]): string {
  return [
    '<!doctype html>',
    `<html lang="${texts.language}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    `<body><main>${parts.join('\n')}</main></body>`,
    '</html>',
    '',
  ].join('\n');
}

function paragraph(text: string, kind = 'text'): string {
  return `<p class="${kind}">${escapeHtml(text)}</p>`;
}

/** What the person has written already, and what is wrong with it. */
export interface Draft {
  readonly name: string;
  readonly comment: string;
  readonly complaint: string;
}

const NO_DRAFT: Draft = { name: '', comment: '', complaint: '' };

function formOf(texts: ConfirmationTexts, { name, comment }: Draft): string {
  return [
    '<form method="post">',
    // The first button is what Enter in a field presses: only who presses one of the others answers.
    '<button disabled hidden></button>',
    `<label>${escapeHtml(texts.comment)}`,
    // A line feed right after the tag is not part of the text.
    `<textarea name="comment" rows="4" maxlength="${MAX_COMMENT_LENGTH}">\n${escapeHtml(comment)}</textarea></label>`,
    `<label>${escapeHtml(texts.name)}`,
    `<input name="name" autocomplete="name" maxlength="${MAX_NAME_LENGTH}" value="${escapeHtml(name)}"></label>`,
    '<p class="buttons">',
    `<button name="answer" value="confirm">${escapeHtml(texts.confirm)}</button>`,
    `<button name="answer" value="decline">${escapeHtml(texts.decline)}</button>`,
    '</p></form>',
  ].join('\n');
}

/** What became of the answer: the sentence that JSON and the page have in common. */
export function standingText({ standing, view }: FoundConfirmation, texts: ConfirmationTexts): string {
  const { state, answer, expiresAt, timeZone } = view;
  const time = (instant: string): string => timeText(instant, texts.language, timeZone);
  switch (standing) {
    case 'ANSWERED':
      return (state === 'CONFIRMED' ? texts.confirmed : texts.declined)(time(answer?.at ?? expiresAt));
    case 'EXPIRED':
      return texts.expired(time(expiresAt));
    case 'OVER':
      return texts.over;
    case 'OPEN':
      return texts.validUntil(time(expiresAt));
  }
}

/** The page of a link. `isSame`: of an answer that was just given, whether it is the one that stands; null if none was. */
export function confirmationPage(
  found: FoundConfirmation,
  isSame: boolean | null = null,
  draft: Draft = NO_DRAFT,
): string {
  const { standing, view } = found;
  const texts = textsFor(view.locale);
  const title = view.taskName ?? view.organizationName;
  const said = standingText(found, texts);
  const heading = [paragraph(view.organizationName, 'who'), `<h1>${escapeHtml(title)}</h1>`];
  if (standing === 'OPEN')
    return pageOf(texts, title, [
      ...heading,
      paragraph(view.message),
      ...(draft.complaint === '' ? [] : [paragraph(draft.complaint, 'wrong')]),
      formOf(texts, draft),
      paragraph(said),
    ]);
  // Who comes too late need not learn what it was about.
  if (standing !== 'ANSWERED')
    return pageOf(texts, view.organizationName, [
      `<h1>${escapeHtml(view.organizationName)}</h1>`,
      paragraph(said),
    ]);
  const comment = view.answer?.comment ?? null;
  return pageOf(texts, title, [
    ...heading,
    ...(isSame === false ? [paragraph(texts.answeredBefore, 'wrong')] : []),
    paragraph(said, 'done'),
    ...(comment === null ? [] : [paragraph(`${texts.yourComment}: ${comment}`)]),
    ...(isSame === true ? [paragraph(texts.thanks)] : []),
  ]);
}

/** A page that says one thing, in each language that there is: whose reader it is for is not known. */
export function plainPage(sentence: (texts: ConfirmationTexts) => string): string {
  const [en, de] = [textsFor('en'), textsFor('de')];
  return pageOf(en, sentence(en), [
    `<h1 class="text">${escapeHtml(sentence(en))}</h1>`,
    `<p lang="de" class="text">${escapeHtml(sentence(de))}</p>`,
  ]);
}
