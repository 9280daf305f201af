import { expect, test } from 'vitest';
import { checkHeader } from '../../src/outgoing/headers.ts';

test.each([
  ['X-Api-Key', 'secret'],
  ['authorization', 'Bearer abc.def'],
  ['x-empty', ''],
])('users may have %s sent', (name, value) => {
  expect(checkHeader(name, value)).toEqual({ ok: true });
});

test.each([
  ['', 'a', 'INVALID_HEADER_NAME'],
  ['x a', 'a', 'INVALID_HEADER_NAME'],
  ['x-a\r\nx-b', 'a', 'INVALID_HEADER_NAME'],
  ['Host', 'localhost', 'FORBIDDEN_HEADER'],
  ['Content-Length', '0', 'FORBIDDEN_HEADER'],
  ['TRANSFER-ENCODING', 'chunked', 'FORBIDDEN_HEADER'],
  ['Proxy-Authorization', 'a', 'FORBIDDEN_HEADER'],
  ['webhook-signature', 'v1,a', 'FORBIDDEN_HEADER'],
  ['x-a', 'b\r\nx-b: c', 'INVALID_HEADER_VALUE'],
  ['x-a', 'b\nc', 'INVALID_HEADER_VALUE'],
  ['x-a', 'ü', 'INVALID_HEADER_VALUE'],
  ['x-a', 'a'.repeat(2001), 'INVALID_HEADER_VALUE'],
])('users may not have %j: %j sent', (name, value, code) => {
  expect(checkHeader(name, value)).toMatchObject({ ok: false, code });
});
