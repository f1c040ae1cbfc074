-- CreateTable
CREATE TABLE "PendingOrder" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderNum" TEXT NOT NULL,
    "customer" TEXT,
    "address" TEXT,
    "person" TEXT,
    "provider" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "firstSeenAt" DATETIME NOT NULL,
    "deactivatedAt" DATETIME,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "FieldEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "person" TEXT NOT NULL,
    "provider" TEXT,
    "action" TEXT NOT NULL,
    "firstSeenAt" DATETIME NOT NULL,
    "toldAt" DATETIME
);

-- CreateIndex
CREATE INDEX "PendingOrder_sample_deactivatedAt_idx" ON "PendingOrder"("sample", "deactivatedAt");

-- CreateIndex
CREATE INDEX "FieldEvent_kind_at_idx" ON "FieldEvent"("kind", "at");
