-- AlterTable
ALTER TABLE "RewardDispute" ADD COLUMN "wasFen" INTEGER;
