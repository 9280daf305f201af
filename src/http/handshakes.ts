/**
 * Sockets of which the server does not know yet who they are. Anybody can open them, so there is a bound on all of them together; a bound
 * for each address would hit everybody behind a proxy at once.
 */
import type { WebSocket } from 'ws';

export interface Handshakes {
  /** Whether one more socket may be opened now. If there are too many, the one that has kept silent for longest makes room, unless it is new itself. */
  admit(): boolean;
  /** The socket is open. It counts until it is done or has closed. */
  begin(socket: Opening): void;
  /** The socket has presented its token; what takes time from now on is not its fault. */
  hear(socket: Opening): void;
  /** The token was no good. The socket counts until its peer has closed it too, which a hostile one delays, but makes room like a silent one. */
  refuse(socket: Opening): void;
  /** The socket is known, or gone. */
  end(socket: Opening): void;
}

/** What is needed of a socket here. */
export type Opening = Pick<WebSocket, 'terminate'>;

export interface HandshakesOptions {
  readonly most?: number;
  /** How long, in milliseconds, a socket may keep silent while others wait for its place. A client presents its token at once. */
  readonly patienceMs?: number;
  /** In milliseconds, from any start. */
  readonly now?: () => number;
}

export function createHandshakes(options: HandshakesOptions = {}): Handshakes {
  const { most = 1_000, patienceMs = 2_000, now = () => performance.now() } = options;
  const heard = new Set<Opening>();
  /** Since when they are silent; the first is the oldest. */
  const silent = new Map<Opening, number>();

  return {
    admit() {
      if (heard.size + silent.size < most) return true;
      const [oldest] = silent;
      if (!oldest || now() - oldest[1] < patienceMs) return false;
      silent.delete(oldest[0]);
      oldest[0].terminate();
      return true;
    },
    begin(socket) {
      silent.set(socket, now());
    },
    hear(socket) {
      if (silent.delete(socket)) heard.add(socket);
    },
    refuse(socket) {
      if (heard.delete(socket)) silent.set(socket, now());
    },
    end(socket) {
      silent.delete(socket);
      heard.delete(socket);
    },
  };
}
