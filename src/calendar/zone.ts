/** Wall clocks: what time it is somewhere at a moment, and which moment a wall clock means. */
import { IANAZone } from 'luxon';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Local time is told as `Date` tells UTC: milliseconds since 1970 on the wall clock. */
export interface Zone {
  readonly toLocal: (time: number) => number;
  /** A time that the clock leaves out moves forward by what is left out; of one that it shows twice, the first. */
  readonly fromLocal: (local: number) => number;
}

/** No place is further from UTC than this. */
const FARTHEST = 16 * HOUR;
/** Clocks don't change twice within this. */
const SPAN = 48 * HOUR;
/** How many offsets are kept for each zone: some years of spans. */
const MAX_KEPT = 4_000;

/** The offset from UTC at a moment, in milliseconds. Asking the zone takes tens of microseconds, so where it does not change is remembered. */
function offsets(zone: IANAZone): (time: number) => number {
  const kept = new Map<number, number>();
  const ask = (time: number): number => zone.offset(time) * MINUTE;
  const atStartOf = (span: number): number => {
    const known = kept.get(span);
    if (known !== undefined) return known;
    if (kept.size >= MAX_KEPT) kept.clear();
    const offset = ask(span * SPAN);
    kept.set(span, offset);
    return offset;
  };
  return (time) => {
    const span = Math.floor(time / SPAN);
    const offset = atStartOf(span);
    return offset === atStartOf(span + 1) ? offset : ask(time);
  };
}

const zones = new Map<string, Zone>();

/** Whether the text is a time zone's name in the IANA database, such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** The wall clock of a time zone by its IANA name. Throws if there is none of this name. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  if (!isTimeZone(name)) throw new Error(`there is no time zone ${JSON.stringify(name)}`);
  const offsetAt = offsets(IANAZone.create(name));
  const zone: Zone = {
    toLocal: (time) => time + offsetAt(time),
    fromLocal(local) {
      const before = offsetAt(local - FARTHEST);
      const after = offsetAt(local + FARTHEST);
      const isShown = (offset: number): boolean => offsetAt(local - offset) === offset;
      // Shown under both offsets (twice): the first is the earlier. Under neither (left out): the old offset moves it forward.
      if (isShown(before)) return local - before;
      return isShown(after) ? local - after : local - before;
    },
  };
  zones.set(name, zone);
  return zone;
}
