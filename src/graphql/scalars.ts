/** The scalars beyond GraphQL's own. */
import { GraphQLError } from 'graphql';
import { JSONResolver } from 'graphql-scalars';
import { DateTime } from 'luxon';
import { builder } from './builder.ts';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** RFC 3339 text to an instant in UTC. Throws BAD_USER_INPUT for other text and for dates that do not exist. */
export function parseInstant(value: unknown): string {
  if (typeof value !== 'string' || !RFC_3339.test(value)) {
    throw new GraphQLError(
      `${JSON.stringify(value)} is not a DateTime: RFC 3339 with a time zone is needed, for example 2026-11-23T08:30:00Z.`,
      { extensions: { code: 'BAD_USER_INPUT' } },
    );
  }
  const instant = DateTime.fromISO(value, { zone: 'utc' });
  if (!instant.isValid) {
    throw new GraphQLError(
      `${value} is not a DateTime: there is no such date or time (${instant.invalidReason}).`,
      {
        extensions: { code: 'BAD_USER_INPUT' },
      },
    );
  }
  return instant.toISO();
}

builder.scalarType('DateTime', {
  description:
    'A moment in UTC, RFC 3339 with milliseconds: `2026-11-23T08:30:00.000Z`. Input may have any time zone offset.',
  serialize: (value) => value,
  parseValue: parseInstant,
});

const MAX_JSON_DEPTH = 50;

function badJson(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/**
 * The same value. Throws BAD_USER_INPUT if it is nested too deeply for what is done with it later, or has a number that JSON could not keep: 1e400
 * arrives as Infinity, and would be stored as null. Level by level, for a value can be nested more deeply than functions can call themselves.
 */
function parseJson(value: unknown): unknown {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'number' && !Number.isFinite(item))
        throw badJson('A number in the JSON is too large.');
      if (typeof item !== 'object' || item === null) continue;
      if (depth >= MAX_JSON_DEPTH)
        throw badJson(`The JSON is nested more deeply than ${MAX_JSON_DEPTH} levels.`);
      for (const member of Object.values(item) as unknown[]) inner.push(member);
    }
    level = inner;
  }
  return value;
}

builder.scalarType('JSON', {
  description: `Any JSON value, as an input at most ${MAX_JSON_DEPTH} levels deep.`,
  serialize: (value) => JSONResolver.serialize(value) as unknown,
  parseValue: parseJson,
  parseLiteral: (ast, variables) => parseJson(JSONResolver.parseLiteral(ast, variables)),
});
