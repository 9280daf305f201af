/** The list of entities: filtered, ordered, in keyset pages, counted. */
import { ENTITY_COLUMNS, type EntityRecord } from './entities.ts';
import { statement, type Statement, type Queryable } from './statement.ts';
import { entityVisibleThrough, visibleThrough } from './visibility.ts';

/** Which entities; null does not filter. */
export interface EntityFilter {
  readonly schema: string | null;
  /** Part of the title, in any case. */
  readonly search: string | null;
  /** What the attributes contain, in the sense of PostgreSQL's `@>`. */
  readonly attributes: Readonly<Record<string, unknown>> | null;
  /** Whether an open execution that the scope lets through is on the entity. */
  readonly hasOpenExecution: boolean | null;
  /** Users and teams through whose tasks the entity must be visible; null: sees all. */
  readonly scope: readonly string[] | null;
}

export interface EntityOrder {
  readonly field: 'title' | 'createdAt' | 'updatedAt';
  readonly isDescending: boolean;
}

const ORDERS = {
  title: { column: 'n.title', type: 'text' },
  createdAt: { column: 'n.created_at', type: 'timestamptz' },
  updatedAt: { column: 'n.updated_at', type: 'timestamptz' },
} as const;

interface Query {
  /** Tells statements with different texts apart; at most 32 bytes. */
  name: string;
  readonly conditions: string[];
  readonly values: unknown[];
}

/**
 * The conditions that are there, and no others. `$2 is null or attributes @> $2` would need one statement only, but once
 * PostgreSQL plans it without looking at the parameters, the index on the attributes is of no use to it.
 */
function filterQuery(organizationId: string, filter: EntityFilter): Query {
  const values: unknown[] = [organizationId];
  const conditions = ['n.organization_id = $1'];
  const names: string[] = [];
  const add = (name: string, value: unknown, condition: (parameter: string) => string): void => {
    values.push(value);
    names.push(name);
    conditions.push(condition(`$${values.length}`));
  };
  if (filter.schema !== null) add('schema', filter.schema, (schema) => `n.schema = ${schema}`);
  if (filter.search !== null)
    add('search', filter.search, (search) => `strpos(lower(n.title), lower(${search})) > 0`);
  if (filter.attributes !== null)
    add('attr', JSON.stringify(filter.attributes), (part) => `n.attributes @> ${part}::jsonb`);
  if (filter.scope !== null) {
    add('scope', filter.scope, entityVisibleThrough);
  }
  if (filter.hasOpenExecution !== null) {
    const open = `e.status in ('STARTED', 'FAILED') and ${filter.scope === null ? 'true' : visibleThrough(`$${values.length}`)}`;
    names.push(filter.hasOpenExecution ? 'open' : 'notOpen');
    conditions.push(`${filter.hasOpenExecution ? '' : 'not '}exists (${executionsOf(open)})`);
  }
  return { name: names.join('+'), conditions, values };
}

function executionsOf(condition: string): string {
  return `select from execution_entity x
    join execution e on e.organization_id = x.organization_id and e.id = x.execution_id
    where x.organization_id = n.organization_id and x.entity_id = n.id and ${condition}`;
}

const statements = new Map<string, Statement<unknown>>();

/** At most a few dozen in all: one for each combination of filters and orders that is really asked for. */
function statementFor<Row>(name: string, text: () => string): Statement<Row> {
  let made = statements.get(name);
  if (!made) {
    made = statement(name, text());
    statements.set(name, made);
  }
  return made as Statement<Row>;
}

/** Entities in the order, after the sort value and id of one, at most `limit`. */
export async function readEntityPage(
  db: Queryable,
  organizationId: string,
  filter: EntityFilter,
  order: EntityOrder,
  after: { readonly value: string; readonly id: string } | null,
  limit: number,
): Promise<EntityRecord[]> {
  const { name, conditions, values } = filterQuery(organizationId, filter);
  const { column, type } = ORDERS[order.field];
  const direction = order.isDescending ? 'desc' : 'asc';
  if (after) {
    values.push(after.value, after.id);
    const place = `($${values.length - 1}::${type}, $${values.length}::uuid)`;
    conditions.push(`(${column}, n.id) ${order.isDescending ? '<' : '>'} ${place}`);
  }
  values.push(limit);
  const page = statementFor<EntityRecord>(
    `entity.${after ? 'next' : 'page'}.${order.field}.${direction}.${name}`,
    () => `select ${ENTITY_COLUMNS} from entity n where ${conditions.join(' and ')}
      order by ${column} ${direction}, n.id ${direction} limit $${values.length}`,
  );
  return db.query(page, values);
}

/** How many entities the filter lets through. */
export async function countEntities(
  db: Queryable,
  organizationId: string,
  filter: EntityFilter,
): Promise<number> {
  const { name, conditions, values } = filterQuery(organizationId, filter);
  const count = statementFor<{ count: number }>(
    `entity.count.${name}`,
    () => `select count(*) as count from entity n where ${conditions.join(' and ')}`,
  );
  const [row] = await db.query(count, values);
  return row?.count ?? 0;
}
