-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN "mysql" BOOLEAN NOT NULL DEFAULT false;
