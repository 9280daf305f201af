-- AlterTable
ALTER TABLE "task" ADD COLUMN     "external" JSONB,
ADD COLUMN     "external_ready_at" TIMESTAMPTZ(3),
ADD COLUMN     "external_topic" TEXT,
ADD COLUMN     "external_work" JSONB;

-- CreateTable
CREATE TABLE "task_lease" (
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "leased_by_id" UUID NOT NULL,
    "secret_hash" BYTEA NOT NULL,

    CONSTRAINT "task_lease_pkey" PRIMARY KEY ("organization_id","task_id","number")
);

-- AddForeignKey
ALTER TABLE "task_lease" ADD CONSTRAINT "task_lease_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_lease" ADD CONSTRAINT "task_lease_organization_id_task_id_fkey" FOREIGN KEY ("organization_id", "task_id") REFERENCES "task"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_lease" ADD CONSTRAINT "task_lease_organization_id_leased_by_id_fkey" FOREIGN KEY ("organization_id", "leased_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "task" DROP CONSTRAINT "task_type";
ALTER TABLE "task" ADD CONSTRAINT "task_type" CHECK ("type" IN ('MANUAL', 'AUTOMATION', 'DECISION', 'EXTERNAL'));
ALTER TABLE "task" ADD CONSTRAINT "task_external" CHECK (
  ("type" = 'EXTERNAL') = ("external" IS NOT NULL)
  AND ("external" IS NULL) = ("external_topic" IS NULL)
  AND ("external" IS NULL) = ("external_work" IS NULL)
  AND ("external_ready_at" IS NULL OR "is_enabled"));
ALTER TABLE "task_lease" ADD CONSTRAINT "task_lease_number" CHECK ("number" > 0);

-- What workers look for: the tasks of a topic that wait the longest. And what operators count: all that are not finished.
CREATE INDEX "task_external_ready" ON "task" ("organization_id", "external_topic", "external_ready_at", "id")
  WHERE "external_ready_at" IS NOT NULL;
CREATE INDEX "task_external_open" ON "task" ("organization_id", "external_topic")
  WHERE "external_topic" IS NOT NULL AND "status" NOT IN ('COMPLETED', 'SKIPPED');

-- Definitions that there are have no tasks for workers.
UPDATE "definition" SET "draft" = jsonb_set("draft", '{tasks}',
  (SELECT coalesce(jsonb_agg(t."task" || '{"external": null}' ORDER BY t."place"), '[]')
   FROM jsonb_array_elements("draft"->'tasks') WITH ORDINALITY AS t("task", "place")));
UPDATE "definition_version" SET "content" = jsonb_set("content", '{tasks}',
  (SELECT coalesce(jsonb_agg(t."task" || '{"external": null}' ORDER BY t."place"), '[]')
   FROM jsonb_array_elements("content"->'tasks') WITH ORDINALITY AS t("task", "place")));
