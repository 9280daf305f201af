/** One request and its answer, over a connection of its own to an address that has been checked. */
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction, type TcpSocketConnectOpts } from 'node:net';
import { RequestFailure, type Answered } from './failure.ts';
import { keepable } from './text.ts';

export interface Exchange {
  readonly url: URL;
  /** Those of the URL's host, checked; at least one. */
  readonly addresses: readonly string[];
  /** Valid for HTTP. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly maxResponseBytes: number;
  /** Ends it; its reason is a {@link RequestFailure}. */
  readonly signal: AbortSignal;
  readonly ca: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly retryAfter: string | null };
  readonly body: string;
}

/** How much of an answer is kept, in bytes. */
const keptBytes = 4096;

const maxHeaderBytes = 16 * 1024;

/** How long one address may take to connect before the next is tried, in ms. */
const nextAddressAfterMs = 1000;

/** @throws {RequestFailure} */
export function exchange(plan: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = open(plan);
    const isSecured = watchSecurity(outgoing);
    let reading: Reading | null = null;
    const fail = (error: unknown) =>
      reject(failureOf(error, plan, isSecured(), reading && answeredSoFar(reading)));
    outgoing.on('error', fail);
    outgoing.on('close', () => {
      // Otherwise reading the answer tells.
      if (reading === null) fail(new Error('the connection was closed without an answer'));
    });
    outgoing.on('response', (response) => {
      reading = { response, kept: [] };
      void readAnswer(reading, plan.maxResponseBytes)
        .then(resolve, fail)
        .finally(() => outgoing.destroy());
    });
    outgoing.end(plan.body);
  });
}

function open({ url, addresses, headers, signal, ca }: Exchange): ClientRequest {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options: RequestOptions & Pick<TcpSocketConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
    method: 'POST',
    headers: { ...headers },
    signal,
    // No connection that was opened for another request, nor a session of its host.
    agent: false,
    lookup: answerWith(addresses),
    autoSelectFamilyAttemptTimeout: nextAddressAfterMs,
    maxHeaderSize: maxHeaderBytes,
    ...(ca === undefined ? {} : { ca }),
  };
  return request(url, options);
}

/** In place of a resolver, so that the connection goes where the check has looked. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
}

/** Tells whether the connection has got as far as a request can be sent over it: null as long as there is none. */
function watchSecurity(outgoing: ClientRequest): () => boolean | null {
  let isSecured: boolean | null = null;
  outgoing.on('socket', (socket) => {
    socket.once('connect', () => (isSecured = !('encrypted' in socket)));
    socket.once('secureConnect', () => (isSecured = true));
  });
  return () => isSecured;
}

/** An answer that comes in. */
interface Reading {
  readonly response: IncomingMessage;
  /** The beginning of its body. */
  readonly kept: Buffer[];
}

function answeredSoFar({ response, kept }: Reading): Answered {
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'] ?? null,
    body: decode(Buffer.concat(kept)),
  };
}

async function readAnswer(reading: Reading, maxBytes: number): Promise<Answer> {
  const { response, kept } = reading;
  const { status } = answeredSoFar(reading);
  if (status >= 300 && status < 400)
    throw new RequestFailure(
      'REDIRECT',
      `The receiver answered ${status}; redirects are not followed.`,
      answeredSoFar(reading),
    );
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size < keptBytes) kept.push(chunk.subarray(0, keptBytes - size));
    size += chunk.length;
    if (size > maxBytes) {
      throw new RequestFailure(
        'RESPONSE_TOO_LARGE',
        `The answer has more than ${maxBytes} bytes.`,
        answeredSoFar(reading),
      );
    }
  }
  const { retryAfter, body } = answeredSoFar(reading);
  return { status, headers: { retryAfter }, body };
}

/** Without the part of a character at the end. */
function decode(bytes: Buffer): string {
  return keepable(new TextDecoder().decode(bytes, { stream: true }), keptBytes);
}

function failureOf(
  error: unknown,
  { url, signal }: Exchange,
  isSecured: boolean | null,
  answered: Answered | null,
): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const reason: unknown = signal.reason;
  if (reason instanceof RequestFailure) return new RequestFailure(reason.code, reason.message, answered);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new RequestFailure(
      'RESPONSE_TOO_LARGE',
      `The answer's headers have more than ${maxHeaderBytes} bytes.`,
      answered,
    );
  }
  if (code.startsWith('HPE_')) {
    return new RequestFailure('INVALID_RESPONSE', `The answer is not HTTP: ${textOf(error)}.`, answered);
  }
  return isSecured === false
    ? new RequestFailure(
        'TLS_FAILED',
        `There is no secure connection to ${url.host}: ${textOf(error)}.`,
        answered,
      )
    : new RequestFailure(
        'CONNECTION_FAILED',
        `The connection to ${url.host} failed: ${textOf(error)}.`,
        answered,
      );
}

/** Of several attempts to connect, Node's error has no text of its own. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0]);
  return keepable(error instanceof Error ? error.message : String(error), 500).replace(/\.+$/, '');
}
