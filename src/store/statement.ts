/** Named, prepared SQL: PostgreSQL parses and plans each once per connection, and the name tells it apart in its statistics. */
import type { QueryConfig } from 'pg';

/** A prepared statement whose rows have the shape `Row`. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Only carries the type; never set. */
  readonly row?: Row;
}

/** PostgreSQL cuts longer names off, and two that begin alike would be one (NAMEDATALEN - 1). */
const LONGEST_NAME = 63;

/**
 * Makes a statement. `name` is unique in the program, `noun.verb`, at most 63 bytes; columns are aliased to the fields of `Row`.
 */
export function statement<Row>(name: string, text: string): Statement<Row> {
  if (Buffer.byteLength(name) > LONGEST_NAME)
    throw new Error(`the name of the statement ${name} has more than ${LONGEST_NAME} bytes`);
  return { name, text };
}

/** What `pg` takes for running a statement with its parameters. */
export function bind<Row>(prepared: Statement<Row>, values: readonly unknown[]): QueryConfig {
  return { name: prepared.name, text: prepared.text, values: [...values] };
}

/** Runs a statement and answers its rows: the database, or one transaction of it. */
export interface Queryable {
  query<Row>(prepared: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
}
