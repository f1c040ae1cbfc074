-- CreateTable
CREATE TABLE "Violation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "day" TEXT NOT NULL,
    "orderNum" TEXT NOT NULL,
    "orderedAt" DATETIME,
    "city" TEXT,
    "provider" TEXT NOT NULL,
    "housekeeper" TEXT,
    "kind" TEXT NOT NULL,
    "description" TEXT,
    "orderStatus" TEXT,
    "workType" TEXT,
    "sourceType" TEXT,
    "source" TEXT NOT NULL,
    "firstSeenAt" DATETIME NOT NULL,
    "withdrawnAt" DATETIME,
    "toldAt" DATETIME,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "ViolationDay" (
    "day" TEXT NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false,
    "readAt" DATETIME NOT NULL,
    "source" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "completeness" TEXT NOT NULL,

    PRIMARY KEY ("day", "sample")
);

-- CreateTable
CREATE TABLE "Appeal" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "violationId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "byId" TEXT,
    "by" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "decidedBy" TEXT,
    "decidedAt" DATETIME,
    CONSTRAINT "Appeal_violationId_fkey" FOREIGN KEY ("violationId") REFERENCES "Violation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Violation_sample_day_provider_idx" ON "Violation"("sample", "day", "provider");

-- CreateIndex
CREATE INDEX "Violation_orderNum_idx" ON "Violation"("orderNum");

-- CreateIndex
CREATE UNIQUE INDEX "Appeal_violationId_key" ON "Appeal"("violationId");

-- CreateIndex
CREATE INDEX "Appeal_state_idx" ON "Appeal"("state");
