/** Whom it concerns how a task has ended that somebody else worked: a person outside, an automation, a program. */
import { AROUND, IS_OPEN, OWN_AND_TEAMS, PLACE, RESPONSIBLE, type TaskPlace } from './notification-facts.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

/** An event by which a task ended. */
export interface Outcome {
  readonly seq: number;
  readonly taskId: string;
  /** Who asked for it, if it was somebody. */
  readonly requesterId: string | null;
}

/** Somebody who is told. */
export interface OutcomeRow extends TaskPlace {
  readonly seq: number;
  readonly userId: string;
  /** Whether the task is failed still. */
  readonly isFailed: boolean;
  /** Whether a program has handed it to people, and it waits for them still. */
  readonly isHandedBack: boolean;
}

const concerned = statement<OutcomeRow>(
  'notification.concerned',
  `with c as (select * from jsonb_to_recordset($2::jsonb) as c(seq bigint, "taskId" uuid, "requesterId" uuid)),
   told as (
     select c.seq, t.id, u.id as user_id from c join task t on t.organization_id = $1 and t.id = c."taskId" ${RESPONSIBLE}
     union select c.seq, c."taskId", u.id from c join app_user u on u.organization_id = $1 and u.id = c."requesterId" and u.is_active)
   select told.seq, ${PLACE}, u.id as "userId", t.status = 'FAILED' as "isFailed",
     ${IS_OPEN} and jsonb_typeof(t.external_work->'handedBack') is not distinct from 'object' as "isHandedBack"
   from told
   join task t on t.organization_id = $1 and t.id = told.id ${AROUND}
   join app_user u on u.organization_id = $1 and u.id = told.user_id
   where ${visibleThrough(OWN_AND_TEAMS)}
   order by told.seq, u.id`,
);

/** Who is responsible for the tasks, themselves and not through teams, and who asked; active users who see the task. One statement, however many there are. */
export async function readConcerned(
  db: Queryable & { readonly organizationId: string },
  outcomes: readonly Outcome[],
): Promise<OutcomeRow[]> {
  return db.query(concerned, [db.organizationId, JSON.stringify(outcomes)]);
}
