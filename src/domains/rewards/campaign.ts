import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import type { RuleDocument } from '../../core/context.ts';
import { type Fen, fenFromYuan } from '../../core/money.ts';
import type { Day } from '../../core/time.ts';
import { CampaignDocument } from './campaign-document.ts';
import { sourceCode } from './model.ts';
import { type Sheet, sheetOf } from './sheet.ts';

/** Which of a person's contracts an award looks at. */
export type Scope = 'all' | 'platform' | 'selfReferral';

export interface CapRule {
  contractFen: Fen | null;
  workOrderFen: Fen | null;
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
  caps: { platform: CapRule; selfReferral: CapRule };
  awards: { every: readonly EveryRule[]; tiers: TierRule | null; perAddress: readonly AddressRule[] };
  announce: { channel: string; template: string };
  notice: { person: boolean; copy: string | null };
  /** Changes with whatever changes who is paid what. */
  hash: string;
  /** Where it is written. */
  file: string;
  line: number;
}

/**
 * Reads campaign documents. All mistakes of all documents are found at once, each with its file and line. A document
 * with a mistake gives no campaign, and neither do two campaigns that would pay the same city on the same day.
 */
export function campaignsFrom(documents: readonly RuleDocument[]): { campaigns: Campaign[]; mistakes: string[] } {
  const read = documents.map(readDocument);
  const campaigns = read.flatMap((document) => document.campaigns);
  const clashes = clashesOf(campaigns);
  return {
    campaigns: campaigns.filter((campaign) => !clashes.some(({ pair }) => pair.includes(campaign))),
    mistakes: [...read.flatMap((document) => document.mistakes), ...clashes.map(({ mistake }) => mistake)],
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

function readDocument(document: RuleDocument): { campaigns: Campaign[]; mistakes: string[] } {
  const sheet = sheetOf(document, CampaignDocument);
  if (!sheet.value) return { campaigns: [], mistakes: sheet.mistakes };
  const rules = rulesOf(sheet.value);
  return { campaigns: sheet.value.periods.map((_, index) => campaignOf(sheet, rules, index)), mistakes: [] };
}

function campaignOf(sheet: Sheet<CampaignDocument>, rules: ReturnType<typeof rulesOf>, index: number): Campaign {
  const { version, city, announce, notice, periods } = sheet.value as CampaignDocument;
  const { key, title, from, to } = periods[index] as CampaignDocument['periods'][number];
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
    hash: createHash('sha256').update(JSON.stringify({ from, to, rules })).digest('hex').slice(0, 16),
    file: sheet.file,
    line: sheet.lineOf(['periods', index]),
  };
}

/** The part of a document that decides who is paid what. */
function rulesOf(document: CampaignDocument) {
  const { every = [], tiers, perAddress = [] } = document.awards;
  return {
    provinces: document.provinces.map(String),
    person: document.person,
    selfReferral: document.contracts.sources.selfReferral.map((code) => sourceCode(String(code)) ?? ''),
    caps: {
      platform: capOf(document.contracts.caps.platform),
      selfReferral: capOf(document.contracts.caps.selfReferral),
    },
    awards: {
      every: every.map(({ name, count, of, pays }) => ({ name, count, of, paysFen: fenFromYuan(pays) })),
      tiers: tiers ? { ...tiers, steps: tiers.steps.map(stepOf) } : null,
      perAddress: perAddress.map(({ name, of, pays }) => ({ name, of, paysFen: fenFromYuan(pays) })),
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
  const province = a.provinces.find((code) => b.provinces.includes(code));
  const { from } = a.from > b.from ? a : b;
  const { to } = a.to < b.to ? a : b;
  if (!province || from > to) return undefined;
  return `${a.key} and ${b.key} would both pay province ${province} from ${from} to ${to}: change a period`;
}

function placeOf(campaign: Campaign): string {
  return `${campaign.file}:${campaign.line}`;
}
