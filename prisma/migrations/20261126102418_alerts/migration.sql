-- CreateTable
CREATE TABLE "Alert" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "steps" TEXT NOT NULL,
    "step" INTEGER NOT NULL DEFAULT 0,
    "nextAt" DATETIME,
    "state" TEXT NOT NULL DEFAULT 'open',
    "ownerId" TEXT,
    "ownerName" TEXT,
    "quietFor" INTEGER,
    "class" TEXT NOT NULL,
    "openedAt" DATETIME NOT NULL,
    "changedAt" DATETIME NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "AlertEvent" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "alertId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "action" TEXT NOT NULL,
    "byId" TEXT,
    "by" TEXT,
    "to" TEXT,
    CONSTRAINT "AlertEvent_alertId_fkey" FOREIGN KEY ("alertId") REFERENCES "Alert" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Alert_key_key" ON "Alert"("key");

-- CreateIndex
CREATE INDEX "Alert_state_nextAt_idx" ON "Alert"("state", "nextAt");

-- CreateIndex
CREATE INDEX "Alert_subject_idx" ON "Alert"("subject");

-- CreateIndex
CREATE INDEX "AlertEvent_alertId_seq_idx" ON "AlertEvent"("alertId", "seq");
