-- CreateTable
CREATE TABLE "journey" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "content" JSON NOT NULL,
    "secrets" JSONB NOT NULL DEFAULT '[]',
    "public_key" TEXT,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "is_archived" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "journey_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "journey_session" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "journey_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "content" JSON NOT NULL,
    "task_id" UUID,
    "execution_id" UUID,
    "entity_id" UUID,
    "data" JSONB NOT NULL,
    "draft_saved_at" TIMESTAMPTZ(3),
    "is_public" BOOLEAN NOT NULL,
    "opened_by_id" UUID,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "journey_session_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "journey_submission" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "journey_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "task_id" UUID,
    "execution_id" UUID,
    "entity_id" UUID,
    "has_created_entity" BOOLEAN NOT NULL,
    "data" JSONB NOT NULL,
    "submitted_by_id" UUID,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "started_execution_ids" UUID[] DEFAULT ARRAY[]::UUID[],

    CONSTRAINT "journey_submission_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "journey_public_key_key" ON "journey"("public_key");

-- CreateIndex
CREATE INDEX "journey_organization_id_name_idx" ON "journey"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "journey_session_token_hash_key" ON "journey_session"("token_hash");

-- CreateIndex
CREATE INDEX "journey_session_organization_id_journey_id_opened_at_idx" ON "journey_session"("organization_id", "journey_id", "opened_at");

-- CreateIndex
CREATE INDEX "journey_session_organization_id_task_id_idx" ON "journey_session"("organization_id", "task_id");

-- CreateIndex
CREATE INDEX "journey_submission_organization_id_journey_id_id_idx" ON "journey_submission"("organization_id", "journey_id", "id");

-- CreateIndex
CREATE INDEX "journey_submission_organization_id_task_id_id_idx" ON "journey_submission"("organization_id", "task_id", "id");

-- CreateIndex
CREATE INDEX "journey_submission_organization_id_entity_id_id_idx" ON "journey_submission"("organization_id", "entity_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "journey_submission_organization_id_session_id_key" ON "journey_submission"("organization_id", "session_id");

-- AddForeignKey
ALTER TABLE "journey" ADD CONSTRAINT "journey_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_session" ADD CONSTRAINT "journey_session_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_session" ADD CONSTRAINT "journey_session_organization_id_journey_id_fkey" FOREIGN KEY ("organization_id", "journey_id") REFERENCES "journey"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_session" ADD CONSTRAINT "journey_session_organization_id_opened_by_id_fkey" FOREIGN KEY ("organization_id", "opened_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_submission" ADD CONSTRAINT "journey_submission_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_submission" ADD CONSTRAINT "journey_submission_organization_id_journey_id_fkey" FOREIGN KEY ("organization_id", "journey_id") REFERENCES "journey"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_submission" ADD CONSTRAINT "journey_submission_organization_id_session_id_fkey" FOREIGN KEY ("organization_id", "session_id") REFERENCES "journey_session"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journey_submission" ADD CONSTRAINT "journey_submission_organization_id_submitted_by_id_fkey" FOREIGN KEY ("organization_id", "submitted_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "journey_session" ADD CONSTRAINT "journey_session_task" CHECK (("task_id" IS NULL) = ("execution_id" IS NULL));
ALTER TABLE "journey_session" ADD CONSTRAINT "journey_session_opened" CHECK ("is_public" = ("opened_by_id" IS NULL));
ALTER TABLE "journey_submission" ADD CONSTRAINT "journey_submission_task" CHECK (("task_id" IS NULL) = ("execution_id" IS NULL));

-- Public drafts that nobody submitted are counted and removed.
CREATE INDEX "journey_session_public_draft" ON "journey_session" ("organization_id", "journey_id", "expires_at")
  WHERE "is_public" AND "submitted_at" IS NULL;
