-- AlterTable
ALTER TABLE "notification" ADD COLUMN     "task_version" INTEGER;

-- What was told before: the key of an assignment names the version of its event. Of invitations it is not known, so they count for nothing.
UPDATE "notification" SET "task_version" = split_part("dedupe_key", ':', 2)::integer
  WHERE "kind" = 'ASSIGNMENT' AND "dedupe_key" ~ '^[0-9a-f-]{36}:[0-9]{1,9}$';
