-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN "dueAt" DATETIME;

-- AlterTable
ALTER TABLE "Driver" ADD COLUMN "onShift" BOOLEAN;
ALTER TABLE "Driver" ADD COLUMN "shiftFrom" TEXT;
ALTER TABLE "Driver" ADD COLUMN "shiftTo" TEXT;

-- CreateTable
CREATE TABLE "DriverScan" (
    "driverId" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "orderId" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "PodPicture" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "takenAt" DATETIME,
    "takenBy" TEXT,
    "place" TEXT,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "MissingUpdate" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "rule" TEXT NOT NULL,
    "driverId" TEXT NOT NULL,
    "dsp" TEXT,
    "since" DATETIME NOT NULL,
    "orders" INTEGER NOT NULL,
    "foundAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "alert" TEXT NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false
);

-- CreateIndex
CREATE INDEX "PodPicture_orderId_idx" ON "PodPicture"("orderId");

-- CreateIndex
CREATE INDEX "MissingUpdate_endedAt_idx" ON "MissingUpdate"("endedAt");

-- CreateIndex
CREATE INDEX "MissingUpdate_driverId_foundAt_idx" ON "MissingUpdate"("driverId", "foundAt");

-- CreateIndex
CREATE INDEX "Delivery_status_idx" ON "Delivery"("status");
