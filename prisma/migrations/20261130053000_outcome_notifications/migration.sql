-- Users are told how tasks have ended that people outside, automations and programs work.
ALTER TABLE "notification" DROP CONSTRAINT "notification_kind";
ALTER TABLE "notification" ADD CONSTRAINT "notification_kind"
  CHECK ("kind" IN ('ASSIGNMENT', 'MENTION', 'INVITATION', 'REMINDER', 'ESCALATION', 'CONFIRMATION', 'FAILURE', 'AUTOMATION_DISABLED', 'SUBSTITUTION'));
