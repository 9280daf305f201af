/** The job that tells the log when absences begin and end. */
import { singleJob } from './single-job.ts';

export const FOLLOW_ABSENCES = 'follow-absences';

/** Has absences looked at: later, or now. */
export const { schedule: scheduleFollowingAbsences, ensure: ensureFollowingAbsences } =
  singleJob(FOLLOW_ABSENCES);
