/** The physical limit: the same bytes to every socket, in a loop, by `ws` alone. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerParent } from './helper-process.ts';
import { createMeter, readMemory } from './meter.ts';
import { DIGITS, MARK, markOf, type TellableHandlers } from './protocol.ts';

const meter = createMeter();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const listening = once(server, 'listening');
const marked = new RegExp(`${MARK}\\d{${DIGITS}}`);
let template = '';

answerParent<TellableHandlers>({
  async listen(frame) {
    template = frame;
    await listening;
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  },
  change(number) {
    meter.change();
    // Bytes made once, as a text message: the fastest that `ws` has.
    const bytes = Buffer.from(template.replace(marked, markOf(number)));
    for (const socket of server.clients) socket.send(bytes, { binary: false });
  },
  sample: () => meter.sample(),
  memory: readMemory,
});
