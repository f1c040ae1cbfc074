import type { Database, Db } from '../../store/db.ts';

/** Questions about edited templates to the database. */

export function templateEdit(db: Db, name: string, lang: string) {
  return db.templateEdit.findUnique({ where: { name_lang: { name, lang } } });
}

export function templateEdits(db: Database) {
  return db.templateEdit.findMany();
}

/** What changes whenever a template is edited, by whatever process. */
export async function templatesStamp(db: Database): Promise<string> {
  const { _sum, _count } = await db.templateEdit.aggregate({ _sum: { version: true }, _count: true });
  return `${_count}/${_sum.version ?? 0}`;
}

/**
 * Saves an edit, if nobody else has saved one since `version`, which is 0 for a template that was never edited.
 * @param text null: the words of the file again
 */
export async function saveTemplateEdit(
  db: Db,
  key: { name: string; lang: string },
  version: number,
  text: string | null,
  by: { editedAt: Date; editedBy: string },
): Promise<boolean> {
  if (version > 0) {
    const data = { text, ...by, version: { increment: 1 } };
    return (await db.templateEdit.updateMany({ where: { ...key, version }, data })).count === 1;
  }
  if (await templateEdit(db, key.name, key.lang)) return false;
  await db.templateEdit.create({ data: { ...key, text, version: 1, ...by } });
  return true;
}
