-- CreateIndex
CREATE INDEX "notification_organization_id_delivery_id_idx" ON "notification"("organization_id", "delivery_id");

-- What Prisma's schema language can't say.

ALTER TABLE "notification" DROP CONSTRAINT "notification_email";
ALTER TABLE "notification" ADD CONSTRAINT "notification_email"
  CHECK ("email" IN ('NONE', 'DUE', 'SENT', 'NOT_SENT', 'FAILED'));

-- What waits for a mail, without what is in one that has yet to be sent.
DROP INDEX "notification_due";
CREATE INDEX "notification_due" ON "notification" ("organization_id", "user_id") WHERE "email" = 'DUE' AND "delivery_id" IS NULL;

-- So far SENT was said when the mail was made. What was not sent is shown in the application.
UPDATE "notification" n SET
    "email" = CASE d."status" WHEN 'PENDING' THEN 'DUE' ELSE d."status" END,
    "is_in_app" = n."is_in_app" OR d."status" <> 'PENDING',
    "version" = n."version" + 1
  FROM "delivery" d
  WHERE n."email" = 'SENT' AND d."organization_id" = n."organization_id" AND d."id" = n."delivery_id"
    AND d."status" IN ('PENDING', 'NOT_SENT', 'FAILED');
