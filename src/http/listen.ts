import type { Server } from 'node:http';
import { StartError } from '../start-error.ts';

/**
 * Starts listening.
 *
 * @returns the address to open, with the port that was really taken.
 * @throws {StartError} which says what to change, when the address cannot be had.
 */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<{ url: string }> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(explain(error, host, port));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${nameFor(host)}:${taken}` };
}

/** Something a browser on this machine can open. */
function nameFor(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const place = `Port ${port} on ${host}`;
  if (error.code === 'EADDRINUSE') {
    return new StartError(`${place} is in use; stop the other program or set PORT`);
  }
  if (error.code === 'EACCES') {
    return new StartError(`${place} may not be used by this account; set PORT to one above 1023`);
  }
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? '')) {
    return new StartError(
      `HOST ${host} is not an address of this machine; set HOST, for example to 127.0.0.1`,
    );
  }
  return error;
}
