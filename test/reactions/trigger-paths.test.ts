import { describe, expect, test } from 'vitest';
import { touches } from '../../src/reactions/trigger-paths.ts';

describe('a change touches a path', () => {
  test.each([
    ['at it', { city: 'Lindental' }, 'city'],
    ['inside of it', { customer: { city: 'Lindental' } }, 'customer'],
    ['around it', { customer: null }, 'customer.city'],
    ['in the list that it leads through', { items: [{ price: 1 }] }, 'items[*].price'],
    ['in the list of which it names an element', { items: [] }, 'items[0].price'],
    ['in a list that it leads through without saying so', { contacts: [{ email: 'a' }] }, 'contacts.email'],
    ['at a name with dots', { 'delivery.date': '2026-03-02' }, '["delivery.date"]'],
    ['in a list within an object', { order: { items: [] } }, 'order.items[*].price'],
  ])('%s', (_where, patch, path) => {
    expect(touches(patch, path)).toBe(true);
  });

  test.each([
    ['beside it', { customer: { name: 'Ann' } }, 'customer.city'],
    ['at a longer name', { cityCode: 'L' }, 'city'],
    ['at names that look like its one', { delivery: { date: '2026-03-02' } }, '["delivery.date"]'],
    ['of no attribute', {}, 'city'],
    ['beside its list', { order: { total: 3 } }, 'order.items[*].price'],
  ])('not %s', (_where, patch, path) => {
    expect(touches(patch, path)).toBe(false);
  });
});
