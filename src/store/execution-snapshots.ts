/** Whole executions: the engine's input, and what a sidebar shows. */
import { ENTITY_COLUMNS, entityFromJson, type EntityRecord } from './entities.ts';
import { factsFromRow, factsTables, type FactsRow, type KnownFacts } from './execution-facts.ts';
import {
  EXECUTION_COLUMNS,
  executionFromRow,
  PHASE_COLUMNS,
  phaseFromRow,
  TASK_COLUMNS,
  taskFromRow,
  type ExecutionRow,
  type ExecutionSnapshot,
  type PhaseRow,
  type TaskRow,
} from './execution-records.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

interface SnapshotRow extends ExecutionRow {
  phases: PhaseRow[];
  tasks: TaskRow[];
}

/** One statement for any number of executions of any size. Task order: by phase (none comes last), then position. */
const SNAPSHOTS = `select ${EXECUTION_COLUMNS},
     coalesce((select json_agg(r order by r.position) from (
       select ${PHASE_COLUMNS} from phase p
       where p.organization_id = e.organization_id and p.execution_id = e.id) r), '[]') as phases,
     coalesce((select json_agg(r) from (
       select ${TASK_COLUMNS} from task t left join phase h on h.organization_id = t.organization_id and h.id = t.phase_id
       where t.organization_id = e.organization_id and t.execution_id = e.id
       order by h.position nulls last, t.position, t.id) r), '[]') as tasks
   from execution e where e.organization_id = $1 and e.id = any($2::uuid[]) and ${visibleThrough('$3')}`;

const byIds = statement<SnapshotRow>('execution.snapshots', SNAPSHOTS);

function snapshotFromRow({ phases, tasks, ...execution }: SnapshotRow): ExecutionSnapshot {
  return {
    execution: executionFromRow(execution),
    phases: phases.map(phaseFromRow),
    tasks: tasks.map((task) => taskFromRow(task, execution.status)),
  };
}

function snapshotsFromRows(rows: readonly SnapshotRow[]): Map<string, ExecutionSnapshot> {
  return new Map(rows.map((row) => [row.id, snapshotFromRow(row)]));
}

/** The executions with these ids that can be seen through the scope (null: all of the organization), by id. */
export async function readSnapshots(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<Map<string, ExecutionSnapshot>> {
  return snapshotsFromRows(await db.query(byIds, [organizationId, ids, scope]));
}

const withEntities = statement<{ executions: SnapshotRow[]; entities: EntityRecord[] }>(
  'execution.snapshotsWithEntities',
  `select coalesce((select json_agg(s) from (${SNAPSHOTS}) s), '[]') as executions,
     coalesce((select json_agg(r) from (
       select ${ENTITY_COLUMNS} from entity n where n.organization_id = $1 and n.id = any($4::uuid[])) r), '[]') as entities`,
);

/** Whole executions and single entities of the organization, all in one statement, whoever may see them. */
export async function readSnapshotsWithEntities(
  db: Queryable,
  organizationId: string,
  executionIds: readonly string[],
  entityIds: readonly string[],
): Promise<{
  readonly executions: ReadonlyMap<string, ExecutionSnapshot>;
  readonly entities: EntityRecord[];
}> {
  const [row] = await db.query(withEntities, [organizationId, executionIds, null, entityIds]);
  if (!row) throw new Error('an aggregate answered no row');
  return { executions: snapshotsFromRows(row.executions), entities: row.entities.map(entityFromJson) };
}

const ofRuns = (condition: string): string =>
  `exists (select from execution r where r.organization_id = $1 and r.id = any($2::uuid[]) and ${condition})`;

/** Whether rules of escalation name people by variables. */
const namesVariables = (escalations: string): string =>
  `(${escalations} <> '[]' and ${escalations} @? '$.**.type ? (@ == "VARIABLE")')`;

/** To whom rules of escalation may hand tasks of the executions over who is deactivated. */
const INACTIVE = `array(
  select u.id from app_user u
  where u.organization_id = $1 and not u.is_active and u.id in (
    select (h.id #>> '{}')::uuid from task t
    cross join lateral jsonb_path_query(t.escalations, '$[*].handovers[*].assignee ? (@.type == "USER").id') as h(id)
    where t.organization_id = $1 and t.execution_id = any($2::uuid[]) and t.escalations <> '[]'))`;

const forCommands = statement<FactsRow & { executions: SnapshotRow[]; inactiveIds: string[] }>(
  'execution.snapshotsWithFacts',
  `with ${factsTables({
    // One subquery: with an "or" of two, no index would be used.
    entities: `n.id in (
       select x.entity_id from execution_entity x where x.organization_id = $1 and x.execution_id = any($2::uuid[])
       union select unnest($4::uuid[]))`,
    isLocked: `($5::boolean or ${ofRuns(`r.entity_sync <> '[]'`)})`,
    arePeopleNeeded: ofRuns(`(
       exists (select from task t where t.organization_id = $1 and t.execution_id = r.id and t.assignee_rule is not null)
       or exists (select from phase p where p.organization_id = $1 and p.execution_id = r.id and p.assignee_rule is not null)
       or ${namesVariables('r.escalations')}
       or exists (select from task t where t.organization_id = $1 and t.execution_id = r.id and ${namesVariables('t.escalations')})
       or exists (select from phase p where p.organization_id = $1 and p.execution_id = r.id and ${namesVariables('p.escalations')}))`),
  })}
   select coalesce((select json_agg(s order by s.id) from (${SNAPSHOTS}) s), '[]') as executions, ${INACTIVE} as "inactiveIds",
     facts.entities, facts.people from facts`,
);

/** Executions with what the engine has to know to change them. */
export interface CommandSnapshots extends KnownFacts {
  readonly executions: ReadonlyMap<string, ExecutionSnapshot>;
  /** Users who are deactivated, of those to whom their rules of escalation may hand tasks over. */
  readonly inactiveIds: ReadonlySet<string>;
}

/** Besides those of the executions, and whether all of them are to be written to. */
interface WantedEntities {
  readonly entityIds: readonly string[];
  readonly areEntitiesWritten: boolean;
}

/**
 * Like `readSnapshots`, for executions that are locked, and in the same statement their entities, and those of `entityIds` besides. If
 * one of the executions writes into its entities, or the command does, all of them are locked until the transaction ends.
 */
export async function readCommandSnapshots(
  tx: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
  { entityIds, areEntitiesWritten }: WantedEntities,
): Promise<CommandSnapshots> {
  const [row] = await tx.query(forCommands, [organizationId, ids, scope, entityIds, areEntitiesWritten]);
  if (!row) throw new Error('an aggregate answered no row');
  const { executions, inactiveIds, ...facts } = row;
  return {
    executions: snapshotsFromRows(executions),
    inactiveIds: new Set(inactiveIds),
    ...factsFromRow(facts),
  };
}

const lock = statement<{ id: string }>(
  'execution.lock',
  `select e.id from execution e
   where e.organization_id = $1
     and (e.id = any($2::uuid[]) or e.id in (select t.execution_id from task t where t.organization_id = $1 and t.id = any($3::uuid[])))
   order by e.id for no key update`,
);

/**
 * Locks executions, given by their own ids or by those of their tasks, until the transaction ends. Always in the order of their
 * ids, so that two commands over several executions can't wait for each other. Answers the ids that exist.
 */
export async function lockExecutions(
  tx: Queryable,
  organizationId: string,
  by: { readonly executionIds?: readonly string[]; readonly taskIds?: readonly string[] },
): Promise<string[]> {
  const rows = await tx.query(lock, [organizationId, by.executionIds ?? [], by.taskIds ?? []]);
  return rows.map((row) => row.id);
}
