/** Resolvers that change their answer between the check and the connection. */
import { Socket, type TcpNetConnectOpts } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Targets } from '../../src/outgoing/target.ts';
import { post } from '../../src/outgoing/request.ts';
import { certificate, certificateKey, certifiedHost } from '../support/certificate.ts';
import { openHttpReceiver } from '../support/http-receiver.ts';

const publicAddress = '93.184.216.34';
const innerAddress = '127.0.0.1';

/** Sends to a name that leads to one list of addresses after the other; a receiver is at the inner address. */
async function postWhileItLeadsTo(targets: Targets, ...answers: readonly (readonly string[])[]) {
  await using receiver = await openHttpReceiver({ tls: { key: certificateKey, cert: certificate } });
  const left = [...answers];
  const lookup = vi.fn(() => Promise.resolve(left.shift() ?? []));
  const url = `https://${certifiedHost}:${receiver.port}/`;
  const answer = await post({ url, headers: {}, body: '{}', targets, lookup, ca: certificate });
  return { answer, lookups: lookup.mock.calls.length, connections: receiver.connections };
}

/** Makes all connections fail. Gives the addresses that they would have gone to. */
function watchConnections(): () => readonly string[] {
  const found: string[] = [];
  const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (
    this: Socket,
    ...args: readonly unknown[]
  ) {
    const [options] = args.flat() as [TcpNetConnectOpts];
    options.lookup?.(options.host ?? '', { all: true }, (_error, addresses) => {
      if (typeof addresses !== 'string') found.push(...addresses.map(({ address }) => address));
    });
    setImmediate(() => this.destroy(new Error('no network')));
    return this;
  });
  onTestFinished(() => {
    connect.mockRestore();
  });
  return () => found;
}

test('a name that leads inside once it has been checked is not looked up again', async () => {
  const wentTo = watchConnections();
  const { answer, lookups } = await postWhileItLeadsTo('public', [publicAddress], [innerAddress]);
  expect(answer).toMatchObject({ ok: false, code: 'CONNECTION_FAILED' });
  expect({ lookups, wentTo: wentTo() }).toEqual({ lookups: 1, wentTo: [publicAddress] });
});

test('a name that leads inside when it is checked is refused, wherever it leads later', async () => {
  const { answer, lookups, connections } = await postWhileItLeadsTo(
    'public',
    [innerAddress],
    [publicAddress],
  );
  expect(answer).toMatchObject({ ok: false, code: 'FORBIDDEN_ADDRESS' });
  expect({ lookups, connections }).toEqual({ lookups: 1, connections: 0 });
});

test.each([[[publicAddress, innerAddress]], [[innerAddress, publicAddress]]])(
  'a name that leads to %j is refused, since one of them is inside',
  async (addresses) => {
    const { answer, connections } = await postWhileItLeadsTo('public', addresses);
    expect(answer).toMatchObject({ ok: false, code: 'FORBIDDEN_ADDRESS' });
    expect(connections).toBe(0);
  },
);

test('the connection goes to what the first answer was', async () => {
  const { answer, lookups, connections } = await postWhileItLeadsTo('any', [innerAddress], ['192.0.2.1']);
  expect(answer).toMatchObject({ ok: true, status: 204 });
  expect({ lookups, connections }).toEqual({ lookups: 1, connections: 1 });
});
