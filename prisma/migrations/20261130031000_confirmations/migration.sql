-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "secret" TEXT;

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "confirmation" JSONB,
ADD COLUMN     "confirmation_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "confirmation_request" JSONB;

-- CreateTable
CREATE TABLE "confirmation" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "recipients" TEXT[],
    "message" TEXT NOT NULL,
    "mail_problem" JSONB,
    "delivery_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "answer" JSONB,

    CONSTRAINT "confirmation_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "confirmation_token_hash_key" ON "confirmation"("token_hash");

-- CreateIndex
CREATE INDEX "confirmation_organization_id_delivery_id_idx" ON "confirmation"("organization_id", "delivery_id");

-- CreateIndex
CREATE UNIQUE INDEX "confirmation_organization_id_task_id_number_key" ON "confirmation"("organization_id", "task_id", "number");

-- AddForeignKey
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_organization_id_created_by_id_fkey" FOREIGN KEY ("organization_id", "created_by_id") REFERENCES "app_user"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_organization_id_delivery_id_fkey" FOREIGN KEY ("organization_id", "delivery_id") REFERENCES "delivery"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma's schema language can't say.
ALTER TABLE "task" DROP CONSTRAINT "task_status";
ALTER TABLE "task" ADD CONSTRAINT "task_status" CHECK ("status" IN (
  'PENDING', 'IN_PROGRESS', 'ON_HOLD', 'SCHEDULED', 'CONDITION_PENDING', 'WAITING_FOR_CONFIRMATION', 'FAILED', 'COMPLETED', 'SKIPPED'));
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_state"
  CHECK ("state" IN ('OPEN', 'CONFIRMED', 'DECLINED', 'EXPIRED', 'WITHDRAWN') AND ("state" = 'OPEN') = ("finished_at" IS NULL));
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_answer"
  CHECK (("state" IN ('CONFIRMED', 'DECLINED')) = ("answer" IS NOT NULL));
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_token_hash" CHECK (length("token_hash") = 32);
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_secret" CHECK ("secret" IS NULL OR "kind" = 'EMAIL');

-- A task waits for one answer at a time.
CREATE UNIQUE INDEX "confirmation_open" ON "confirmation" ("organization_id", "task_id") WHERE "state" = 'OPEN';

-- Definitions name every field of a task.
UPDATE "definition" SET "draft" = jsonb_set("draft", '{tasks}', coalesce(
  (SELECT jsonb_agg('{"confirmation": null}'::jsonb || t.task ORDER BY t.at) FROM jsonb_array_elements("draft"->'tasks') WITH ORDINALITY AS t(task, at)),
  '[]'));
UPDATE "definition_version" SET "content" = jsonb_set("content", '{tasks}', coalesce(
  (SELECT jsonb_agg('{"confirmation": null}'::jsonb || t.task ORDER BY t.at) FROM jsonb_array_elements("content"->'tasks') WITH ORDINALITY AS t(task, at)),
  '[]'));
