/** How often the queue tries a job. */

/**
 * As an argument of `graphile_worker.add_job`: as often as the queue can count. It counts each time that a job is taken, also by a server that is killed then,
 * and after 25 (its default) would never give the job out again, although what has to be done is still written down. Pauses between attempts that fail grow to
 * 6 hours.
 */
export const NEVER_GIVE_UP = 'max_attempts => 32767';
