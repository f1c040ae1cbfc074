import type { Context, RuleDocument } from '../../core/context.ts';
import { AskerError } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import { type DataAge, type Lang, pick } from '../../core/message.ts';
import { type Asker, subjectIds } from '../../core/people.ts';
import { type Day, dayOf, monthDays, today } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { type Campaign, campaignsFrom, withPeriod } from './campaign.ts';
import { contractsOf, contractsVersion, feedAge, type StoredContract, sampleMonths } from './contracts/store.ts';
import { decide } from './decide.ts';
import { type Grant, withGrants } from './disputes/grant.ts';
import { grantsIn } from './disputes/store.ts';
import type { Decision } from './model.ts';
import { closedCampaigns } from './store.ts';
import { published } from './versions/store.ts';

const SAMPLE = /^rules\/sample\//;

/** Every campaign, those that were closed as they were then. */
export async function readCampaigns(
  context: Pick<Context, 'db' | 'rules'>,
): Promise<{ campaigns: Campaign[]; mistakes: string[] }> {
  const documents = await documentsOf(context);
  return readOnce(documents, await context.rules.documents('badges'), await closedCampaigns(context.db));
}

/**
 * The documents as they hold: those under `rules/rewards`, in the place of each the edition that was published; and the
 * sample's own with one period for each month that has sample contracts.
 */
export async function documentsOf(context: Pick<Context, 'db' | 'rules'>): Promise<RuleDocument[]> {
  const editions = await published(context.db);
  const files = await context.rules.documents('rewards');
  const documents = files.map(({ file, text }) => ({ file, text: editions.get(file)?.text ?? text }));
  for (const [file, { text }] of editions) {
    if (text !== null && !files.some((one) => one.file === file)) documents.push({ file, text });
  }
  const template = (await context.rules.documents('sample')).find(({ file }) => file.endsWith('/rewards.yaml'));
  for (const month of template ? await sampleMonths(context.db) : []) {
    if (!template) continue;
    const { from, to } = monthDays(month);
    documents.push(
      withPeriod(template, { key: `SAMPLE-${month}`, title: `${Number(month.slice(5))} 月签约激励（示例）`, from, to }),
    );
  }
  return documents;
}

/** A document with the badges that it was read with: a closed campaign keeps both. */
export interface Frozen {
  document: RuleDocument;
  badges: readonly RuleDocument[];
}

type Closed = Awaited<ReturnType<typeof closedCampaigns>>;

let last: { texts: string; read: ReturnType<typeof campaignsFrom> } | undefined;

/** Documents are read anew only when one of them changed: every question about rewards asks for them. */
function readOnce(documents: readonly RuleDocument[], badges: readonly RuleDocument[], closed: Closed) {
  const texts = JSON.stringify([documents, badges, closed]);
  if (last?.texts !== texts) last = { texts, read: campaignsFrom(documents, badges, closed.flatMap(thawed)) };
  return last.read;
}

function thawed({ campaign, frozen }: Closed[number]): Campaign[] {
  if (frozen === null) return [];
  const { document, badges } = JSON.parse(frozen) as Frozen;
  return campaignsFrom([document], badges).campaigns.filter(({ key }) => key === campaign);
}

export function isSample(campaign: Campaign): boolean {
  return SAMPLE.test(campaign.file);
}

/** A campaign with what it says about each of its contracts. */
export interface Standing {
  campaign: Campaign;
  decisions: readonly Decision[];
  /** By contract id. */
  decisionOf: ReadonlyMap<string, Decision>;
  /** By `personId`, each in order. */
  byPerson: ReadonlyMap<string, readonly Decision[]>;
  /** Disputes that were granted; the decisions have them in. */
  grants: readonly Grant[];
}

/** Standings are worked out anew only when a contract or the rules changed. */
const cache = new WeakMap<Database, Map<string, { version: string; standing: Standing }>>();

/** Decides a campaign over its stored contracts, in order of first arrival. */
export async function standingOf({ db }: Pick<Context, 'db'>, campaign: Campaign): Promise<Standing> {
  const grants = await grantsIn(db, campaign.key);
  const version = `${campaign.hash}/${campaign.version}/${grants.map(({ dispute }) => dispute)}/${await contractsVersion(db, campaign)}`;
  const cached = cache.get(db) ?? new Map<string, { version: string; standing: Standing }>();
  cache.set(db, cached);
  const known = cached.get(campaign.key);
  if (known?.version === version) return known.standing;
  const contracts = await contractsOf(db, campaign);
  const standing = standingFrom(campaign, contracts, grants);
  cached.set(campaign.key, { version, standing });
  return standing;
}

/** A campaign as it stood at the end of a day: over the contracts signed by then, as they are known now. */
export async function standingAsOf(context: Pick<Context, 'db' | 'clock'>, campaign: Campaign, day: Day) {
  const contracts = await contractsOf(context.db, campaign);
  const { zone } = context.clock;
  const upTo = contracts.filter((one) => (one.signedDay ?? dayOf(new Date(one.firstSeenAt), zone)) <= day);
  return standingFrom(campaign, upTo, []);
}

function standingFrom(campaign: Campaign, contracts: readonly StoredContract[], grants: readonly Grant[]): Standing {
  const decisions = withGrants(decide(campaign, contracts), grants);
  return {
    campaign,
    decisions,
    decisionOf: new Map(decisions.map((decision) => [decision.contractId, decision])),
    byPerson: groupBy(decisions, (decision) => decision.personId),
    grants,
  };
}

/** Decisions about the contracts of these housekeepers, in order. */
export function ownDecisions(standing: Standing, housekeeperIds: readonly string[]): Decision[] {
  return standing.decisions.filter(({ contract: { housekeeperId: id } }) => !!id && housekeeperIds.includes(id));
}

/** The housekeeper ids of the asker. @throws AskerError where none is linked */
export function ownIds(asker: Asker, lang: Lang): string[] {
  const ids = subjectIds(asker, 'housekeeper');
  if (ids.length > 0) return ids;
  throw new AskerError(
    pick(
      lang,
      '还不知道你是哪位管家。请管理员把你关联到管家ID（people subject 你的名字 housekeeper:ID）。',
      'I do not know which housekeeper you are. Ask an administrator to link you (people subject NAME housekeeper:ID).',
    ),
  );
}

/**
 * The campaign that is meant: the one named; else the one of that day of the asker's city or in which he has contracts; else
 * the latest of those; else the latest with any contract.
 * @throws AskerError where there is none
 */
export async function chooseStanding(
  context: Context,
  asker: Asker,
  lang: Lang,
  key: string | undefined,
  day: Day = today(context.clock),
): Promise<Standing> {
  const { campaigns } = await readCampaigns(context);
  if (key) {
    const named = campaigns.find((campaign) => campaign.key.toLowerCase() === key.toLowerCase());
    if (named) return standingOf(context, named);
    const choices = campaigns.toSorted(latestFirst).slice(0, 3);
    throw new AskerError(
      pick(lang, `没有活动「${key}」。你是不是要：`, `There is no campaign “${key}”. Did you mean:`),
      {
        choices: choices.map((one) => ({
          label: one.key,
          call: { command: 'rewards.rank', args: { campaign: one.key } },
        })),
      },
    );
  }
  const own = subjectIds(asker, 'housekeeper');
  const paying = campaigns.filter(({ pays }) => pays).toSorted(latestFirst);
  const isMine = (standing: Standing) =>
    standing.campaign.city === asker.city || ownDecisions(standing, own).length > 0;
  const isNow = ({ from, to }: Campaign) => from <= day && day <= to;
  // Those of the day first: most often one of them is meant, and the others need not be worked out.
  const filled: Standing[] = [];
  for (const one of [...paying.filter(isNow), ...paying.filter((campaign) => !isNow(campaign))]) {
    const standing = await standingOf(context, one);
    if (standing.decisions.length === 0) continue;
    if (isMine(standing)) return standing;
    filled.push(standing);
  }
  const [chosen] = filled;
  if (chosen) return chosen;
  throw new AskerError(
    pick(lang, '还没有任何合同，暂时没有奖励可看。', 'There are no contracts yet, so there is no reward to show.'),
  );
}

function latestFirst(a: Campaign, b: Campaign): number {
  return b.to.localeCompare(a.to) || b.key.localeCompare(a.key);
}

/** How old the contracts are. */
export async function ageOf({ db }: Pick<Context, 'db'>, standing: Standing): Promise<DataAge | null> {
  const sample = isSample(standing.campaign);
  const state = await feedAge(db, sample);
  return (
    state && {
      at: state.asOf.toISOString(),
      source: sample ? '' : state.source,
      completeness: state.completeness as DataAge['completeness'],
      sample,
    }
  );
}
