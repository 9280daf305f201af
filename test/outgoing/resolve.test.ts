import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { lookupByDns } from '../../src/outgoing/resolve.ts';

const HEADER_BYTES = 12;
const IPV4 = 1;

/** What a name server says that knows one address of every name, 93.184.216.34. */
function answerTo(query: Buffer): Buffer {
  const end = query.indexOf(0, HEADER_BYTES) + 5;
  const isIpv4 = query.readUInt16BE(end - 4) === IPV4;
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(isIpv4 ? 1 : 0, 6);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, HEADER_BYTES, 0, IPV4, 0, 1, 0, 0, 0, 60, 0, 4, 93, 184, 216, 34]);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...(isIpv4 ? [record] : [])]);
}

async function openNameServer(): Promise<{ readonly address: string } & AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    socket.send(answerTo(query), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

test('name servers are asked for addresses of both families, of which one is enough', async () => {
  await using server = await openNameServer();
  expect(await lookupByDns([server.address])('receiver.example.com')).toEqual(['93.184.216.34']);
});
