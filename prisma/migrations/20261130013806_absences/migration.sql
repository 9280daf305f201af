-- AlterTable
ALTER TABLE "event" ADD COLUMN     "on_behalf_of_id" UUID;

-- AlterTable
ALTER TABLE "event_archive" ADD COLUMN     "on_behalf_of_id" UUID;

-- CreateTable
CREATE TABLE "absence" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "substitute_ids" UUID[],
    "note" TEXT,
    "status" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "absence_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "absence_organization_id_user_id_first_day_id_idx" ON "absence"("organization_id", "user_id", "first_day", "id");

-- AddForeignKey
ALTER TABLE "absence" ADD CONSTRAINT "absence_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "absence" ADD CONSTRAINT "absence_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language can't say.
ALTER TABLE "absence" ADD CONSTRAINT "absence_status" CHECK ("status" IN ('PLANNED', 'ACTIVE', 'OVER'));
ALTER TABLE "absence" ADD CONSTRAINT "absence_days" CHECK ("first_day" <= "last_day");
ALTER TABLE "absence" ADD CONSTRAINT "absence_substitutes"
  CHECK (cardinality("substitute_ids") BETWEEN 1 AND 10 AND NOT ("user_id" = ANY("substitute_ids")));
ALTER TABLE "absence" ADD CONSTRAINT "absence_ended" CHECK ("ended_at" IS NULL OR "status" = 'OVER');
ALTER TABLE "notification" DROP CONSTRAINT "notification_kind";
ALTER TABLE "notification" ADD CONSTRAINT "notification_kind"
  CHECK ("kind" IN ('ASSIGNMENT', 'MENTION', 'INVITATION', 'REMINDER', 'AUTOMATION_DISABLED', 'SUBSTITUTION'));

-- Who is absent now is asked with every request, and few absences are not over.
CREATE INDEX "absence_open" ON "absence" ("organization_id", "last_day") WHERE "status" <> 'OVER';

-- New columns come last, as a view's must.
CREATE OR REPLACE VIEW "event_history" AS
SELECT "organization_id", "seq", "type", "at", "actor_id", "subject_type", "subject_id", "version", "execution_id", "task_id",
  "entity_ids", "audience", "changed_fields", "data", "run_id", "chain_depth", "on_behalf_of_id" FROM "event"
UNION ALL
SELECT "organization_id", "seq", "type", "at", "actor_id", "subject_type", "subject_id", "version", "execution_id", "task_id",
  "entity_ids", "audience", "changed_fields", "data", "run_id", "chain_depth", "on_behalf_of_id" FROM "event_archive";
