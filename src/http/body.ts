import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { jsonHeaders } from './answer.ts';

/** The body would have been longer than allowed. */
export const tooLarge = Symbol('too large');

/**
 * Reads a request's whole body into memory, but never more than `limit` bytes of it.
 *
 * @returns {@link tooLarge} as soon as that is certain: from `Content-Length`, or while reading.
 * @throws when the client goes away meanwhile.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | typeof tooLarge> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const stop = (result: Buffer | typeof tooLarge) => {
      request.off('data', take).off('end', end).off('error', reject).off('close', gone);
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > limit) stop(tooLarge);
    };
    const end = () => stop(Buffer.concat(chunks, length));
    const gone = () => reject(new Error('the client closed the connection'));
    request.on('data', take).on('end', end).on('error', reject).on('close', gone);
  });
}

/** How long we listen to what a client still sends after it was refused, in ms. */
const lingering = 2000;

/** What a request is told whose body is longer than so many bytes. */
export function tooLargeMessage(limit: number): string {
  return `The body of a request may have at most ${limit} bytes.`;
}

/**
 * Answers 413 with the JSON and closes the connection, but not before the client has had a chance to read the answer: a socket that
 * is closed with unread data in it resets the connection, and the client may see that instead of the answer.
 */
export async function refuseBody(
  request: IncomingMessage,
  response: ServerResponse,
  body: object,
): Promise<void> {
  response.writeHead(413, jsonHeaders(body, { connection: 'close' }));
  response.write(JSON.stringify(body));
  request.resume();
  await finished(request, { writable: false, signal: AbortSignal.timeout(lingering) }).catch(() => undefined);
  response.end();
}
