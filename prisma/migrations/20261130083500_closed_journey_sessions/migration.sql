-- Who opened the form of a task for somebody can take it back.
-- AlterTable
ALTER TABLE "journey_session" ADD COLUMN     "closed_at" TIMESTAMPTZ(3);

ALTER TABLE "journey_session" ADD CONSTRAINT "journey_session_ended_once"
  CHECK ("closed_at" IS NULL OR "submitted_at" IS NULL);
