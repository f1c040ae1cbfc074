import { createHash } from 'node:crypto';
import type { Context, RuleDocument } from '../../../core/context.ts';
import { AskerError } from '../../../core/errors.ts';
import { type Lang, pick } from '../../../core/message.ts';
import type { Db } from '../../../store/db.ts';
import { type Campaign, campaignsFrom } from '../campaign.ts';
import { documentsOf, readCampaigns } from '../campaigns.ts';
import { closedCampaigns } from '../store.ts';
import * as store from './store.ts';

/** Where documents are, and what an edition may be called. */
const DOCUMENT = /^rules\/rewards\/[a-z0-9][a-z0-9-]*\.yaml$/;

/** A mistake with its line in the document; 1 where it is about the whole. */
export interface Mistake {
  line: number;
  text: string;
}

export interface Checked {
  /** The campaigns of the document; none where it has a mistake. */
  campaigns: Campaign[];
  mistakes: Mistake[];
}

/** Reads a text as if it were published in the place of its document: with all the others, and what is closed. */
export async function check(context: Context, document: RuleDocument): Promise<Checked> {
  const others = (await documentsOf(context)).filter(({ file }) => file !== document.file);
  const { campaigns: standing } = await readCampaigns(context);
  const closed = new Set((await closedCampaigns(context.db)).map(({ campaign }) => campaign));
  const { campaigns, mistakes } = campaignsFrom(
    [...others, document],
    await context.rules.documents('badges'),
    standing.filter(({ key, file }) => closed.has(key) && file !== document.file),
  );
  const own = mistakes.filter((mistake) => mistake.includes(`${document.file}:`)).map((text) => placed(document, text));
  if (own.length > 0) return { campaigns: [], mistakes: own };
  const read = campaigns.filter(({ file }) => file === document.file);
  const booked = await store.bookedCampaigns(context.db);
  const lost = standing.filter(
    ({ key, file }) => file === document.file && booked.has(key) && !read.some((one) => one.key === key),
  );
  const gone = lost.map(({ key }) => ({ line: 1, text: `periods: ${key} is missing: awards are booked for it` }));
  const wordless = templateMistake(context, document, read);
  const more = wordless ? [...gone, wordless] : gone;
  return more.length > 0 ? { campaigns: [], mistakes: more } : { campaigns: read, mistakes: [] };
}

/** That the words of its good news are not there. */
function templateMistake({ words }: Context, { text }: RuleDocument, [campaign]: readonly Campaign[]): Mistake | null {
  const template = campaign?.announce.template;
  if (template === undefined || words.has(template)) return null;
  const line = text.split('\n').findIndex((one) => /\btemplate:/.test(one) && one.includes(template)) + 1;
  return {
    line: Math.max(line, 1),
    text: `announce.template: there is no template ${template}: write one that there is`,
  };
}

/** `rules/rewards/x.yaml:12 awards: …` → line 12 and the rest; of two places the one in this document. */
function placed({ file }: RuleDocument, mistake: string): Mistake {
  const at = mistake.indexOf(`${file}:`);
  const line = Number.parseInt(mistake.slice(at + file.length + 1), 10);
  return { line, text: at === 0 ? mistake.replace(/^\S+:\d+ /, '') : mistake };
}

/**
 * Takes a text as the next edition of a document, and writes its number into it. Mistakes are for later.
 * @throws AskerError where somebody has kept one that the writer does not know
 */
export async function saveDraft(
  context: Context,
  draft: { document: string; text: string; note: string | null; by: string; knows?: number | undefined },
  lang: Lang,
): Promise<{ version: number; text: string }> {
  const { document, note, by, knows } = draft;
  if (!DOCUMENT.test(document)) {
    throw new AskerError(
      pick(
        lang,
        `文件名「${document}」不对，例：rules/rewards/beijing-2025-12.yaml`,
        `“${document}” is no name of a document, e.g. rules/rewards/beijing-2025-12.yaml`,
      ),
    );
  }
  const file = (await context.rules.documents('rewards')).find((one) => one.file === document);
  return context.db.$transaction(async (tx) => {
    const [newest] = await store.versionsOf(tx, document);
    if (newest && knows !== undefined && newest.version > knows) throw overtaken(newest, lang);
    const version = Math.max(newest?.version ?? 0, numberIn(file?.text ?? '')) + 1;
    const text = numbered(draft.text, version);
    await store.addVersion(tx, { document, version, text, note, createdAt: context.clock.now(), createdBy: by });
    return { version, text };
  });
}

const NUMBER = /^version:[ \t]*(\d*)[^\n#]*/m;

function numberIn(text: string): number {
  return Number(NUMBER.exec(text)?.[1] ?? 0);
}

function numbered(text: string, version: number): string {
  if (!NUMBER.test(text)) return `version: ${version}\n${text}`;
  return text.replace(NUMBER, (was) => `version: ${version}${/[ \t]*\r?$/.exec(was)?.[0] ?? ''}`);
}

/** What holds of a document now: its text and number; null where there is none. */
export async function holding(context: Context, document: string): Promise<{ version: number; text: string } | null> {
  const known = (await store.published(context.db)).get(document);
  const text = known?.text ?? (await documentsOf(context)).find(({ file }) => file === document)?.text;
  return text === undefined ? null : { version: known?.version ?? 0, text };
}

/** Which edition of each document is published in the place of its file. */
export async function publishedEditions(db: Db): Promise<Map<string, number>> {
  const held = await store.published(db);
  return new Map([...held].flatMap(([file, { version }]) => (version === 0 ? [] : [[file, version]])));
}

/** Names what holds of a document: a diff seen against it is worth nothing against another. */
export function baseOf(holding: { text: string } | null): string {
  return holding ? createHash('sha256').update(holding.text).digest('hex').slice(0, 16) : 'none';
}

/**
 * Lets an edition hold from now on: one without mistakes, whose effect against what holds now was looked at; or, to roll
 * back, one that held before, or 0, the file.
 * @throws AskerError where it may not
 */
export async function publish(
  context: Context,
  wish: { document: string; version: number; by: string },
  lang: Lang,
): Promise<{ before: number; campaigns: Campaign[] }> {
  const { document, version, by } = wish;
  const now = await holding(context, document);
  const row = await store.versionNamed(context.db, document, version);
  const file = (await context.rules.documents('rewards')).find((one) => one.file === document);
  const text = version === 0 ? file?.text : row?.text;
  if (text === undefined) throw noEdition(document, version, lang);
  const { campaigns, mistakes } = await check(context, { file: document, text });
  if (mistakes.length > 0) {
    throw new AskerError(
      [
        pick(lang, '规则有错误，不能发布：', 'It has mistakes and cannot be published:'),
        ...mistakes.map(({ line, text }) => `${line}: ${text}`),
      ].join('\n'),
    );
  }
  await context.db.$transaction(async (tx) => {
    const held = await store.publicationsOf(tx, document);
    if ((held[0]?.version ?? 0) !== (now?.version ?? 0)) throw moved(lang);
    if (now?.version === version) {
      throw new AskerError(pick(lang, `第 ${version} 版已经生效。`, `Version ${version} holds already.`));
    }
    const again = version === 0 || held.some((one) => one.version === version);
    if (!again && row?.seenBase !== baseOf(now)) {
      throw new AskerError(
        row?.seenBase
          ? pick(
              lang,
              '看过影响之后，生效的规则又变了。请再看一次影响，然后发布。',
              'The rule that holds has changed since the effect was looked at. Look at it again, then publish.',
            )
          : pick(
              lang,
              '还没有看过这一版的影响。先看影响（rewards.diff），再发布。',
              'Nobody has looked at the effect of this version. Look at it (rewards.diff), then publish.',
            ),
      );
    }
    await store.addPublication(tx, { document, version, at: context.clock.now(), by });
  });
  return { before: now?.version ?? 0, campaigns };
}

/** An edition of a document; without a number what holds, or the newest of one that was never published. */
export async function edition(
  context: Context,
  document: string,
  version: number | undefined,
  lang: Lang,
): Promise<{ text: string; version: number }> {
  const holds = await holding(context, document);
  if (version === undefined) {
    const [newest] = holds ? [] : await store.versionsOf(context.db, document);
    const shown = holds ?? newest;
    if (!shown) throw new AskerError(pick(lang, `没有 ${document}。`, `There is no ${document}.`));
    return { text: shown.text, version: shown.version };
  }
  if (version === 0) {
    const file = (await context.rules.documents('rewards')).find((one) => one.file === document);
    if (file) return { text: file.text, version };
  }
  const row = await store.versionNamed(context.db, document, version);
  if (!row) throw noEdition(document, version, lang);
  return { text: row.text, version };
}

function noEdition(document: string, version: number, lang: Lang): AskerError {
  return new AskerError(pick(lang, `${document} 没有第 ${version} 版。`, `${document} has no version ${version}.`));
}

function overtaken({ version, createdBy }: { version: number; createdBy: string }, lang: Lang): AskerError {
  return new AskerError(
    pick(
      lang,
      `${createdBy} 刚存了第 ${version} 版。你写的没有存，也没有丢；对照之后再存。`,
      `${createdBy} has just kept version ${version}. What you wrote is not kept and not lost: compare, then keep it.`,
    ),
  );
}

function moved(lang: Lang): AskerError {
  return new AskerError(pick(lang, '别人刚发布了另一版，请重新看。', 'Somebody has just published another version.'));
}
