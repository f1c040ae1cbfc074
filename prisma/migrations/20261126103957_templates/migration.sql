-- CreateTable
CREATE TABLE "TemplateEdit" (
    "name" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "text" TEXT,
    "version" INTEGER NOT NULL,
    "editedAt" DATETIME NOT NULL,
    "editedBy" TEXT NOT NULL,

    PRIMARY KEY ("name", "lang")
);
