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

/** What the server made of a request. */
export type Reply =
  | { readonly type: 'DONE' }
  | { readonly type: 'INVALID'; readonly errors: readonly DataError[] }
  /** It can't be submitted now, but may be later. */
  | { readonly type: 'BLOCKED' }
  /** It is over, or there is none: reading the session tells which. */
  | { readonly type: 'OVER' }
  /** The server can't be reached, or has too much to do. */
  | { readonly type: 'FAILED' };

/** Reads the session; null if there is none. Rejects if the server can't be reached. */
export async function readSession(base: string): Promise<Session | null> {
  const response = await fetch(`${base}/session`, { cache: 'no-store' });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as Session;
}

/** In UTF-16 units, of three bytes at most. */
const MOST_KEPT_ALIVE = 20_000;

async function send(base: string, method: string, action: string, data: FormData): Promise<Reply> {
  const content = JSON.stringify({ data });
  let response: Response;
  let body: { readonly status?: string; readonly errors?: readonly DataError[] };
  try {
    response = await fetch(`${base}/${action}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: content,
      // The page may be left while a draft is on its way. Browsers send at most 64 KiB then: what is larger has to wait for them.
      keepalive: action === 'draft' && content.length < MOST_KEPT_ALIVE,
    });
    body = (await response.json()) as typeof body;
  } catch {
    return { type: 'FAILED' };
  }
  if (response.ok) return { type: 'DONE' };
  if (body.errors) return { type: 'INVALID', errors: body.errors };
  if (body.status === 'TASK_BLOCKED') return { type: 'BLOCKED' };
  return { type: [404, 409, 410].includes(response.status) ? 'OVER' : 'FAILED' };
}

/** Keeps what is filled in so far. */
export function saveDraft(base: string, data: FormData): Promise<Reply> {
  return send(base, 'PUT', 'draft', data);
}

/** Submits the form. */
export function submit(base: string, data: FormData): Promise<Reply> {
  return send(base, 'POST', 'submission', data);
}
