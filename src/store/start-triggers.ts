/** How an automation can be started, apart from events. */
import { statement, type Queryable } from './statement.ts';

export interface StartTriggers {
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  /** Of the newest published version; null if there is none. Those of other types have no schema. */
  readonly triggers: readonly { readonly type: string; readonly entitySchema?: string | null }[] | null;
}

const read = statement<StartTriggers>(
  'automation.startTriggers',
  `select a.is_enabled as "isEnabled", a.is_archived as "isArchived", v.content->'triggers' as triggers
   from automation a
   left join automation_version v on v.organization_id = a.organization_id and v.automation_id = a.id and v.number = a.published_number
   where a.organization_id = $1 and a.id = $2 for share of a`,
);

/** Null if there is no such automation. It stays as it is until the transaction ends. */
export async function readStartTriggers(
  tx: Queryable,
  organizationId: string,
  automationId: string,
): Promise<StartTriggers | null> {
  const [row] = await tx.query(read, [organizationId, automationId]);
  return row ?? null;
}
