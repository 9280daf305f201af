-- AlterTable
ALTER TABLE "automation" ADD COLUMN     "enabled_at" TIMESTAMPTZ(3);
