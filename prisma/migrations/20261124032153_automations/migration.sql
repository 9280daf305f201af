-- AlterTable
ALTER TABLE "app_user" ADD COLUMN     "notifications" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "event" ADD COLUMN     "chain_depth" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "run_id" UUID;

-- AlterTable
ALTER TABLE "event_archive" ADD COLUMN     "chain_depth" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "run_id" UUID;

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "chain_depth" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "run_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "run_state" TEXT;

-- CreateTable
CREATE TABLE "reaction_cursor" (
    "organization_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "reaction_cursor_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "automation" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "draft" JSONB NOT NULL,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "is_archived" BOOLEAN NOT NULL DEFAULT false,
    "published_number" INTEGER,
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_by_id" UUID,
    "disabled_reason" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "automation_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "automation_version" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "automation_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by_id" UUID,

    CONSTRAINT "automation_version_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "automation_run" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "automation_id" UUID,
    "version_id" UUID,
    "status" TEXT NOT NULL,
    "trigger" JSONB NOT NULL,
    "input" JSONB NOT NULL DEFAULT '{}',
    "entity_id" UUID,
    "execution_id" UUID,
    "task_id" UUID,
    "task_run" INTEGER,
    "input_task_key" TEXT,
    "actions" JSONB NOT NULL DEFAULT '[]',
    "output_entity_id" UUID,
    "chain_depth" INTEGER NOT NULL,
    "error" JSONB,
    "started_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "automation_run_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "callback" (
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "action_key" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "output" JSONB,

    CONSTRAINT "callback_pkey" PRIMARY KEY ("organization_id","run_id","action_key")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "event_types" TEXT[],
    "headers" JSONB NOT NULL DEFAULT '[]',
    "secrets" JSONB NOT NULL,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "disabled_reason" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "endpoint_id" UUID,
    "run_id" UUID,
    "action_key" TEXT,
    "type" TEXT NOT NULL,
    "event_seq" BIGINT,
    "content" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "round" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "delivery_attempt" (
    "organization_id" UUID NOT NULL,
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "status_code" INTEGER,
    "response" TEXT,
    "error" JSONB,

    CONSTRAINT "delivery_attempt_pkey" PRIMARY KEY ("organization_id","delivery_id","number")
);

-- CreateTable
CREATE TABLE "notification" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT,
    "task_id" UUID,
    "execution_id" UUID,
    "entity_id" UUID,
    "note_id" UUID,
    "automation_id" UUID,
    "actor_id" UUID,
    "is_in_app" BOOLEAN NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "email" TEXT NOT NULL,
    "delivery_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "automation_organization_id_name_idx" ON "automation"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "automation_version_organization_id_automation_id_number_key" ON "automation_version"("organization_id", "automation_id", "number");

-- CreateIndex
CREATE INDEX "automation_run_organization_id_automation_id_created_at_idx" ON "automation_run"("organization_id", "automation_id", "created_at");

-- CreateIndex
CREATE INDEX "automation_run_organization_id_automation_id_id_idx" ON "automation_run"("organization_id", "automation_id", "id");

-- CreateIndex
CREATE INDEX "automation_run_organization_id_entity_id_id_idx" ON "automation_run"("organization_id", "entity_id", "id");

-- CreateIndex
CREATE INDEX "automation_run_organization_id_execution_id_id_idx" ON "automation_run"("organization_id", "execution_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "automation_run_organization_id_task_id_task_run_key" ON "automation_run"("organization_id", "task_id", "task_run");

-- CreateIndex
CREATE UNIQUE INDEX "callback_token_key" ON "callback"("token");

-- CreateIndex
CREATE INDEX "delivery_organization_id_status_id_idx" ON "delivery"("organization_id", "status", "id");

-- CreateIndex
CREATE INDEX "delivery_organization_id_endpoint_id_id_idx" ON "delivery"("organization_id", "endpoint_id", "id");

-- CreateIndex
CREATE INDEX "delivery_organization_id_run_id_idx" ON "delivery"("organization_id", "run_id");

-- CreateIndex
CREATE INDEX "notification_organization_id_user_id_id_idx" ON "notification"("organization_id", "user_id", "id");

-- CreateIndex
CREATE INDEX "notification_organization_id_task_id_idx" ON "notification"("organization_id", "task_id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_organization_id_user_id_kind_dedupe_key_key" ON "notification"("organization_id", "user_id", "kind", "dedupe_key");

-- CreateIndex
CREATE INDEX "event_organization_id_subject_id_seq_idx" ON "event"("organization_id", "subject_id", "seq");

-- AddForeignKey
ALTER TABLE "reaction_cursor" ADD CONSTRAINT "reaction_cursor_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation" ADD CONSTRAINT "automation_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation" ADD CONSTRAINT "automation_organization_id_disabled_by_id_fkey" FOREIGN KEY ("organization_id", "disabled_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_version" ADD CONSTRAINT "automation_version_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_version" ADD CONSTRAINT "automation_version_organization_id_automation_id_fkey" FOREIGN KEY ("organization_id", "automation_id") REFERENCES "automation"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_version" ADD CONSTRAINT "automation_version_organization_id_published_by_id_fkey" FOREIGN KEY ("organization_id", "published_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_organization_id_automation_id_fkey" FOREIGN KEY ("organization_id", "automation_id") REFERENCES "automation"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_organization_id_version_id_fkey" FOREIGN KEY ("organization_id", "version_id") REFERENCES "automation_version"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_organization_id_started_by_id_fkey" FOREIGN KEY ("organization_id", "started_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "callback" ADD CONSTRAINT "callback_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "callback" ADD CONSTRAINT "callback_organization_id_run_id_fkey" FOREIGN KEY ("organization_id", "run_id") REFERENCES "automation_run"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_organization_id_endpoint_id_fkey" FOREIGN KEY ("organization_id", "endpoint_id") REFERENCES "webhook_endpoint"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_organization_id_run_id_fkey" FOREIGN KEY ("organization_id", "run_id") REFERENCES "automation_run"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_attempt" ADD CONSTRAINT "delivery_attempt_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_attempt" ADD CONSTRAINT "delivery_attempt_organization_id_delivery_id_fkey" FOREIGN KEY ("organization_id", "delivery_id") REFERENCES "delivery"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_organization_id_delivery_id_fkey" FOREIGN KEY ("organization_id", "delivery_id") REFERENCES "delivery"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma's schema language can't say.
ALTER TABLE "task" ADD CONSTRAINT "task_run_state" CHECK ("run_state" IN ('RUNNING', 'ENDED'));
ALTER TABLE "automation" ADD CONSTRAINT "automation_disabled" CHECK ("is_enabled" = ("disabled_at" IS NULL));
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_status"
  CHECK ("status" IN ('PENDING', 'IN_PROGRESS', 'PAUSED', 'SUCCESS', 'FAILED', 'CANCELLED', 'SKIPPED', 'HOT'));
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_finished"
  CHECK (("status" IN ('PENDING', 'IN_PROGRESS', 'PAUSED')) = ("finished_at" IS NULL));
ALTER TABLE "automation_run" ADD CONSTRAINT "automation_run_task" CHECK (("task_id" IS NULL) = ("task_run" IS NULL));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN ('WEBHOOK', 'EMAIL') AND ("kind" = 'WEBHOOK') = ("endpoint_id" IS NOT NULL));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_status"
  CHECK ("status" IN ('PENDING', 'DELIVERED', 'FAILED', 'NOT_SENT', 'CANCELLED') AND ("status" = 'PENDING') = ("finished_at" IS NULL));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_action" CHECK (("run_id" IS NULL) = ("action_key" IS NULL));
ALTER TABLE "notification" ADD CONSTRAINT "notification_kind"
  CHECK ("kind" IN ('ASSIGNMENT', 'MENTION', 'INVITATION', 'REMINDER', 'AUTOMATION_DISABLED'));
ALTER TABLE "notification" ADD CONSTRAINT "notification_email" CHECK ("email" IN ('NONE', 'DUE', 'SENT'));

-- Small parts of large tables: what waits for a mail, what is unread, what may have to be reminded of.
CREATE INDEX "delivery_open" ON "delivery" ("organization_id", "endpoint_id", "id") WHERE "status" IN ('PENDING', 'FAILED');
CREATE INDEX "notification_due" ON "notification" ("organization_id", "user_id") WHERE "email" = 'DUE';
CREATE INDEX "notification_unread" ON "notification" ("organization_id", "user_id") WHERE "read_at" IS NULL AND "is_in_app";
CREATE INDEX "task_due" ON "task" ("due_at") WHERE "is_enabled" AND "due_at" IS NOT NULL;

-- New columns come last, as a view's must.
CREATE OR REPLACE VIEW "event_history" AS
SELECT "organization_id", "seq", "type", "at", "actor_id", "subject_type", "subject_id", "version", "execution_id", "task_id",
  "entity_ids", "audience", "changed_fields", "data", "run_id", "chain_depth" FROM "event"
UNION ALL
SELECT "organization_id", "seq", "type", "at", "actor_id", "subject_type", "subject_id", "version", "execution_id", "task_id",
  "entity_ids", "audience", "changed_fields", "data", "run_id", "chain_depth" FROM "event_archive";

-- What happened before there were automations sets none off.
INSERT INTO "reaction_cursor" ("organization_id", "seq") SELECT "organization_id", "last_seq" FROM "event_counter";
