-- CreateTable
CREATE TABLE "RewardDispute" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "campaign" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "contractId" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "raisedBy" TEXT NOT NULL,
    "raisedName" TEXT NOT NULL,
    "raisedAt" DATETIME NOT NULL,
    "dueAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "awardKey" TEXT,
    "awardType" TEXT,
    "awardName" TEXT,
    "paysFen" INTEGER,
    "answer" TEXT,
    "resolvedAt" DATETIME,
    "resolvedBy" TEXT
);

-- CreateTable
CREATE TABLE "RewardNudge" (
    "housekeeper" TEXT NOT NULL PRIMARY KEY,
    "off" BOOLEAN NOT NULL DEFAULT false,
    "lastAt" DATETIME
);

-- CreateIndex
CREATE INDEX "RewardDispute_campaign_state_idx" ON "RewardDispute"("campaign", "state");

-- CreateIndex
CREATE INDEX "RewardDispute_contractId_idx" ON "RewardDispute"("contractId");
