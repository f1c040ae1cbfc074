-- CreateTable
CREATE TABLE "InboundEvent" (
    "platform" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("platform", "id")
);

-- CreateTable
CREATE TABLE "KeptCall" (
    "ref" TEXT NOT NULL PRIMARY KEY,
    "call" TEXT NOT NULL,
    "at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "holder" TEXT NOT NULL,
    "token" INTEGER NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Departure" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "to" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "letter" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Destination" (
    "address" TEXT NOT NULL PRIMARY KEY,
    "disabledAt" DATETIME,
    "reason" TEXT,
    "pausedUntil" DATETIME,
    "movedTo" TEXT
);

-- CreateTable
CREATE TABLE "Subscription" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "command" TEXT NOT NULL,
    "args" TEXT NOT NULL,
    "said" TEXT NOT NULL,
    "schedule" TEXT NOT NULL,
    "missed" TEXT NOT NULL DEFAULT 'once',
    "to" TEXT NOT NULL,
    "ownerId" TEXT,
    "lang" TEXT NOT NULL DEFAULT 'zh',
    "createdAt" DATETIME NOT NULL,
    "doneUntil" DATETIME NOT NULL,
    "removedAt" DATETIME,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Letter" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "reason" TEXT,
    "address" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "token" INTEGER NOT NULL DEFAULT 0,
    "repeats" INTEGER NOT NULL DEFAULT 0,
    "mergedInto" TEXT,
    "triedAt" DATETIME,
    "partsSent" INTEGER NOT NULL DEFAULT 0,
    "notBefore" DATETIME NOT NULL,
    "expires" DATETIME,
    "createdAt" DATETIME NOT NULL,
    "claimedAt" DATETIME,
    "claimedBy" TEXT,
    "sentAt" DATETIME,
    "sentTo" TEXT,
    "platformId" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_Letter" ("attempts", "claimedAt", "claimedBy", "class", "createdAt", "expires", "key", "message", "notBefore", "partsSent", "platformId", "reason", "sample", "sentAt", "sentTo", "seq", "state", "to") SELECT "attempts", "claimedAt", "claimedBy", "class", "createdAt", "expires", "key", "message", "notBefore", "partsSent", "platformId", "reason", "sample", "sentAt", "sentTo", "seq", "state", "to" FROM "Letter";
DROP TABLE "Letter";
ALTER TABLE "new_Letter" RENAME TO "Letter";
CREATE UNIQUE INDEX "Letter_key_key" ON "Letter"("key");
CREATE INDEX "Letter_state_notBefore_idx" ON "Letter"("state", "notBefore");
CREATE INDEX "Letter_to_idx" ON "Letter"("to");
CREATE INDEX "Letter_state_address_class_seq_idx" ON "Letter"("state", "address", "class", "seq");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "InboundEvent_at_idx" ON "InboundEvent"("at");

-- CreateIndex
CREATE INDEX "Departure_at_idx" ON "Departure"("at");

-- CreateIndex
CREATE INDEX "Departure_letter_idx" ON "Departure"("letter");

-- CreateIndex
CREATE INDEX "Subscription_removedAt_idx" ON "Subscription"("removedAt");
