-- AlterTable
ALTER TABLE "Session" ADD COLUMN "agent" TEXT;
ALTER TABLE "Session" ADD COLUMN "createdAt" DATETIME;
ALTER TABLE "Session" ADD COLUMN "ip" TEXT;
ALTER TABLE "Session" ADD COLUMN "seenAt" DATETIME;

-- CreateTable
CREATE TABLE "Password" (
    "personId" TEXT NOT NULL PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "changedAt" DATETIME NOT NULL,
    CONSTRAINT "Password_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Audit" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "personId" TEXT,
    "name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "before" TEXT,
    "after" TEXT
);

-- CreateTable
CREATE TABLE "LetterEvent" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "letter" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT
);

-- CreateTable
CREATE TABLE "ChannelEdit" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "channel" TEXT NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL,
    "editedAt" DATETIME NOT NULL,
    "editedBy" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RunLog" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "run" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "level" TEXT NOT NULL,
    "text" TEXT NOT NULL
);

-- AlterTable: added in place; the accounts of the people stay where they are.
ALTER TABLE "Person" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- CreateIndex
CREATE INDEX "Audit_action_seq_idx" ON "Audit"("action", "seq");

-- CreateIndex
CREATE INDEX "Audit_subject_seq_idx" ON "Audit"("subject", "seq");

-- CreateIndex
CREATE INDEX "LetterEvent_letter_seq_idx" ON "LetterEvent"("letter", "seq");

-- CreateIndex
CREATE INDEX "RunLog_run_seq_idx" ON "RunLog"("run", "seq");

-- CreateIndex
CREATE INDEX "Letter_state_seq_idx" ON "Letter"("state", "seq");

-- CreateIndex
CREATE INDEX "Session_personId_idx" ON "Session"("personId");

-- The story of a letter: every state that an attempt, the operator or the planner has left it in.
CREATE TRIGGER "Letter_story" AFTER UPDATE OF "state", "reason" ON "Letter"
WHEN NEW."state" <> 'sending' AND (NEW."state" <> OLD."state" OR NEW."reason" IS NOT OLD."reason")
BEGIN
  INSERT INTO "LetterEvent" ("letter", "at", "state", "reason") VALUES (NEW."seq",
    CASE NEW."state" WHEN 'sent' THEN NEW."sentAt" ELSE strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now') END,
    NEW."state", NEW."reason");
END;

CREATE TRIGGER "Letter_forgotten" AFTER DELETE ON "Letter"
BEGIN
  DELETE FROM "LetterEvent" WHERE "letter" = OLD."seq";
END;
