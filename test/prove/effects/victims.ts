/** Servers that are killed one by one, and now and then all at once. */
import type { Lane } from '../live/trouble.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import type { Node } from '../live/nodes.ts';

/** Of so many kills, two are of both at once. */
const KILLS_FOR_BOTH = 20;
/** A strike comes so long after what it is measured by, at most, so that it can meet anything. In ms. */
const LONGEST_DELAY_MS = 300;

/** The kills, `kills` of both servers together. None is killed while it starts. */
export function killingBoth(nodes: readonly [Node, Node], kills: number, chance: Chance): Lane[] {
  const [first, second] = nodes;
  const both = kills < 2 ? 0 : Math.max(1, Math.floor(kills / KILLS_FOR_BOTH));
  const single = kills - 2 * both;
  let firstFree = Promise.resolve();
  let secondFree = Promise.resolve();

  async function strikeFirst(): Promise<void> {
    await delay(chance.below(LONGEST_DELAY_MS));
    firstFree = firstFree.then(() => first.kill());
    await firstFree;
  }
  async function strikeSecond(): Promise<void> {
    await delay(chance.below(LONGEST_DELAY_MS));
    secondFree = secondFree.then(() => second.kill());
    await secondFree;
  }
  async function strikeBoth(): Promise<void> {
    const areFree = Promise.all([firstFree, secondFree]);
    firstFree = areFree.then(() => first.kill());
    secondFree = areFree.then(() => second.kill());
    await Promise.all([firstFree, secondFree]);
  }
  return [
    { times: Math.ceil(single / 2), strike: strikeFirst },
    { times: Math.floor(single / 2), strike: strikeSecond },
    { times: both, strike: strikeBoth },
  ].filter(({ times }) => times > 0);
}
