import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePosition, encodePosition } from '../../src/store/event-cursor.ts';

test('a cursor gives back its number', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seq) => {
      expect(decodePosition(encodePosition(seq))).toBe(seq);
    }),
  );
});

test('any other text is not a cursor', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodePosition(text)).toBeNull();
    }),
  );
});

test.each([
  '',
  '12',
  'seq:12',
  Buffer.from('seq:-1').toString('base64url'),
  Buffer.from('seq:01').toString('base64url'),
  `${encodePosition(7)}=`,
  `${encodePosition(7)} `,
  Buffer.from('seq:99999999999999999').toString('base64url'),
])('%j is not a cursor', (text) => {
  expect(decodePosition(text)).toBeNull();
});
