/**
 * HTTP requests to receivers that users name, made so that nobody can use the server to reach what only it can reach: the host is looked up once, all its
 * addresses are checked, and the connection is made to exactly these; redirects and proxies are not followed, and time and sizes are limited.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { exchange } from './exchange.ts';
import { RequestFailure, type Answered, type RequestFailureCode } from './failure.ts';
import { isFraming } from './headers.ts';
import { lookupByDns, lookupBySystem, resolveAddresses, type Lookup } from './resolve.ts';
import { checkTarget, type Targets } from './target.ts';
import { limitTime } from './time-limit.ts';

export interface PostRequest {
  readonly url: string;
  /** By name. `content-type` is JSON and `user-agent` Handrail unless they are here; the client alone says how the request is framed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly targets: Targets;
  /** Ends the request; the answer is then CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  /** For everything from looking up the host to the end of the answer. Default 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Default 64 KiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Default: by name servers if only public addresses may be reached, otherwise as the system does. */
  readonly lookup?: Lookup | undefined;
  /** Certificates (PEM) to trust instead of the usual ones. */
  readonly ca?: string | undefined;
}

export interface PostAnswer {
  readonly ok: true;
  /** 200 to 299 or 400 and above: what it means, `verdictOf` in retry.ts says. */
  readonly status: number;
  readonly headers: { readonly retryAfter: string | null };
  /** Its first 4 KiB, as the database can keep it. */
  readonly body: string;
  readonly durationMs: number;
}

export interface PostFailure {
  readonly ok: false;
  readonly code: RequestFailureCode;
  /** A sentence for people. */
  readonly message: string;
  /** Whether trying again is in vain until somebody changes the URL or a header. */
  readonly isPermanent: boolean;
  /** What the receiver had answered before it failed: the rest of its answer was too large or too late. */
  readonly answered: Answered | null;
  readonly durationMs: number;
}

const defaultTimeoutMs = 15_000;
const defaultMaxResponseBytes = 64 * 1024;

/** Sends a request once. Never rejects because of what is outside. */
export async function post(request: PostRequest): Promise<PostAnswer | PostFailure> {
  const startedAt = performance.now();
  const duration = () => Math.round(performance.now() - startedAt);
  try {
    return { ok: true, ...(await attempt(request)), durationMs: duration() };
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    const { code, message, isPermanent, answered } = error;
    return { ok: false, code, message, isPermanent, answered, durationMs: duration() };
  }
}

async function attempt(request: PostRequest) {
  const { targets, body } = request;
  const lookup = request.lookup ?? (targets === 'public' ? lookupByDns() : lookupBySystem);
  using limit = limitTime(request.timeoutMs ?? defaultTimeoutMs, request.signal);
  const url = usableUrl(request);
  const headers = completeHeaders(request.headers);
  const addresses = await limit.race(resolveAddresses(url, targets, lookup));
  return await exchange({
    url,
    addresses,
    headers,
    body,
    maxResponseBytes: request.maxResponseBytes ?? defaultMaxResponseBytes,
    signal: limit.signal,
    ca: request.ca,
  });
}

function usableUrl({ url, targets }: PostRequest): URL {
  const check = checkTarget(url, targets);
  if (check.ok) return check.url;
  const isForbidden = check.code === 'FORBIDDEN_ADDRESS' || check.code === 'FORBIDDEN_HOST';
  throw new RequestFailure(
    isForbidden ? 'FORBIDDEN_ADDRESS' : 'INVALID_REQUEST',
    `The URL ${check.message}.`,
  );
}

function completeHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'Handrail',
    // So that a small answer cannot become a large one.
    'accept-encoding': 'identity',
  };
  for (const [name, value] of Object.entries(given)) {
    if (isFraming(name) || !isValid(name, value)) {
      throw new RequestFailure('INVALID_REQUEST', `The header ${JSON.stringify(name)} cannot be sent.`);
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** Whether HTTP can carry it; what users may choose is less. */
function isValid(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
