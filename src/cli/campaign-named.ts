import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Rules } from '../core/context.ts';
import { messageOf, SetupError } from '../core/errors.ts';
import { type Campaign, campaignsFrom, publishedEditions, readCampaigns } from '../domains/rewards/index.ts';
import { packageRoot } from '../package-root.ts';
import { openRules } from '../runtime/rules.ts';
import { openDatabase } from '../store/db.ts';
import { databaseFile } from '../store/location.ts';
import { UsageError } from './errors.ts';

interface Wish {
  /** The files' rules, whatever is published. */
  files?: boolean | undefined;
  /** Told where the rules come from, when that is not the file. */
  note(text: string): void;
}

/**
 * A campaign by its key, as it holds: where the database has a published edition, that one. Or from a file: there the first
 * period, for all have the same rules. The key of a period of which each month is a campaign names the first of them.
 * @throws UsageError for an unknown campaign; SetupError where documents are wrong
 */
export async function campaignNamed(name: string, config: Config, wish: Wish): Promise<Campaign> {
  const rules = await openRules(config.rulesFolder ?? join(packageRoot(), 'rules'), config.variables);
  if (/\.ya?ml$/i.test(name)) {
    const document = { file: name, text: await textOf(name) };
    const { campaigns, mistakes } = campaignsFrom([document], await rules.documents('badges'));
    if (campaigns[0]) return campaigns[0];
    throw new SetupError('Campaign documents are wrong:', mistakes);
  }
  const held = wish.files ? null : await holding(config, rules, wish);
  const { campaigns, mistakes } =
    held?.read ?? campaignsFrom(await rules.documents('rewards'), await rules.documents('badges'));
  const monthly = (one: Campaign) => one.key.replace(/-\d{4}-\d{2}$/, '') === name;
  const campaign = campaigns.find((one) => one.key === name) ?? campaigns.find(monthly);
  const edition = campaign && held?.editions.get(campaign.file);
  if (edition) wish.note(`${name}: edition ${edition} of ${campaign.file}, as published (--files: the file)`);
  if (campaign) return campaign;
  if (mistakes.length > 0) throw new SetupError('Campaign documents are wrong:', mistakes);
  throw new UsageError(`no campaign ${name}; there are: ${campaigns.map((one) => one.key).join(', ')}`);
}

/** The campaigns with what was published and closed; null where there is no database that could say. Writes nothing. */
async function holding({ databaseUrl }: Config, rules: Rules, { note }: Wish) {
  if (!existsSync(databaseFile(databaseUrl))) return null;
  const db = openDatabase(databaseUrl);
  try {
    return { read: await readCampaigns({ db, rules }), editions: await publishedEditions(db) };
  } catch (error) {
    note(`the database cannot say what is published, so the files hold: ${messageOf(error).trim().split('\n').at(-1)}`);
    return null;
  } finally {
    await db.$disconnect();
  }
}

/** @throws UsageError where it cannot be read */
export function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`cannot read ${file}`);
  });
}
