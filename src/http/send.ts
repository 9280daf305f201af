import type { ServerResponse } from 'node:http';

/** Whether the body comes bit by bit, for as long as the client stays. */
function isStream(contentType: string | null): boolean {
  return /^(text\/event-stream|multipart\/)/.test(contentType ?? '');
}

/** Resolves when the response takes more, or is closed. */
function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

async function sendStream(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  // Not by a pipeline: it would wait for a piece that is under way before it cancels, and that piece may never come.
  response.once('close', () => {
    reader.cancel().catch(() => undefined);
  });
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (!response.write(piece.value) && !response.destroyed) await writable(response);
  }
  response.end();
}

/**
 * Sends a response of the Fetch API as the answer of Node's server, a stream as fast as the client reads it. If the client goes away, the
 * stream is cancelled.
 *
 * @throws when the body fails.
 */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  const { body, headers, status } = answer;
  if (response.destroyed) {
    await body?.cancel();
    return;
  }
  for (const [name, value] of headers) response.setHeader(name, value);
  response.writeHead(status);
  if (body && isStream(headers.get('content-type'))) await sendStream(body, response);
  else response.end(Buffer.from(await answer.arrayBuffer()));
}
