import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import type { RuleDocument } from '../../core/context.ts';
import { type Fen, fenFromYuan } from '../../core/money.ts';
import { type Sheet, sheetOf } from '../../core/sheet.ts';
import { addMonths, type Day, monthDays, monthOf } from '../../core/time.ts';
import { type Badge, badgesFrom, type KnownBadge } from './badges.ts';
import { CampaignDocument } from './campaign-document.ts';
import { sourceCode } from './model.ts';

/** Where the document says nothing. */
const NUDGE_DAYS = 3;
const DISPUTE_WORKDAYS = 3;

/** Which of a person's contracts an award looks at. */
export type Scope = 'all' | 'platform' | 'selfReferral';

export interface CapRule {
  contractFen: Fen | null;
  workOrderFen: Fen | null;
}

/** Won by the running number in the activity: the highest band whose `fromFen` the signed amount reaches. */
export interface NumberedRule {
  first: number | null;
  endsIn: number | null;
  /** Ascending; null: any amount. */
  bands: readonly { name: string; fromFen: Fen | null; paysFen: Fen }[];
}

export interface EveryRule {
  name: string;
  count: number;
  of: Scope;
  paysFen: Fen;
}

export interface TierStep {
  name: string;
  atFen: Fen;
  paysFen: Fen;
}

export interface TierRule {
  of: Scope;
  unlock: number;
  measure: 'counted' | 'signed';
  /** Ascending. */
  steps: readonly TierStep[];
}

export interface AddressRule {
  name: string;
  of: Scope;
  paysFen: Fen;
}

export interface Legacy {
  sums: 'wholeYuan' | null;
  workOrderCap: 'signedSum' | null;
  tiersOf: Scope | null;
  countedSum: 'signingTime' | null;
}

/** One city's rewards over one period: a document's rules, in fen, for one of its periods. */
export interface Campaign {
  key: string;
  title: string;
  /** Which edition of the rules this is, as the document says. */
  version: number;
  city: string;
  provinces: readonly string[];
  /** Signing days, both included. */
  from: Day;
  to: Day;
  person: readonly ('housekeeper' | 'provider')[];
  /** Source codes that are self-referral; all others are platform. */
  selfReferral: readonly string[];
  /** Source codes that are of this campaign; null: all. */
  only: readonly string[] | null;
  take: 'signed' | 'assigned';
  order: 'arrival' | 'signingTime';
  /** Contracts with a historical number come first and use up quota alone. */
  historical: boolean;
  /** The counted amount is what the source gives; caps mean nothing. */
  delivered: boolean;
  caps: { platform: CapRule; selfReferral: CapRule };
  /** Something can be won; otherwise it only announces. */
  pays: boolean;
  awards: {
    numbered: readonly NumberedRule[];
    every: readonly EveryRule[];
    tiers: TierRule | null;
    perAddress: readonly AddressRule[];
  };
  badges: readonly Badge[];
  /** Faults that a paid month depends on. */
  legacy: Legacy;
  announce: { channel: string; template: string };
  notice: { person: boolean; copy: string | null };
  /** Days in which a person is told at most once that the next tier is near; null: never. */
  nudgeEveryDays: number | null;
  /** Workdays in which a dispute is to be answered. */
  disputeWorkdays: number;
  /** Changes with whatever changes who is paid what. */
  hash: string;
  /** Where it is written. */
  file: string;
  line: number;
}

/**
 * Reads campaign documents. All mistakes of all documents are found at once, each with its file and line. A document
 * with a mistake gives no campaign, and neither do two campaigns that would pay the same city on the same day.
 * @param closed campaigns as they were when they were closed: they stand, whatever the documents now say
 */
export function campaignsFrom(
  documents: readonly RuleDocument[],
  badgeDocuments: readonly RuleDocument[] = [],
  closed: readonly Campaign[] = [],
): { campaigns: Campaign[]; mistakes: string[] } {
  const badges = badgesFrom(badgeDocuments);
  const read = documents.map((document) => readDocument(document, badges.badges));
  const locked = new Set(closed.map(({ key }) => key));
  const open = read.flatMap((document) => document.campaigns).filter(({ key }) => !locked.has(key));
  const campaigns = [...closed, ...open];
  const clashes = clashesOf(campaigns);
  const clashing = new Set(clashes.flatMap(({ pair }) => pair));
  return {
    campaigns: campaigns.filter((campaign) => locked.has(campaign.key) || !clashing.has(campaign)),
    mistakes: [
      ...badges.mistakes,
      ...read.flatMap((document) => document.mistakes),
      ...clashes.map(({ mistake }) => mistake),
    ],
  };
}

/** The document with this period in place of its own: for rules that are kept ready and filled in later. */
export function withPeriod(
  { file, text }: RuleDocument,
  period: { key: string; title: string; from: Day; to: Day },
): RuleDocument {
  const document = parseDocument(text);
  document.set('periods', [period]);
  return { file, text: document.toString() };
}

function readDocument(
  document: RuleDocument,
  badges: ReadonlyMap<string, KnownBadge>,
): { campaigns: Campaign[]; mistakes: string[] } {
  const sheet = sheetOf(document, CampaignDocument);
  if (!sheet.value) return { campaigns: [], mistakes: sheet.mistakes };
  const unknown = (sheet.value.badges ?? []).flatMap(({ badge }, index) =>
    badges.has(badge)
      ? []
      : [
          `${sheet.file}:${sheet.lineOf(['badges', index])} badges.${index}.badge: there is no badge ${badge} in rules/badges.yaml`,
        ],
  );
  if (unknown.length > 0) return { campaigns: [], mistakes: unknown };
  const rules = rulesOf(sheet.value, badges);
  const periods = sheet.value.periods.flatMap((period, index) => monthsOf(period).map((one) => ({ ...one, index })));
  return { campaigns: periods.map((period) => campaignOf(sheet, rules, period)), mistakes: [] };
}

type Period = CampaignDocument['periods'][number];

/** A period, or each calendar month of it. */
function monthsOf(period: Period): Period[] {
  if (!period.each) return [period];
  const months: Period[] = [];
  for (let month = monthOf(period.from); month <= monthOf(period.to); month = addMonths(month, 1)) {
    const { from, to } = monthDays(month);
    months.push({
      key: `${period.key}-${month}`,
      title: `${period.title} ${month}`,
      from: from < period.from ? period.from : from,
      to: to > period.to ? period.to : to,
    });
  }
  return months;
}

function campaignOf(
  sheet: Sheet<CampaignDocument>,
  rules: ReturnType<typeof rulesOf>,
  { key, title, from, to, index }: Period & { index: number },
): Campaign {
  const { version, city, announce, notice, nudge, disputes } = sheet.value as CampaignDocument;
  return {
    key,
    title,
    version,
    city,
    from,
    to,
    ...rules,
    announce,
    notice: { person: notice.person, copy: notice.copy ?? null },
    nudgeEveryDays: nudge === 'none' ? null : (nudge?.everyDays ?? NUDGE_DAYS),
    disputeWorkdays: disputes?.workdays ?? DISPUTE_WORKDAYS,
    hash: createHash('sha256').update(JSON.stringify({ from, to, rules })).digest('hex').slice(0, 16),
    file: sheet.file,
    line: sheet.lineOf(['periods', index]),
  };
}

/** The part of a document that decides who is paid what. */
function rulesOf(document: CampaignDocument, badges: ReadonlyMap<string, KnownBadge>) {
  const { contracts, legacy = {} } = document;
  const { numbered = [], every = [], tiers, perAddress = [] } = document.awards === 'none' ? {} : document.awards;
  const code = (value: string | number) => sourceCode(String(value)) ?? '';
  const none: CapRule = { contractFen: null, workOrderFen: null };
  const caps = contracts.caps === 'delivered' ? null : contracts.caps;
  return {
    provinces: document.provinces.map(String),
    person: document.person,
    selfReferral: contracts.sources.selfReferral.map(code),
    only: contracts.sources.only?.map(code) ?? null,
    take: contracts.take,
    order: contracts.order,
    historical: contracts.historical === 'quotaOnly',
    delivered: caps === null,
    caps: {
      platform: caps ? capOf(caps.platform) : none,
      selfReferral: caps?.selfReferral ? capOf(caps.selfReferral) : none,
    },
    pays: document.awards !== 'none',
    awards: {
      numbered: numbered.map(({ first = null, endsIn = null, bands }) => ({
        first,
        endsIn,
        bands: bands.map(({ name, from, pays }) => ({
          name,
          fromFen: from === undefined ? null : fenFromYuan(from),
          paysFen: fenFromYuan(pays),
        })),
      })),
      every: every.map(({ name, count, of, pays }) => ({ name, count, of, paysFen: fenFromYuan(pays) })),
      tiers: tiers ? { ...tiers, steps: tiers.steps.map(stepOf) } : null,
      perAddress: perAddress.map(({ name, of, pays }) => ({ name, of, paysFen: fenFromYuan(pays) })),
    },
    badges: (document.badges ?? []).flatMap(({ badge, doubles }) => {
      const known = badges.get(badge);
      return known ? [{ name: badge, ...known, doublesTiers: doubles === 'tiers' }] : [];
    }),
    legacy: {
      sums: legacy.sums ?? null,
      workOrderCap: legacy.workOrderCap ?? null,
      tiersOf: legacy.tiersOf ?? null,
      countedSum: legacy.countedSum ?? null,
    },
  };
}

function stepOf({ name, at, pays }: { name: string; at: number; pays: number }): TierStep {
  return { name, atFen: fenFromYuan(at), paysFen: fenFromYuan(pays) };
}

function capOf({ contract, workOrder }: { contract: number | 'none'; workOrder: number | 'none' }): CapRule {
  return {
    contractFen: contract === 'none' ? null : fenFromYuan(contract),
    workOrderFen: workOrder === 'none' ? null : fenFromYuan(workOrder),
  };
}

/** Pairs that bear one key, or that would pay the same city on the same day. */
function clashesOf(campaigns: readonly Campaign[]): { pair: Campaign[]; mistake: string }[] {
  return campaigns.flatMap((later, index) =>
    campaigns.slice(0, index).flatMap((earlier) => {
      const why = clash(earlier, later);
      return why ? [{ pair: [earlier, later], mistake: `${placeOf(later)} and ${placeOf(earlier)}: ${why}` }] : [];
    }),
  );
}

function clash(a: Campaign, b: Campaign): string | undefined {
  if (a.key === b.key) return `both periods have the key ${a.key}: keys must differ`;
  if (!a.pays || !b.pays) return undefined;
  const province = a.provinces.find((code) => b.provinces.includes(code));
  const { from } = a.from > b.from ? a : b;
  const { to } = a.to < b.to ? a : b;
  if (!province || from > to) return undefined;
  return `${a.key} and ${b.key} would both pay province ${province} from ${from} to ${to}: change a period`;
}

function placeOf(campaign: Campaign): string {
  return `${campaign.file}:${campaign.line}`;
}
