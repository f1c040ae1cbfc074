-- AlterTable
ALTER TABLE "Contract" ADD COLUMN "source" TEXT;
ALTER TABLE "Contract" ADD COLUMN "withdrawnAt" DATETIME;

-- AlterTable
ALTER TABLE "LedgerEntry" ADD COLUMN "paidIn" TEXT;

-- CreateTable
CREATE TABLE "CampaignVersion" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "document" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "note" TEXT,
    "createdAt" DATETIME NOT NULL,
    "createdBy" TEXT NOT NULL,
    "seenAt" DATETIME,
    "seenBy" TEXT,
    "seenBase" TEXT
);

-- CreateTable
CREATE TABLE "CampaignPublication" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "document" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "by" TEXT NOT NULL
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_CampaignState" (
    "campaign" TEXT NOT NULL PRIMARY KEY,
    "startedAt" DATETIME NOT NULL,
    "settledAt" DATETIME,
    "quiet" BOOLEAN NOT NULL DEFAULT false,
    "rulesHash" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "closedAt" DATETIME,
    "closedBy" TEXT,
    "frozen" TEXT
);
INSERT INTO "new_CampaignState" ("campaign", "quiet", "rulesHash", "settledAt", "startedAt") SELECT "campaign", "quiet", "rulesHash", "settledAt", "startedAt" FROM "CampaignState";
DROP TABLE "CampaignState";
ALTER TABLE "new_CampaignState" RENAME TO "CampaignState";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE UNIQUE INDEX "CampaignVersion_document_version_key" ON "CampaignVersion"("document", "version");

-- CreateIndex
CREATE INDEX "CampaignPublication_document_idx" ON "CampaignPublication"("document");
