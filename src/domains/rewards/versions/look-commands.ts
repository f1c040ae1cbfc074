import { z } from 'zod';
import { type Ask, command } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { asData, pick } from '../../../core/message.ts';
import { today } from '../../../core/time.ts';
import { isSample, readCampaigns } from '../campaigns.ts';
import { contractsOf } from '../contracts/store.ts';
import { decide } from '../decide.ts';
import { capTrace, decisionJson, shownName } from '../model.ts';
import { campaignState, ledgerTotals } from '../store.ts';
import { Document, Version } from './args.ts';
import { check, edition, holding } from './editions.ts';
import * as store from './store.ts';

/** What there is: campaigns, their documents, and any person followed through a rule. */

const campaigns = command({
  name: 'rewards.campaigns',
  summary: {
    zh: '活动列表：日期、状态、规则版本、已记奖励',
    en: 'Campaigns: dates, state, version of the rules, what is booked',
  },
  aliases: [{ words: '活动列表' }, { words: 'campaigns' }],
  args: z.strictObject({}),
  examples: { zh: ['活动列表'], en: ['campaigns'] },
  role: 'lead',
  audience: 'asker',
  async run({ context, lang }) {
    const { campaigns, mistakes } = await readCampaigns(context);
    const now = today(context.clock);
    const booked = await ledgerTotals(context.db);
    const rows = [];
    for (const { key, title, city, from, to, version, pays, file } of campaigns.toSorted((a, b) =>
      b.to.localeCompare(a.to),
    )) {
      const state = await campaignState(context.db, key);
      const stands = state?.closedAt ? 'closed' : to < now ? 'over' : from > now ? 'coming' : 'running';
      const known = { key, title, city, from, to, version, pays, document: file };
      rows.push({
        ...known,
        state: stands,
        closedAt: state?.closedAt ?? null,
        closedBy: state?.closedBy ?? null,
        settledAt: state?.settledAt ?? null,
        bookedFen: booked.get(key) ?? 0,
      });
    }
    const words: Record<string, string> = {
      closed: pick(lang, '已关账', 'closed'),
      over: pick(lang, '已结束', 'over'),
      running: pick(lang, '进行中', 'running'),
      coming: pick(lang, '未开始', 'coming'),
    };
    return {
      title: pick(lang, `${rows.length} 个活动`, `${rows.length} campaigns`),
      tone: mistakes.length > 0 ? 'bad' : 'info',
      lang,
      blocks: [
        ...(mistakes.length > 0 ? [{ type: 'text' as const, text: mistakes.join('\n') }] : []),
        {
          type: 'table',
          columns: [
            { label: pick(lang, '活动', 'Campaign') },
            { label: pick(lang, '日期', 'Days') },
            { label: pick(lang, '状态', 'State') },
            { label: pick(lang, '版本', 'Version'), align: 'right' },
          ],
          rows: rows
            .slice(0, 40)
            .map((row) => [row.key, `${row.from}..${row.to}`, words[row.state] ?? row.state, String(row.version)]),
        },
      ],
      data: asData({ campaigns: rows, mistakes, documents: await documentsData({ context }) }),
    };
  },
});

/** Every document with what holds and its newest draft. */
async function documentsData({ context }: Pick<Ask, 'context'>) {
  const { campaigns } = await readCampaigns(context);
  const files = (await context.rules.documents('rewards')).map(({ file }) => file);
  const versions = await store.versionsOf(context.db);
  const held = await store.published(context.db);
  return [...new Set([...files, ...versions.map(({ document }) => document)])].toSorted().map((document) => {
    const newest = versions.find((one) => one.document === document);
    const publishedVersion = held.get(document)?.version ?? (files.includes(document) ? 0 : null);
    return {
      document,
      publishedVersion,
      draft: newest && newest.version > (publishedVersion ?? 0) ? newest.version : null,
      campaigns: campaigns.filter(({ file }) => file === document).map(({ key }) => key),
    };
  });
}

const document = command({
  name: 'rewards.document',
  summary: {
    zh: '一份活动规则：正文、各版本、发布记录',
    en: 'A campaign document: its text, editions and publications',
  },
  aliases: [],
  args: z.strictObject({ document: Document, version: Version.optional().describe('Default: what holds') }),
  examples: { zh: [], en: [] },
  role: 'lead',
  async run({ context, lang }, { document, version }) {
    const { text, version: shown } = await edition(context, document, version, lang);
    const versions = (await store.versionsOf(context.db, document)).map(({ text: _, ...row }) => row);
    const publications = await store.publicationsOf(context.db, document);
    const holds = await holding(context, document);
    return {
      title: document,
      lang,
      data: asData({ document, version: shown, text, published: holds?.version ?? null, versions, publications }),
    };
  },
});

const trace = command({
  name: 'rewards.trace',
  summary: {
    zh: '一位管家每份合同在某一版规则下如何计入',
    en: 'How each contract of one person counts under an edition',
  },
  aliases: [],
  args: z.strictObject({
    campaign: z.string().max(60).describe('Whose contracts: a campaign key'),
    person: z.string().max(120).describe('Id, or name'),
    document: Document.optional().describe('Default: the rule that holds'),
    version: Version.optional(),
  }),
  examples: { zh: [], en: [] },
  role: 'lead',
  audience: 'asker',
  async run({ context, lang }, { campaign: key, person, document, version }) {
    const { campaigns } = await readCampaigns(context);
    const known = campaigns.find((one) => one.key === key);
    const drafted = document
      ? (await check(context, { file: document, ...(await edition(context, document, version, lang)) })).campaigns
      : [];
    const rule = document ? (drafted.find((one) => one.key === key) ?? drafted[0]) : known;
    const whose = known ?? rule;
    if (!rule || !whose)
      throw new AskerError(
        pick(
          lang,
          `没有活动「${key}」，或规则有错误。`,
          `There is no campaign “${key}”, or the document has mistakes.`,
        ),
      );
    const decisions = decide(rule, await contractsOf(context.db, whose));
    const own = decisions.filter((one) => one.personId === person || shownName(one.person) === person);
    const last = own.at(-1);
    return {
      title: pick(
        lang,
        `${last ? shownName(last.person) : person}：${own.length} 份合同`,
        `${last ? shownName(last.person) : person}: ${own.length} contracts`,
      ),
      lang,
      data: asData({
        campaign: whose.key,
        version: rule.version,
        sample: isSample(whose),
        decisions: own.map((one) => ({
          ...decisionJson(one),
          personId: one.personId,
          number: one.contract.number,
          signedDay: one.contract.signedDay,
          workOrder: one.contract.workOrder,
          caps: capTrace(one),
        })),
      }),
    };
  },
});

export const lookCommands = [campaigns, document, trace];
