/** What the page knows of its form, and how it asks the server: `http/journeys.ts` answers. The address of the page ends with the token. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';

/** Values by the names of the form's fields. */
export type FormData = Readonly<Record<string, unknown>>;

interface Face {
  readonly name: string;
  /** Markdown. */
  readonly description: string | null;
  /** BCP 47, of the organization. */
  readonly locale: string;
  readonly organization: string;
}

/** As the server describes it. */
export type Session = Face &
  (
    | {
        readonly status: 'OPEN';
        readonly kind: 'FORM';
        readonly schema: RJSFSchema;
        /** Null: there are no hints. */
        readonly uiSchema: UiSchema | null;
        /** What is filled in already. */
        readonly data: FormData;
        readonly expiresAt: string;
      }
    | { readonly status: 'OPEN'; readonly kind: 'LINK'; readonly url: string }
    | { readonly status: 'SUBMITTED' | 'EXPIRED' | 'CLOSED' }
  );

/** What is wrong at one place of the data. */
export interface DataError {
  /** A JSON pointer; empty for the whole. */
  readonly path: string;
  /** The keyword of JSON Schema that is not met. */
  readonly keyword: string;
  /** In English. */
  readonly message: string;
}

/** Why nothing came of a request. */
export type Failure =
  | { readonly type: 'UNREACHABLE' }
  | { readonly type: 'TOO_LARGE' }
  /** `seconds`: when to come back; null if the server did not say. */
  | { readonly type: 'TOO_MANY_REQUESTS' | 'UNAVAILABLE'; readonly seconds: number | null }
  /** `message`: what is wrong with the request, in English; null if the server did not say. */
  | { readonly type: 'REFUSED'; readonly message: string | null };

/** What the server made of what was filled in. */
export type Reply =
  | { readonly type: 'DONE' }
  | { readonly type: 'INVALID'; readonly errors: readonly DataError[] }
  /** It can't be submitted now, but may be later. */
  | { readonly type: 'BLOCKED' }
  /** It is over, or there is none: reading the session tells which. */
  | { readonly type: 'OVER' }
  | { readonly type: 'FAILED'; readonly failure: Failure };

/** What came of reading a session. */
export type Reading =
  | { readonly type: 'READ'; readonly session: Session }
  | { readonly type: 'UNKNOWN' }
  | { readonly type: 'FAILED'; readonly failure: Failure };

interface ErrorBody {
  readonly status?: string;
  readonly message?: string;
  readonly errors?: readonly DataError[];
}

/** Seconds from now, of a header that has seconds or a date. */
function secondsUntil(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return seconds > 0 ? seconds : null;
}

function failureOf({ status, headers }: Response, { message = null }: { readonly message?: string | null }) {
  const seconds = secondsUntil(headers.get('retry-after'));
  const failure = ((): Failure => {
    if (status === 413) return { type: 'TOO_LARGE' };
    if (status === 429) return { type: 'TOO_MANY_REQUESTS', seconds };
    if (status >= 500) return { type: 'UNAVAILABLE', seconds };
    return { type: 'REFUSED', message };
  })();
  return { type: 'FAILED', failure } as const;
}

const UNREACHABLE = { type: 'FAILED', failure: { type: 'UNREACHABLE' } } as const;

/** The body of a refusal. What stands between may refuse too, in a form of its own. */
async function errorBody(response: Response): Promise<ErrorBody> {
  try {
    return ((await response.json()) ?? {}) as ErrorBody;
  } catch {
    return {};
  }
}

/** Reads the session. */
export async function readSession(base: string): Promise<Reading> {
  try {
    const response = await fetch(`${base}/session`, { cache: 'no-store' });
    if (response.ok) return { type: 'READ', session: (await response.json()) as Session };
    return response.status === 404 ? { type: 'UNKNOWN' } : failureOf(response, await errorBody(response));
  } catch {
    return UNREACHABLE;
  }
}

/** In UTF-16 units, of three bytes at most. */
const MOST_KEPT_ALIVE = 20_000;

async function send(base: string, method: string, action: string, data: FormData): Promise<Reply> {
  const content = JSON.stringify({ data });
  let response: Response;
  try {
    response = await fetch(`${base}/${action}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: content,
      // The page may be left while a draft is on its way. Browsers send at most 64 KiB then: what is larger has to wait for them.
      keepalive: action === 'draft' && content.length < MOST_KEPT_ALIVE,
    });
    // It is done once the whole answer is there, and one of the server's.
    if (response.ok) await response.json();
  } catch {
    return UNREACHABLE;
  }
  if (response.ok) return { type: 'DONE' };
  const body = await errorBody(response);
  if (body.errors) return { type: 'INVALID', errors: body.errors };
  if (body.status === 'TASK_BLOCKED') return { type: 'BLOCKED' };
  return [404, 409, 410].includes(response.status) ? { type: 'OVER' } : failureOf(response, body);
}

/** Keeps what is filled in so far. */
export function saveDraft(base: string, data: FormData): Promise<Reply> {
  return send(base, 'PUT', 'draft', data);
}

/** Submits the form. */
export function submit(base: string, data: FormData): Promise<Reply> {
  return send(base, 'POST', 'submission', data);
}
