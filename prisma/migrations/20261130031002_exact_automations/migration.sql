-- AlterTable
ALTER TABLE "automation_run" ADD COLUMN     "retried_at" TIMESTAMPTZ(3);

-- Those that could be used for ever have a month left, or what their run sets when it begins to wait.
UPDATE "callback" SET "expires_at" = now() + interval '30 days' WHERE "expires_at" IS NULL;

-- AlterTable
ALTER TABLE "callback" ALTER COLUMN "expires_at" SET NOT NULL;

-- CreateTable
CREATE TABLE "entity_before" (
    "organization_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "entity_id" UUID NOT NULL,
    "schema" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "attributes" JSONB NOT NULL,

    CONSTRAINT "entity_before_pkey" PRIMARY KEY ("organization_id","seq")
);

-- CreateIndex
CREATE INDEX "entity_before_organization_id_entity_id_seq_idx" ON "entity_before"("organization_id", "entity_id", "seq");

-- AddForeignKey
ALTER TABLE "entity_before" ADD CONSTRAINT "entity_before_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
