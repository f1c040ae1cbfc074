import type { Db } from './db.ts';

/** Values that the house itself made, by name. */
export async function readSetting(db: Db, name: string): Promise<string | null> {
  const row = await db.setting.findUnique({ where: { name } });
  return row?.value ?? null;
}

export async function writeSetting(db: Db, name: string, value: string): Promise<void> {
  await db.setting.upsert({ where: { name }, create: { name, value }, update: { value } });
}

/** Takes a value, made the first time that it is asked for. Two that ask at once get the same. */
export async function settingOr(db: Db, name: string, make: () => string): Promise<string> {
  const known = await readSetting(db, name);
  if (known !== null) return known;
  await db.$executeRaw`INSERT INTO "Setting" ("name", "value") VALUES (${name}, ${make()}) ON CONFLICT ("name") DO NOTHING`;
  return (await readSetting(db, name)) ?? '';
}
