/** Requests with the bearer token of whoever is signed in. */

/**
 * Answers a bearer token. `isRefused`: the server did not take the last one, so that a kept one is no good any more. Rejects if nobody is
 * signed in: what needed the token fails with that.
 */
export type Token = (isRefused: boolean) => Promise<string>;

/** `fetch`, as urql and Apollo take it too; a token that is refused is renewed once. */
export function authorizedFetch(token: Token): typeof fetch {
  async function send(isRefused: boolean, ...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await token(isRefused)}`);
    return fetch(input, { ...init, headers });
  }
  return async (...request) => {
    const response = await send(false, ...request);
    return response.status === 401 ? send(true, ...request) : response;
  };
}
