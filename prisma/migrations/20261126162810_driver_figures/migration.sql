-- DropIndex
DROP INDEX "Delivery_orderDay_idx";

-- DropIndex
DROP INDEX "Delivery_driverId_orderDay_idx";

-- CreateIndex
CREATE INDEX "Delivery_driverId_orderDay_status_onTime_sample_idx" ON "Delivery"("driverId", "orderDay", "status", "onTime", "sample");

-- CreateIndex
CREATE INDEX "Delivery_orderDay_sample_orderedAt_idx" ON "Delivery"("orderDay", "sample", "orderedAt");

-- CreateIndex
CREATE INDEX "Driver_dsp_idx" ON "Driver"("dsp");
