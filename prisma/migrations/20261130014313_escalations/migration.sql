-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "escalated" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "escalations" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "working_hours" JSONB NOT NULL DEFAULT '[{"day":"MONDAY","from":"08:00","to":"17:00"},{"day":"TUESDAY","from":"08:00","to":"17:00"},{"day":"WEDNESDAY","from":"08:00","to":"17:00"},{"day":"THURSDAY","from":"08:00","to":"17:00"},{"day":"FRIDAY","from":"08:00","to":"17:00"}]';

-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "escalated" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "escalations" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "escalated" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "escalations" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "idle_since" TIMESTAMPTZ(3);

ALTER TABLE "execution" ADD CONSTRAINT "execution_escalations"
  CHECK (jsonb_typeof("escalations") = 'array' AND jsonb_typeof("escalated") = 'array');
ALTER TABLE "phase" ADD CONSTRAINT "phase_escalations"
  CHECK (jsonb_typeof("escalations") = 'array' AND jsonb_typeof("escalated") = 'array');
ALTER TABLE "task" ADD CONSTRAINT "task_escalations"
  CHECK (jsonb_typeof("escalations") = 'array' AND jsonb_typeof("escalated") = 'array');
ALTER TABLE "organization" ADD CONSTRAINT "organization_working_hours"
  CHECK (jsonb_typeof("working_hours") = 'array' AND jsonb_array_length("working_hours") > 0);

ALTER TABLE "notification" DROP CONSTRAINT "notification_kind";
ALTER TABLE "notification" ADD CONSTRAINT "notification_kind"
  CHECK ("kind" IN ('ASSIGNMENT', 'MENTION', 'INVITATION', 'REMINDER', 'ESCALATION', 'AUTOMATION_DISABLED', 'SUBSTITUTION'));

-- Definitions that were there before say that nothing escalates.
CREATE FUNCTION pg_temp.with_escalations(content jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT '{"escalations": []}' || content || jsonb_build_object(
    'phases', coalesce((SELECT jsonb_agg('{"escalations": []}' || p ORDER BY n)
                        FROM jsonb_array_elements(content->'phases') WITH ORDINALITY AS x(p, n)), '[]'),
    'tasks', coalesce((SELECT jsonb_agg('{"escalations": []}' || t ORDER BY n)
                       FROM jsonb_array_elements(content->'tasks') WITH ORDINALITY AS x(t, n)), '[]'))
$$;
UPDATE "definition" SET "draft" = pg_temp.with_escalations("draft");
UPDATE "definition_version" SET "content" = pg_temp.with_escalations("content");
