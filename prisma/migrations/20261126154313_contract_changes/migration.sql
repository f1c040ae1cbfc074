-- AlterTable
ALTER TABLE "CampaignState" ADD COLUMN "turn" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "ContractChanges" (
    "campaign" TEXT NOT NULL,
    "province" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "changes" INTEGER NOT NULL,

    PRIMARY KEY ("campaign", "province", "day")
);

-- CreateIndex
CREATE INDEX "Contract_number_idx" ON "Contract"("number");

-- What standings are worked out from is counted with every change of it; what was there before counts as one change.
INSERT INTO "ContractChanges" ("campaign", "province", "day", "changes")
SELECT coalesce("campaign", ''), coalesce("province", ''), coalesce("signedDay", ''), 1 FROM "Contract" GROUP BY 1, 2, 3;

CREATE TRIGGER "Contract_added" AFTER INSERT ON "Contract"
BEGIN
  INSERT INTO "ContractChanges" ("campaign", "province", "day", "changes")
  VALUES (coalesce(NEW."campaign", ''), coalesce(NEW."province", ''), coalesce(NEW."signedDay", ''), 1)
  ON CONFLICT DO UPDATE SET "changes" = "changes" + 1;
END;

CREATE TRIGGER "Contract_changed" AFTER UPDATE ON "Contract"
BEGIN
  INSERT INTO "ContractChanges" ("campaign", "province", "day", "changes")
  VALUES (coalesce(OLD."campaign", ''), coalesce(OLD."province", ''), coalesce(OLD."signedDay", ''), 1)
  ON CONFLICT DO UPDATE SET "changes" = "changes" + 1;
  INSERT INTO "ContractChanges" ("campaign", "province", "day", "changes")
  VALUES (coalesce(NEW."campaign", ''), coalesce(NEW."province", ''), coalesce(NEW."signedDay", ''), 1)
  ON CONFLICT DO UPDATE SET "changes" = "changes" + 1;
END;

CREATE TRIGGER "Contract_removed" AFTER DELETE ON "Contract"
BEGIN
  INSERT INTO "ContractChanges" ("campaign", "province", "day", "changes")
  VALUES (coalesce(OLD."campaign", ''), coalesce(OLD."province", ''), coalesce(OLD."signedDay", ''), 1)
  ON CONFLICT DO UPDATE SET "changes" = "changes" + 1;
END;
