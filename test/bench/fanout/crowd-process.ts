/** Many subscribers in one process. They look at nothing but the number in each message, so that they are faster than the server. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { answerParent, tellParent } from './helper-process.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { type CrowdHandlers, type CrowdNews, MARK, type Subscription, type Target } from './protocol.ts';

/** How many sockets may be on their way at a time. */
const CONNECTING = 100;
const NEWS_MS = 100;

const tell = (news: CrowdNews): void => tellParent(news);
let sockets: WebSocket[] = [];
let inbox: Inbox = createInbox(0, tell);
let isClosing = false;

/** Resolves when the subscription has been asked for. */
function connect({ url, token }: Target, subscription: Subscription, index: number): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws', {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  sockets.push(socket);
  const { take } = inbox;
  const send = (message: unknown): void => socket.send(JSON.stringify(message));

  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      if (subscription) send({ type: 'connection_init', payload: { token } });
      else resolve();
    });
    socket.on('message', (data: Buffer) => {
      if (take(index, data)) return;
      const { type } = JSON.parse(data.toString()) as { readonly type: string };
      if (type === 'connection_ack') {
        send({ id: randomUUID(), type: 'subscribe', payload: subscription });
        resolve();
      } else if (type === 'ping') send({ type: 'pong' });
      else tell({ kind: 'fault', text: `a message without ${MARK}: ${data.toString()}` });
    });
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      const text = `a socket was closed: ${code} ${reason.toString()}`;
      reject(new Error(text));
      if (!isClosing) tell({ kind: 'fault', text });
    });
  });
}

setInterval(() => {
  tell({ kind: 'received', messages: inbox.messages });
}, NEWS_MS);

answerParent<CrowdHandlers>({
  async open(targets, subscription) {
    inbox = createInbox(targets.length, tell);
    const queue = targets.entries();
    const work = async (): Promise<void> => {
      for (const [index, target] of queue) await connect(target, subscription, index);
    };
    await Promise.all(Array.from({ length: CONNECTING }, work));
  },
  behind: (number) => inbox.behind(number),
  async close() {
    isClosing = true;
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.close(1000);
    await Promise.all(closed);
    sockets = [];
    isClosing = false;
  },
});
