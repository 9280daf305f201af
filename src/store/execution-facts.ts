/** What the engine has to know of the world outside an execution: its entities, and whom the texts in their attributes name. */
import type { AssigneeRef } from '../engine/definition.ts';
import { ENTITY_COLUMNS, type EntityRecord } from './entities.ts';
import { toInstant } from './types.ts';

/** Longer texts are nobody's id, address or name. */
const LONGEST_NAME = 200;

/** The entities and people as columns of a row. */
export interface FactsRow {
  entities: EntityRecord[];
  people: (AssigneeRef & { text: string })[];
}

/** What was read for `Facts` of the engine. */
export interface KnownFacts {
  /** By id. */
  readonly entities: ReadonlyMap<string, EntityRecord>;
  /** Active users and teams by the texts that name them, in lower case. */
  readonly people: ReadonlyMap<string, AssigneeRef>;
}

// A global id (55 letters for a user or team) becomes what it stands for: `user:` or `team:` and the key.
const MEANT = `lower(coalesce(case when t.text ~ '^[A-Za-z0-9_-]{55}$'
  then encode(decode(translate(t.text, '-_', '+/') || '=', 'base64'), 'escape') end, t.text))`;
const KEY = `case when m.meant ~ '^((user|team):)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then right(m.meant, 36)::uuid end`;

// One lookup for each way to name somebody, so that each uses its index; an id comes before an address and a user before a team.
const USER = 'join app_user u on u.organization_id = $1 and u.is_active';
const TEAM = 'join team g on g.organization_id = $1';
const PEOPLE = `select m.text, 'USER' as type, u.id, 1 as rank from meant m ${USER} and u.id = m.key and m.meant not like 'team:%'
  union all select m.text, 'USER', u.id, 2 from meant m ${USER} and lower(u.email) = m.meant
  union all select m.text, 'USER', u.id, 3 from meant m ${USER} and lower(u.external_id) = m.meant
  union all select m.text, 'TEAM', g.id, 4 from meant m ${TEAM} and g.id = m.key and m.meant not like 'user:%'
  union all select m.text, 'TEAM', g.id, 5 from meant m ${TEAM} and lower(g.name) = m.meant`;

/**
 * Common table expressions, last of all `facts` with one row of the columns of `FactsRow`. The conditions say which entities `n` of the organization
 * `$1` there are, whether they stay locked until the transaction ends (always in the order of their ids, so that two commands can't wait
 * for each other), whether people are looked for at all, and in which JSON value besides the attributes, if in any.
 */
export function factsTables(conditions: {
  readonly entities: string;
  readonly isLocked: string;
  readonly arePeopleNeeded: string;
  readonly furtherTexts?: string;
}): string {
  const { furtherTexts } = conditions;
  const attributes =
    furtherTexts === undefined
      ? 'entities n'
      : `(select n.attributes from entities n union all select ${furtherTexts}) n`;
  const wanted = `n.organization_id = $1 and ${conditions.entities}`;
  return `locked_entities as (
     select ${ENTITY_COLUMNS} from entity n where ${wanted} and ${conditions.isLocked} order by n.id for no key update
   ), entities as (
     select * from locked_entities
     union all
     select ${ENTITY_COLUMNS} from entity n where ${wanted} and not exists (select from locked_entities)
   ), texts as (
     select distinct btrim(v.value #>> '{}', E' \\t\\r\\n') as text
     from ${attributes} cross join lateral jsonb_path_query(n.attributes, 'strict $.**') as v(value)
     where ${conditions.arePeopleNeeded} and jsonb_typeof(v.value) = 'string' and length(v.value #>> '{}') <= ${LONGEST_NAME}
   ), meant as (
     select m.*, ${KEY} as key from (select t.text, ${MEANT} as meant from texts t) m
   ), people as (
     select distinct on (p.text) p.text, p.type, p.id from (${PEOPLE}) p order by p.text, p.rank, p.id
   ), facts as (
     select coalesce((select json_agg(n) from entities n), '[]') as entities,
       coalesce((select json_agg(p) from people p), '[]') as people
   )`;
}

/** Rows inside a JSON aggregate carry PostgreSQL's own text of an instant. */
export function factsFromRow({ entities, people }: FactsRow): KnownFacts {
  return {
    entities: new Map(
      entities.map((entity) => [
        entity.id,
        { ...entity, createdAt: toInstant(entity.createdAt), updatedAt: toInstant(entity.updatedAt) },
      ]),
    ),
    people: new Map(people.map(({ text, type, id }) => [text.toLowerCase(), { type, id }])),
  };
}
