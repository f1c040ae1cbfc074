-- CreateTable
CREATE TABLE "Person" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'staff',
    "locale" TEXT NOT NULL DEFAULT 'zh',
    "city" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Account" (
    "address" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "linkedAt" DATETIME NOT NULL,
    CONSTRAINT "Account_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Subject" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "linkedAt" DATETIME NOT NULL,

    PRIMARY KEY ("kind", "id"),
    CONSTRAINT "Subject_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Code" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    CONSTRAINT "Code_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Session" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    CONSTRAINT "Session_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Setting" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Letter" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
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

-- CreateTable
CREATE TABLE "ConsoleMessage" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "room" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "fromKind" TEXT NOT NULL,
    "fromName" TEXT NOT NULL,
    "fromId" TEXT,
    "text" TEXT,
    "message" TEXT,
    "key" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "JobRun" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "scheduledFor" DATETIME,
    "args" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "heartbeatAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "runner" TEXT NOT NULL,
    "counts" TEXT,
    "error" TEXT
);

-- CreateTable
CREATE TABLE "FeedState" (
    "feed" TEXT NOT NULL PRIMARY KEY,
    "asOf" DATETIME NOT NULL,
    "source" TEXT NOT NULL,
    "completeness" TEXT NOT NULL,
    "note" TEXT,
    "rows" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Contract" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "campaign" TEXT,
    "province" TEXT,
    "number" TEXT,
    "workOrder" TEXT,
    "status" TEXT,
    "state" TEXT,
    "housekeeper" TEXT NOT NULL,
    "housekeeperId" TEXT,
    "provider" TEXT,
    "sourceType" TEXT,
    "amountFen" INTEGER NOT NULL,
    "paidFen" INTEGER,
    "performanceFen" INTEGER,
    "customerAddress" TEXT,
    "projectAddress" TEXT,
    "historicalNo" TEXT,
    "conversion" REAL,
    "averageFen" INTEGER,
    "signedAt" DATETIME,
    "signedDay" TEXT,
    "signedText" TEXT,
    "createdAt" DATETIME,
    "firstSeenAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "ContractRevision" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "contractId" TEXT NOT NULL,
    "seenAt" DATETIME NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    CONSTRAINT "ContractRevision_contractId_fkey" FOREIGN KEY ("contractId") REFERENCES "Contract" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CampaignState" (
    "campaign" TEXT NOT NULL PRIMARY KEY,
    "startedAt" DATETIME NOT NULL,
    "settledAt" DATETIME,
    "quiet" BOOLEAN NOT NULL DEFAULT false,
    "rulesHash" TEXT
);

-- CreateTable
CREATE TABLE "Settlement" (
    "campaign" TEXT NOT NULL,
    "contractId" TEXT NOT NULL,
    "settledAt" DATETIME NOT NULL,
    "announced" BOOLEAN NOT NULL,

    PRIMARY KEY ("campaign", "contractId")
);

-- CreateTable
CREATE TABLE "LedgerEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "campaign" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "awardKey" TEXT NOT NULL,
    "entry" INTEGER NOT NULL,
    "contractId" TEXT,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "amountFen" INTEGER NOT NULL,
    "cause" TEXT NOT NULL,
    "detail" TEXT,
    "bookedAt" DATETIME NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "Driver" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "dsp" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "Delivery" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "driverId" TEXT NOT NULL,
    "orderDay" TEXT NOT NULL,
    "orderedAt" DATETIME,
    "pickedUpAt" DATETIME,
    "deliveredAt" DATETIME,
    "status" TEXT NOT NULL,
    "onTime" BOOLEAN,
    "storeLat" REAL,
    "storeLng" REAL,
    "customerLat" REAL,
    "customerLng" REAL,
    "facts" TEXT NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "CallRecord" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "day" TEXT NOT NULL,
    "hour" INTEGER NOT NULL,
    "calledAt" DATETIME NOT NULL,
    "taskId" TEXT,
    "taskName" TEXT,
    "seatId" TEXT,
    "seatName" TEXT,
    "line" TEXT,
    "durationS" INTEGER NOT NULL,
    "dialled" BOOLEAN NOT NULL,
    "connected" BOOLEAN NOT NULL,
    "grade" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "CallTally" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "day" TEXT NOT NULL,
    "hour" INTEGER NOT NULL,
    "seatId" TEXT,
    "seatName" TEXT,
    "grade" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false,
    "records" INTEGER NOT NULL,
    "dialled" INTEGER NOT NULL,
    "connected" INTEGER NOT NULL
);

-- CreateIndex
CREATE INDEX "Person_name_idx" ON "Person"("name");

-- CreateIndex
CREATE INDEX "Account_personId_idx" ON "Account"("personId");

-- CreateIndex
CREATE INDEX "Subject_personId_idx" ON "Subject"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "Letter_key_key" ON "Letter"("key");

-- CreateIndex
CREATE INDEX "Letter_state_notBefore_idx" ON "Letter"("state", "notBefore");

-- CreateIndex
CREATE INDEX "Letter_to_idx" ON "Letter"("to");

-- CreateIndex
CREATE UNIQUE INDEX "ConsoleMessage_key_key" ON "ConsoleMessage"("key");

-- CreateIndex
CREATE INDEX "ConsoleMessage_room_seq_idx" ON "ConsoleMessage"("room", "seq");

-- CreateIndex
CREATE INDEX "JobRun_name_startedAt_idx" ON "JobRun"("name", "startedAt");

-- CreateIndex
CREATE INDEX "JobRun_state_idx" ON "JobRun"("state");

-- CreateIndex
CREATE UNIQUE INDEX "Contract_id_key" ON "Contract"("id");

-- CreateIndex
CREATE INDEX "Contract_province_signedDay_idx" ON "Contract"("province", "signedDay");

-- CreateIndex
CREATE INDEX "Contract_campaign_idx" ON "Contract"("campaign");

-- CreateIndex
CREATE INDEX "ContractRevision_contractId_idx" ON "ContractRevision"("contractId");

-- CreateIndex
CREATE INDEX "LedgerEntry_campaign_person_idx" ON "LedgerEntry"("campaign", "person");

-- CreateIndex
CREATE INDEX "LedgerEntry_contractId_idx" ON "LedgerEntry"("contractId");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerEntry_campaign_person_awardKey_entry_key" ON "LedgerEntry"("campaign", "person", "awardKey", "entry");

-- CreateIndex
CREATE INDEX "Driver_name_idx" ON "Driver"("name");

-- CreateIndex
CREATE INDEX "Delivery_driverId_orderDay_idx" ON "Delivery"("driverId", "orderDay");

-- CreateIndex
CREATE INDEX "Delivery_orderDay_idx" ON "Delivery"("orderDay");

-- CreateIndex
CREATE INDEX "CallRecord_day_hour_idx" ON "CallRecord"("day", "hour");

-- CreateIndex
CREATE INDEX "CallRecord_seatId_day_idx" ON "CallRecord"("seatId", "day");

-- CreateIndex
CREATE INDEX "CallTally_day_hour_idx" ON "CallTally"("day", "hour");

-- CreateIndex
CREATE INDEX "CallTally_sample_day_grade_records_dialled_connected_idx" ON "CallTally"("sample", "day", "grade", "records", "dialled", "connected");
