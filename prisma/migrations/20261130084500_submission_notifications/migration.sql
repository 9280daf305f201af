-- Users are told that somebody without an account has filled in the form of a task.
ALTER TABLE "notification" DROP CONSTRAINT "notification_kind";
ALTER TABLE "notification" ADD CONSTRAINT "notification_kind"
  CHECK ("kind" IN ('ASSIGNMENT', 'MENTION', 'INVITATION', 'REMINDER', 'ESCALATION', 'CONFIRMATION', 'FAILURE', 'SUBMISSION', 'AUTOMATION_DISABLED', 'SUBSTITUTION'));
