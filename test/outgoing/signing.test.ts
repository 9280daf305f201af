import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { isSecret, newSecret, signedHeaders } from '../../src/outgoing/signing.ts';

const body = '{"type":"task.completed","data":{"name":"Prüfung"}}';

test('the example of the specification has its signature', () => {
  const headers = signedHeaders(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  );
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('a signature is the HMAC of id, time in seconds and body', () => {
  const secret = newSecret();
  const headers = signedHeaders('id-1', new Date(1_700_000_000_999), body, [secret]);
  const hmac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  expect(headers['webhook-signature']).toBe(`v1,${hmac.update(`id-1.1700000000.${body}`).digest('base64')}`);
});

describe('a receiver that checks', () => {
  const secret = newSecret();
  const verify = (text: string, headers: Record<string, string>, by = secret) =>
    new Webhook(by).verify(text, headers);

  test('takes what was sent', () => {
    expect(verify(body, signedHeaders('id-1', new Date(), body, [secret]))).toEqual(JSON.parse(body));
  });

  test.each<[string, string, Record<string, string>]>([
    ['another body', body.replace('completed', 'deleted'), {}],
    ['another id', body, { 'webhook-id': 'id-2' }],
    ['another time', body, { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 60) }],
  ])('refuses %s', (_, text, changed) => {
    const headers = { ...signedHeaders('id-1', new Date(), body, [secret]), ...changed };
    expect(() => verify(text, headers)).toThrow('No matching signature found');
  });

  test('refuses what another secret has signed', () => {
    const headers = signedHeaders('id-1', new Date(), body, [newSecret()]);
    expect(() => verify(body, headers)).toThrow('No matching signature found');
  });

  test('may have the old or the new secret while one takes the place of the other', () => {
    const secrets = [newSecret(), newSecret()];
    const headers = signedHeaders('id-1', new Date(), body, secrets);
    for (const one of secrets) expect(verify(body, headers, one)).toEqual(JSON.parse(body));
  });
});

test('without a secret nothing can be signed', () => {
  expect(() => signedHeaders('id-1', new Date(), body, [])).toThrow('needs a secret');
});

test('a new secret is one, and another one each time', () => {
  expect(isSecret(newSecret())).toBe(true);
  expect(newSecret()).not.toBe(newSecret());
});

test.each([24, 32, 33, 64])('%i bytes are a secret', (count) => {
  expect(isSecret(`whsec_${Buffer.alloc(count, 7).toString('base64')}`)).toBe(true);
});

const good = Buffer.alloc(32, 7).toString('base64');
test.each([
  ['too few bytes', `whsec_${Buffer.alloc(23).toString('base64')}`],
  ['too many bytes', `whsec_${Buffer.alloc(65).toString('base64')}`],
  ['no prefix', good],
  ['another prefix', `WHSEC_${good}`],
  ['other letters', `whsec_${good.slice(0, -4)}-_-=`],
  ['a line break', `whsec_${good}\n`],
  ['no end', `whsec_${good.replace(/=+$/, '')}`],
  ['nothing', ''],
])('with %s it is no secret', (_, text) => {
  expect(isSecret(text)).toBe(false);
});
