/** Single phases. (Whole executions: execution-snapshots.ts.) */
import { PHASE_COLUMNS, phaseFromRow, type PhaseRecord, type PhaseRow } from './execution-records.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

const byIds = statement<PhaseRow>(
  'phase.byIds',
  `select ${PHASE_COLUMNS} from phase p join execution e on e.organization_id = p.organization_id and e.id = p.execution_id
   where p.organization_id = $1 and p.id = any($2::uuid[]) and ${visibleThrough('$3')}`,
);

/** The phases with these ids that can be seen through the scope, in no order. */
export async function readPhases(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<PhaseRecord[]> {
  const rows = await db.query(byIds, [organizationId, ids, scope]);
  return rows.map(phaseFromRow);
}
