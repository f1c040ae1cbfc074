-- CreateTable
CREATE TABLE "CallFacet" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "day" TEXT NOT NULL,
    "hour" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT,
    "name" TEXT,
    "grade" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false,
    "records" INTEGER NOT NULL,
    "dialled" INTEGER NOT NULL,
    "connected" INTEGER NOT NULL,
    "talkS" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "CallDay" (
    "day" TEXT NOT NULL,
    "track" TEXT NOT NULL,
    "kept" TEXT NOT NULL,
    "asOf" DATETIME,
    "pagesRead" INTEGER NOT NULL DEFAULT 0,
    "pagesExpected" INTEGER NOT NULL DEFAULT 0,
    "rowsRead" INTEGER NOT NULL DEFAULT 0,
    "rowsExpected" INTEGER NOT NULL DEFAULT 0,
    "dialled" INTEGER,
    "connected" INTEGER,
    "success" INTEGER,
    "digests" TEXT,
    "failedAt" DATETIME,
    "problem" TEXT,

    PRIMARY KEY ("day", "track")
);

-- CreateTable
CREATE TABLE "CallStat" (
    "day" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "dialled" INTEGER NOT NULL,
    "connected" INTEGER NOT NULL,
    "success" INTEGER NOT NULL,

    PRIMARY KEY ("day", "kind", "id")
);

-- CreateTable
CREATE TABLE "CallSync" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "track" TEXT NOT NULL,
    "window" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "durationMs" INTEGER,
    "holdsUntil" DATETIME NOT NULL,
    "runner" TEXT NOT NULL,
    "counts" TEXT,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "readAt" DATETIME
);

-- CreateTable
CREATE TABLE "CallCheck" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "day" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "accountDialled" INTEGER NOT NULL,
    "accountConnected" INTEGER NOT NULL,
    "accountSuccess" INTEGER NOT NULL,
    "recordsDialled" INTEGER NOT NULL,
    "recordsConnected" INTEGER NOT NULL,
    "gradeSuccess" INTEGER NOT NULL,
    "records" INTEGER NOT NULL,
    "differs" BOOLEAN NOT NULL
);

-- CreateTable
CREATE TABLE "CallForgotten" (
    "day" TEXT NOT NULL PRIMARY KEY
);

-- CreateIndex
CREATE INDEX "CallFacet_day_hour_idx" ON "CallFacet"("day", "hour");

-- CreateIndex
CREATE INDEX "CallFacet_sample_kind_day_idx" ON "CallFacet"("sample", "kind", "day");

-- CreateIndex
CREATE INDEX "CallSync_track_state_idx" ON "CallSync"("track", "state");

-- CreateIndex
CREATE INDEX "CallSync_startedAt_idx" ON "CallSync"("startedAt");

-- CreateIndex
CREATE INDEX "CallCheck_day_id_idx" ON "CallCheck"("day", "id");

-- Records that are there already are counted by task and by line.
INSERT INTO "CallFacet" ("day", "hour", "kind", "key", "name", "grade", "sample", "records", "dialled", "connected", "talkS")
SELECT "day", "hour", 'task', "taskId", max("taskName"), "grade", "sample", count(*), sum("dialled"), sum("connected"), sum("durationS")
FROM "CallRecord" GROUP BY "day", "hour", "taskId", "grade", "sample";
INSERT INTO "CallFacet" ("day", "hour", "kind", "key", "name", "grade", "sample", "records", "dialled", "connected", "talkS")
SELECT "day", "hour", 'line', "line", "line", "grade", "sample", count(*), sum("dialled"), sum("connected"), sum("durationS")
FROM "CallRecord" GROUP BY "day", "hour", "line", "grade", "sample";
