import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mayStandInFor,
  standInOf,
  standsInFor,
  type Away,
  type Colleague,
} from '../../src/engine/stand-in.ts';

function colleague(id: string): Colleague {
  return { id, kind: 'INTERNAL', company: null };
}

function partner(id: string, company: string | null): Colleague {
  return { id, kind: 'PARTNER', company };
}

/** Colleagues who are absent, and whom they have named: `a: 'b c'`. */
function away(named: Readonly<Record<string, string>>): Away[] {
  return Object.entries(named).map(([id, substitutes]) => ({
    ...colleague(id),
    substitutes: substitutes.split(' ').filter(Boolean).map(colleague),
  }));
}

describe('the substitute of somebody absent', () => {
  test.each([
    ['is the first of those they have named', { a: 'b c' }, 'b'],
    ['is the next if the first is absent', { a: 'b c', b: 'x' }, 'c'],
    ['comes from those of the first if all are absent', { a: 'b c', b: 'x', c: 'y' }, 'x'],
    ['is the nearest, whoever named them', { a: 'b c', b: 'd', c: 'y', d: 'z' }, 'y'],
    ['is nobody if all have named each other', { a: 'b', b: 'c', c: 'a' }, null],
    ['is never they themselves, however they are led to', { a: 'b', b: 'a x' }, 'x'],
    ['is nobody without an absence', { b: 'a' }, null],
    ['is nobody if nobody was named who is active', { a: '' }, null],
  ])('%s', (_what, named, expected) => {
    expect(standInOf('a', away(named))).toBe(expected);
  });

  test('of a partner is a partner of the same company, also through others', () => {
    const absent: Away = {
      ...partner('a', 'Dach'),
      substitutes: [partner('b', 'Dach'), partner('c', 'Rohr')],
    };
    expect(standInOf('a', [absent])).toBe('b');
    const gone: Away = { ...partner('b', 'Dach'), substitutes: [partner('d', 'Rohr'), partner('e', 'Dach')] };
    expect(standInOf('a', [absent, gone])).toBe('e');
  });

  test('may not be from the other side, nor from another or an unknown company', () => {
    expect(mayStandInFor(colleague('a'), colleague('b'))).toBe(true);
    expect(mayStandInFor(colleague('a'), colleague('a'))).toBe(false);
    expect(mayStandInFor(colleague('a'), partner('b', null))).toBe(false);
    expect(mayStandInFor(partner('a', 'Dach'), colleague('b'))).toBe(false);
    expect(mayStandInFor(partner('a', null), partner('b', null))).toBe(false);
    expect(mayStandInFor(partner('a', 'Dach'), partner('b', 'Rohr'))).toBe(false);
  });
});

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const anybodyAway = fc
  .dictionary(fc.constantFrom(...IDS), fc.array(fc.constantFrom(...IDS), { maxLength: 3 }), { maxKeys: 6 })
  .map((named) =>
    away(
      Object.fromEntries(
        Object.entries(named).map(([id, others]) => [id, others.filter((other) => other !== id).join(' ')]),
      ),
    ),
  );

/** How many names lead from one to the other over people who are absent; Infinity if none do. */
function distance(
  from: string,
  to: string,
  absences: readonly Away[],
  passed: readonly string[] = [],
): number {
  const absent = absences.find(({ id }) => id === from);
  if (!absent) return Infinity;
  const ways = absent.substitutes
    .filter(({ id }) => !passed.includes(id) && id !== from)
    .map(({ id }) => (id === to ? 1 : 1 + distance(id, to, absences, [...passed, from])));
  return Math.min(Infinity, ...ways);
}

describe('for all absences', () => {
  test('who stands in is present, and nobody who is present is nearer', () => {
    fc.assert(
      fc.property(anybodyAway, (absences) => {
        for (const { id } of absences) {
          const present = IDS.filter((other) => absences.every((one) => one.id !== other));
          const distances = present.map((other) => distance(id, other, absences));
          const found = standInOf(id, absences);
          if (found === null) expect(Math.min(Infinity, ...distances)).toBe(Infinity);
          else {
            expect(present).toContain(found);
            expect(distance(id, found, absences)).toBe(Math.min(...distances));
          }
        }
      }),
    );
  });

  test('everybody absent is stood in for by one person or by nobody, and those who are absent stand in for nobody', () => {
    fc.assert(
      fc.property(anybodyAway, (absences) => {
        const stoodInFor = IDS.flatMap((id) => standsInFor(id, absences));
        expect(new Set(stoodInFor).size).toBe(stoodInFor.length);
        for (const { id } of absences) {
          expect(stoodInFor.includes(id)).toBe(standInOf(id, absences) !== null);
          expect(standsInFor(id, absences)).toEqual([]);
        }
      }),
    );
  });
});
