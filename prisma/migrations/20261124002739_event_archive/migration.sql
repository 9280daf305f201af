-- AlterTable
ALTER TABLE "event_counter" ADD COLUMN     "archived_seq" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "event_archive" (
    "organization_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "execution_id" UUID,
    "task_id" UUID,
    "entity_ids" UUID[],
    "audience" UUID[],
    "changed_fields" TEXT[],
    "data" JSONB NOT NULL,

    CONSTRAINT "event_archive_pkey" PRIMARY KEY ("organization_id","seq")
);

-- CreateTable
CREATE TABLE "event_archive_entity" (
    "organization_id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "event_archive_entity_pkey" PRIMARY KEY ("organization_id","entity_id","seq")
);

-- CreateIndex
CREATE INDEX "event_archive_organization_id_execution_id_seq_idx" ON "event_archive"("organization_id", "execution_id", "seq");

-- CreateIndex
CREATE INDEX "event_archive_organization_id_task_id_seq_idx" ON "event_archive"("organization_id", "task_id", "seq");

-- AddForeignKey
ALTER TABLE "event_archive" ADD CONSTRAINT "event_archive_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_archive_entity" ADD CONSTRAINT "event_archive_entity_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language can't say. The whole log, whatever part of it is archived. Each event is in one of the two tables in
-- every snapshot. Nothing but columns, so that conditions, order and limit reach the indexes of both.
CREATE VIEW "event_history" AS
SELECT "organization_id", "seq", "type", "at", "actor_id", "subject_type", "subject_id", "version", "execution_id", "task_id",
  "entity_ids", "audience", "changed_fields", "data" FROM "event"
UNION ALL
SELECT "organization_id", "seq", "type", "at", "actor_id", "subject_type", "subject_id", "version", "execution_id", "task_id",
  "entity_ids", "audience", "changed_fields", "data" FROM "event_archive";
