-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'Europe/Berlin',
    "locale" TEXT NOT NULL DEFAULT 'de-DE',
    "holiday_region" TEXT,
    "own_holidays" JSONB NOT NULL DEFAULT '[]',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "company" TEXT,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "team" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "organization_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("organization_id","team_id","user_id")
);

-- CreateTable
CREATE TABLE "entity" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "schema" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entity_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "closing_reason" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "closing_reason_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "definition" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" TEXT[],
    "draft" JSONB NOT NULL,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "is_archived" BOOLEAN NOT NULL DEFAULT false,
    "published_number" INTEGER,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "definition_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "definition_version" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "definition_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by_id" UUID,

    CONSTRAINT "definition_version_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "execution" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "definition_id" UUID NOT NULL,
    "definition_version_id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "is_kept_open" BOOLEAN NOT NULL DEFAULT false,
    "is_sequential" BOOLEAN NOT NULL,
    "assignees" JSONB NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "due_rule" JSONB,
    "due_anchor_at" TIMESTAMPTZ(3),
    "edges" JSONB NOT NULL,
    "entity_sync" JSONB NOT NULL DEFAULT '[]',
    "configured_closing_reasons" JSONB NOT NULL,
    "has_single_closing_reason" BOOLEAN NOT NULL,
    "closing" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "started_by_id" UUID,
    "finished_at" TIMESTAMPTZ(3),
    "finished_by_id" UUID,
    "total_count" INTEGER NOT NULL,
    "completed_count" INTEGER NOT NULL,
    "skipped_count" INTEGER NOT NULL,
    "current_task_id" UUID,
    "current_phase_id" UUID,
    "wake_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "execution_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "execution_entity" (
    "organization_id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "execution_entity_pkey" PRIMARY KEY ("organization_id","execution_id","entity_id")
);

-- CreateTable
CREATE TABLE "phase" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "assignees" JSONB NOT NULL,
    "assignee_rule" JSONB,
    "due_at" TIMESTAMPTZ(3),
    "due_rule" JSONB,
    "due_anchor_at" TIMESTAMPTZ(3),
    "labels" TEXT[],
    "status" TEXT NOT NULL,
    "total_count" INTEGER NOT NULL,
    "completed_count" INTEGER NOT NULL,
    "skipped_count" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "phase_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "task" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "phase_id" UUID,
    "key" TEXT,
    "position" DOUBLE PRECISION NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "status_before_hold" TEXT,
    "status_at" TIMESTAMPTZ(3) NOT NULL,
    "status_by_id" UUID,
    "started_at" TIMESTAMPTZ(3),
    "started_by_id" UUID,
    "finished_at" TIMESTAMPTZ(3),
    "finished_by_id" UUID,
    "skip_reason" TEXT,
    "failure" JSONB,
    "requirements" JSONB NOT NULL,
    "decision" JSONB,
    "decided" JSONB,
    "iterations" INTEGER NOT NULL DEFAULT 0,
    "schedule" JSONB,
    "scheduled_for" TIMESTAMPTZ(3),
    "schedule_ran_at" TIMESTAMPTZ(3),
    "is_late" BOOLEAN NOT NULL DEFAULT false,
    "automation" JSONB,
    "journey" JSONB,
    "assignee_rule" JSONB,
    "claimed_by_id" UUID,
    "due_at" TIMESTAMPTZ(3),
    "due_rule" JSONB,
    "due_anchor_at" TIMESTAMPTZ(3),
    "labels" TEXT[],
    "audience_texts" JSONB NOT NULL,
    "is_manually_created" BOOLEAN NOT NULL,
    "is_reached" BOOLEAN NOT NULL,
    "reached_at" TIMESTAMPTZ(3),
    "has_open_requirements" BOOLEAN NOT NULL,
    "is_enabled" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "task_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "task_assignee" (
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "user_id" UUID,
    "team_id" UUID,
    "variable" TEXT,

    CONSTRAINT "task_assignee_pkey" PRIMARY KEY ("organization_id","task_id","position")
);

-- CreateTable
CREATE TABLE "note" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "mention_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "edited_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "note_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "event" (
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

    CONSTRAINT "event_pkey" PRIMARY KEY ("organization_id","seq")
);

-- CreateTable
CREATE TABLE "event_counter" (
    "organization_id" UUID NOT NULL,
    "last_seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "event_counter_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "organization_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "result_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("organization_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "organization_external_id_key" ON "organization"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_organization_id_external_id_key" ON "app_user"("organization_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_organization_id_email_key" ON "app_user"("organization_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "team_organization_id_name_key" ON "team"("organization_id", "name");

-- CreateIndex
CREATE INDEX "team_member_organization_id_user_id_idx" ON "team_member"("organization_id", "user_id");

-- CreateIndex
CREATE INDEX "entity_organization_id_title_id_idx" ON "entity"("organization_id", "title", "id");

-- CreateIndex
CREATE INDEX "entity_organization_id_updated_at_id_idx" ON "entity"("organization_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "entity_attributes_idx" ON "entity" USING GIN ("attributes" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "closing_reason_organization_id_title_key" ON "closing_reason"("organization_id", "title");

-- CreateIndex
CREATE INDEX "definition_organization_id_name_idx" ON "definition"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "definition_version_organization_id_definition_id_number_key" ON "definition_version"("organization_id", "definition_id", "number");

-- CreateIndex
CREATE INDEX "execution_organization_id_definition_id_idx" ON "execution"("organization_id", "definition_id");

-- CreateIndex
CREATE INDEX "execution_organization_id_started_at_id_idx" ON "execution"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "execution_entity_organization_id_entity_id_execution_id_idx" ON "execution_entity"("organization_id", "entity_id", "execution_id");

-- CreateIndex
CREATE INDEX "phase_organization_id_execution_id_idx" ON "phase"("organization_id", "execution_id");

-- CreateIndex
CREATE INDEX "task_organization_id_execution_id_idx" ON "task"("organization_id", "execution_id");

-- CreateIndex
CREATE INDEX "task_assignee_organization_id_user_id_task_id_idx" ON "task_assignee"("organization_id", "user_id", "task_id");

-- CreateIndex
CREATE INDEX "task_assignee_organization_id_team_id_task_id_idx" ON "task_assignee"("organization_id", "team_id", "task_id");

-- CreateIndex
CREATE INDEX "note_organization_id_task_id_id_idx" ON "note"("organization_id", "task_id", "id");

-- CreateIndex
CREATE INDEX "event_organization_id_execution_id_seq_idx" ON "event"("organization_id", "execution_id", "seq");

-- CreateIndex
CREATE INDEX "event_organization_id_task_id_seq_idx" ON "event"("organization_id", "task_id", "seq");

-- CreateIndex
CREATE INDEX "event_entity_ids_idx" ON "event" USING GIN ("entity_ids");

-- CreateIndex
CREATE INDEX "event_audience_idx" ON "event" USING GIN ("audience");

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_organization_id_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "team"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "app_user"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entity" ADD CONSTRAINT "entity_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closing_reason" ADD CONSTRAINT "closing_reason_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "definition" ADD CONSTRAINT "definition_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "definition_version" ADD CONSTRAINT "definition_version_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "definition_version" ADD CONSTRAINT "definition_version_organization_id_definition_id_fkey" FOREIGN KEY ("organization_id", "definition_id") REFERENCES "definition"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "definition_version" ADD CONSTRAINT "definition_version_organization_id_published_by_id_fkey" FOREIGN KEY ("organization_id", "published_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_organization_id_definition_id_fkey" FOREIGN KEY ("organization_id", "definition_id") REFERENCES "definition"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_organization_id_definition_version_id_fkey" FOREIGN KEY ("organization_id", "definition_version_id") REFERENCES "definition_version"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_organization_id_entity_id_fkey" FOREIGN KEY ("organization_id", "entity_id") REFERENCES "entity"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_organization_id_started_by_id_fkey" FOREIGN KEY ("organization_id", "started_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_organization_id_finished_by_id_fkey" FOREIGN KEY ("organization_id", "finished_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution_entity" ADD CONSTRAINT "execution_entity_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution_entity" ADD CONSTRAINT "execution_entity_organization_id_execution_id_fkey" FOREIGN KEY ("organization_id", "execution_id") REFERENCES "execution"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution_entity" ADD CONSTRAINT "execution_entity_organization_id_entity_id_fkey" FOREIGN KEY ("organization_id", "entity_id") REFERENCES "entity"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phase" ADD CONSTRAINT "phase_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phase" ADD CONSTRAINT "phase_organization_id_execution_id_fkey" FOREIGN KEY ("organization_id", "execution_id") REFERENCES "execution"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_organization_id_execution_id_fkey" FOREIGN KEY ("organization_id", "execution_id") REFERENCES "execution"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_organization_id_phase_id_fkey" FOREIGN KEY ("organization_id", "phase_id") REFERENCES "phase"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_organization_id_claimed_by_id_fkey" FOREIGN KEY ("organization_id", "claimed_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_organization_id_task_id_fkey" FOREIGN KEY ("organization_id", "task_id") REFERENCES "task"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_organization_id_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "team"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_organization_id_task_id_fkey" FOREIGN KEY ("organization_id", "task_id") REFERENCES "task"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_organization_id_author_id_fkey" FOREIGN KEY ("organization_id", "author_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_counter" ADD CONSTRAINT "event_counter_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language can't say: the values of the text columns, and "exactly one of".
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_kind" CHECK ("kind" IN ('INTERNAL', 'PARTNER'));
ALTER TABLE "closing_reason" ADD CONSTRAINT "closing_reason_status" CHECK ("status" IN ('ACTIVE', 'INACTIVE'));
ALTER TABLE "execution" ADD CONSTRAINT "execution_status" CHECK ("status" IN ('STARTED', 'FAILED', 'DONE', 'CLOSED'));
ALTER TABLE "phase" ADD CONSTRAINT "phase_status" CHECK ("status" IN ('OPEN', 'IN_PROGRESS', 'COMPLETED'));
ALTER TABLE "task" ADD CONSTRAINT "task_status" CHECK ("status" IN (
  'PENDING', 'IN_PROGRESS', 'ON_HOLD', 'SCHEDULED', 'CONDITION_PENDING', 'FAILED', 'COMPLETED', 'SKIPPED'));
ALTER TABLE "task" ADD CONSTRAINT "task_type" CHECK ("type" IN ('MANUAL', 'AUTOMATION', 'DECISION'));
ALTER TABLE "task" ADD CONSTRAINT "task_decision" CHECK (("type" = 'DECISION') = ("decision" IS NOT NULL));
ALTER TABLE "task" ADD CONSTRAINT "task_failure" CHECK (("status" = 'FAILED') = ("failure" IS NOT NULL));
ALTER TABLE "task" ADD CONSTRAINT "task_skip_reason"
  CHECK ("skip_reason" IS NULL OR ("skip_reason" = 'BRANCH_NOT_TAKEN' AND "status" = 'SKIPPED'));
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_one" CHECK (num_nonnulls("user_id", "team_id", "variable") = 1);

-- Whom an attribute of an entity names, whatever the case.
CREATE INDEX "app_user_lower_email" ON "app_user"("organization_id", lower("email"));
CREATE INDEX "app_user_lower_external_id" ON "app_user"("organization_id", lower("external_id"));
