import { describe, expect, test } from 'vitest';
import { loggedPath } from '../../src/http/secret-paths.ts';

const TOKEN = 'sEcReT'.repeat(8);

describe('what is logged of an address', () => {
  test.each<[path: string, logged: string]>([
    ['/', '/'],
    ['/graphql', '/graphql'],
    ['/assets/journey-AB12.js', '/assets/journey-AB12.js'],
    ['/journeys', '/journeys'],
    [`/callbacks/${TOKEN}`, '/callbacks/…'],
    [`/confirmations/${TOKEN}`, '/confirmations/…'],
    [`/journeys/${TOKEN}`, '/journeys/…'],
    [`/journeys/${TOKEN}/draft`, '/journeys/…/draft'],
    [`/journeys/${TOKEN}/nothing`, '/journeys/…'],
  ])('of %s is %s', (path, logged) => {
    expect(loggedPath(path)).toBe(logged);
  });

  test.each([
    `//journeys/${TOKEN}`,
    `/journeys//${TOKEN}`,
    `/journeys///${TOKEN}/draft`,
    `/journeys/x/${TOKEN}`,
    `/journeys/./${TOKEN}`,
    `/x/../journeys/${TOKEN}`,
    `/Journeys/${TOKEN}`,
    `/CALLBACKS/${TOKEN}`,
    `//confirmations//${TOKEN}`,
    `/handrail/callbacks/${TOKEN}`,
    `http://handrail.example/journeys/${TOKEN}/session`,
    `/%6aourneys/${TOKEN}`,
    `/journeys%2F${TOKEN}`,
    `/journeys%252F${TOKEN}`,
    `/journeys/%2e/${TOKEN}`,
    `/%63allbacks/${TOKEN}`,
    `/%/journeys/${TOKEN}`,
    `\\journeys\\${TOKEN}`,
    `/journeys\\${TOKEN}`,
  ])('has no secret of %s', (path) => {
    expect(loggedPath(path)).not.toMatch(/secret/i);
    expect(loggedPath(path)).toContain('…');
  });
});
