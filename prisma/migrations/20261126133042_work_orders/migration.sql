-- CreateTable
CREATE TABLE "WorkOrder" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "openedAt" DATETIME NOT NULL,
    "type" TEXT,
    "priority" TEXT,
    "city" TEXT,
    "provider" TEXT,
    "source" TEXT,
    "housekeeper" TEXT,
    "housekeeperId" TEXT,
    "dueAt" DATETIME,
    "state" TEXT NOT NULL,
    "over" BOOLEAN NOT NULL DEFAULT false,
    "changedAt" DATETIME NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "OrderState" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "orderId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    CONSTRAINT "OrderState_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "WorkOrder" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "LevelState" (
    "orderId" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "startedAt" DATETIME,
    "stoppedAt" DATETIME,
    "dueAt" DATETIME,
    "warnedAs" TEXT,

    PRIMARY KEY ("orderId", "level"),
    CONSTRAINT "LevelState_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "WorkOrder" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "WorkOrder_over_openedAt_idx" ON "WorkOrder"("over", "openedAt");

-- CreateIndex
CREATE UNIQUE INDEX "OrderState_orderId_at_state_key" ON "OrderState"("orderId", "at", "state");

-- CreateIndex
CREATE INDEX "LevelState_level_outcome_idx" ON "LevelState"("level", "outcome");
