/** What has reached the subscribers of one process. */
import { clockMs, DIGITS, MARK, type CrowdNews } from './protocol.ts';

export interface Inbox {
  /** Messages with a number so far. */
  readonly messages: number;
  /** Notes the message if it has a number. Each subscriber must get every number after its first, once and in order. */
  readonly take: (subscriber: number, message: Buffer) => boolean;
  /** How many subscribers have another number as their last. */
  behind(number: number): number;
}

interface Round {
  readonly times: Float64Array;
  count: number;
}

const ZERO = '0'.charCodeAt(0);

/** The number behind the mark, without making a text of it; -1 if there is none. */
function numberIn(message: Buffer): number {
  const at = message.indexOf(MARK);
  if (at < 0) return -1;
  let number = 0;
  for (let place = at + MARK.length; place < at + MARK.length + DIGITS; place += 1)
    number = number * 10 + (message[place] ?? NaN) - ZERO;
  return number;
}

/** `tell`: hears of each number that everybody has, and of everything that is wrong. */
export function createInbox(subscribers: number, tell: (news: CrowdNews) => void): Inbox {
  const last = new Int32Array(subscribers);
  const rounds = new Map<number, Round>();
  // A number instead of a bigint for each message.
  const offset = clockMs() - performance.now();
  let messages = 0;

  function roundOf(number: number): Round {
    const round = rounds.get(number) ?? { times: new Float64Array(subscribers), count: 0 };
    rounds.set(number, round);
    return round;
  }

  return {
    get messages() {
      return messages;
    },
    take(subscriber, message) {
      const number = numberIn(message);
      if (number < 0) return false;
      const now = performance.now() + offset;
      const before = last[subscriber] ?? 0;
      // The first may be any: whoever subscribes hears of what happens from then on.
      if (before !== 0 && number !== before + 1)
        tell({ kind: 'fault', text: `subscriber ${subscriber} got change ${number} after ${before}` });
      last[subscriber] = number;
      messages += 1;
      const round = roundOf(number);
      round.times[round.count] = now;
      round.count += 1;
      if (round.count === subscribers) {
        for (const other of rounds.keys()) if (other <= number) rounds.delete(other);
        tell({ kind: 'complete', number, times: round.times, frame: message.toString() });
      }
      return true;
    },
    behind: (number) => last.filter((latest) => latest !== number).length,
  };
}
