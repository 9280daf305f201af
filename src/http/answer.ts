import type { ServerResponse } from 'node:http';

/** Sends a complete JSON answer. Does nothing once another answer has begun. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, jsonHeaders(body, headers));
  response.end(JSON.stringify(body));
}

/** Headers of a JSON answer that no proxy or browser keeps. */
export function jsonHeaders(
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(JSON.stringify(body))),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  };
}

/** An error as GraphQL clients expect it, for what fails before GraphQL is reached. */
export function graphqlError(
  message: string,
  code: string,
): { errors: [{ message: string; extensions: { code: string } }] } {
  return { errors: [{ message, extensions: { code } }] };
}

/** Tells a program that the database is away, and to come back. `headers`: more of them. */
export function answerUnavailable(
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): void {
  const message = 'The server cannot reach its database at the moment: try again.';
  answerJson(response, 503, { status: 'UNAVAILABLE', message }, { ...headers, 'retry-after': '1' });
}
