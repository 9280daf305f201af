/** How PostgreSQL's values arrive: instants as ISO text (the engine's form), 64-bit integers as numbers. */
import pg from 'pg';

const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;
const INT8: number = pg.types.builtins.INT8;

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is larger than a number can hold exactly`);
  return value;
}

/** `2026-11-23 08:30:00.123+00` → `2026-11-23T08:30:00.123Z`. */
export function toInstant(text: string): string {
  return new Date(text).toISOString();
}

const standard: (oid: number, format?: 'text' | 'binary') => unknown = pg.types.getTypeParser;

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === TIMESTAMPTZ) return toInstant;
  return oid === INT8 ? parseInt8 : standard(oid, format);
}

/** The parsers of this program's own statements (Prisma brings its own). */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: parserOf as pg.CustomTypesConfig['getTypeParser'],
};
