-- DropIndex
DROP INDEX "Delivery_driverId_orderDay_status_onTime_sample_idx";

-- DropIndex
DROP INDEX "Delivery_status_idx";

-- CreateIndex
CREATE INDEX "Delivery_orderDay_driverId_status_onTime_sample_idx" ON "Delivery"("orderDay", "driverId", "status", "onTime", "sample");
