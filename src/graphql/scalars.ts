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

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => JSONResolver.serialize(value) as unknown,
  parseValue: (value) => JSONResolver.parseValue(value) as unknown,
  parseLiteral: (ast, variables) => JSONResolver.parseLiteral(ast, variables) as unknown,
});
