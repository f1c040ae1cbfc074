-- CreateTable
CREATE TABLE "SheetRow" (
    "sheet" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "values" TEXT NOT NULL,
    "record" TEXT,
    "state" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("sheet", "identity")
);
