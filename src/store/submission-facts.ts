/** Whom it concerns that somebody without an account has filled in the form of a task. */
import { AROUND, IS_OPEN, OWN_AND_TEAMS, PLACE, RESPONSIBLE, type TaskPlace } from './notification-facts.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

/** Somebody who is told. */
export interface SubmissionRow extends TaskPlace {
  readonly submissionId: string;
  readonly userId: string;
}

const concerned = statement<SubmissionRow>(
  'notification.submissions',
  `with b as (
     select b.id, b.task_id, s.opened_by_id from journey_submission b
     join journey_session s on s.organization_id = b.organization_id and s.id = b.session_id
     where b.organization_id = $1 and b.id = any($2::uuid[]) and b.submitted_by_id is null),
   told as (
     select b.id, b.task_id, u.id as user_id from b join task t on t.organization_id = $1 and t.id = b.task_id ${RESPONSIBLE}
     union select b.id, b.task_id, b.opened_by_id from b)
   select told.id as "submissionId", ${PLACE}, u.id as "userId"
   from told
   join task t on t.organization_id = $1 and t.id = told.task_id ${AROUND}
   join app_user u on u.organization_id = $1 and u.id = told.user_id and u.is_active
   where ${IS_OPEN} and ${visibleThrough(OWN_AND_TEAMS)}
   order by told.id, u.id`,
);

/**
 * Of those of the submissions that nobody with an account made: who is responsible for the task, themselves and not through teams, and who opened its form; active users who see
 * the task, while it is open. One statement, however many there are.
 */
export async function readConcernedBySubmissions(
  db: Queryable & { readonly organizationId: string },
  submissionIds: readonly string[],
): Promise<SubmissionRow[]> {
  return db.query(concerned, [db.organizationId, submissionIds]);
}
