import type { Context } from '../../core/context.ts';
import { AskerError, SetupError } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import type { Letter } from '../../core/outbox.ts';
import { today } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import { correctionNotice, goodNews, rewardNotice } from './announcements.ts';
import { isSample, readCampaigns, type Standing, standingOf } from './campaigns.ts';
import { differences, type LedgerLine } from './ledger.ts';
import type { Decision } from './model.ts';
import * as store from './store.ts';

/** Contracts that are booked in one transaction: a kill loses at most the one under way, and others get their turn. */
const CHUNK = 200;

export interface Settled extends Record<string, number> {
  campaigns: number;
  /** Contracts taken into account, and those among them that were new. */
  read: number;
  new: number;
  /** Ledger entries: awards, and corrections of awards. */
  booked: number;
  corrected: number;
  /** Letters. */
  announced: number;
  noticed: number;
}

/**
 * Settles every campaign that has contracts, or the one named. Whatever runs before or after, the ledger then holds what
 * the rules say about the stored contracts, and nothing is paid or said twice.
 * @throws AskerError for an unknown campaign; SetupError, after the others are settled, where a document is wrong
 */
export async function settleAll(
  context: Context,
  wish: { campaign?: string | undefined; announce: boolean },
): Promise<Settled> {
  const { campaigns, mistakes } = await readCampaigns(context);
  const chosen = campaigns.filter((campaign) => !wish.campaign || campaign.key === wish.campaign);
  if (wish.campaign && chosen.length === 0) throw new AskerError(`there is no campaign ${wish.campaign}`);
  const total: Settled = { campaigns: 0, read: 0, new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 };
  for (const campaign of chosen) {
    context.signal.throwIfAborted();
    const standing = await standingOf(context, campaign);
    const known = await store.campaignState(context.db, campaign.key);
    if (standing.decisions.length === 0 && !known) continue;
    const settled = await settle(context, standing, wish.announce);
    for (const [name, count] of Object.entries(settled)) total[name] = (total[name] ?? 0) + count;
    total.campaigns++;
  }
  if (mistakes.length > 0) throw new SetupError('campaigns with mistakes were not settled:', mistakes);
  return total;
}

async function settle(context: Context, standing: Standing, announce: boolean): Promise<Omit<Settled, 'campaigns'>> {
  const { db, clock } = context;
  const { campaign, decisions } = standing;
  const over = campaign.to < today(clock);
  const state = await store.beginSettling(db, campaign.key, clock.now(), over);
  // The first settling of a campaign that is over books and says nothing, also when it is resumed after a crash.
  const quiet = state.quiet && state.settledAt === null && !announce;
  const settled = await store.settlements(db, campaign.key);
  const lines = differences(decisions, await store.ledgerOf(db, campaign.key));
  const causeOf = await causes(context, standing, state, lines);
  const counts = { read: decisions.length, new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 };
  const linesOf = groupBy(lines, (line) => line.contractId);

  const inChunk = async (tx: Db, part: readonly Decision[], extra: readonly LedgerLine[]) => {
    const now = clock.now();
    const fresh = part.filter((decision) => !settled.has(decision.contractId));
    const told = announce ? part.filter((decision) => settled.get(decision.contractId) === false) : [];
    const due = [...part.flatMap((decision) => linesOf.get(decision.contractId) ?? []), ...extra];
    await store.addSettlements(
      tx,
      fresh.map(({ contractId }) => ({ campaign: campaign.key, contractId, settledAt: now, announced: !quiet })),
    );
    await store.markAnnounced(
      tx,
      campaign.key,
      told.map((decision) => decision.contractId),
    );
    await store.book(
      tx,
      due.map((line) => ({
        ...line,
        campaign: campaign.key,
        cause: causeOf(line),
        bookedAt: now,
        sample: isSample(campaign),
      })),
    );
    const letters = quiet
      ? []
      : lettersFor(context, standing, { news: [...fresh, ...told], told, lines: due, causeOf });
    for (const letter of letters) {
      const posted = await context.outbox.post({ ...letter, sample: isSample(campaign) }, tx);
      if (posted === 'queued') counts[letter.class === 'broadcast' ? 'announced' : 'noticed']++;
    }
    counts.new += fresh.length;
    counts.booked += due.filter((line) => line.entry === 1).length;
    counts.corrected += due.filter((line) => line.entry > 1).length;
  };

  const inOrder = new Set(decisions.map((decision) => decision.contractId));
  const rest = lines.filter((line) => line.contractId === null || !inOrder.has(line.contractId));
  for (let from = 0; from < decisions.length; from += CHUNK) {
    context.signal.throwIfAborted();
    await db.$transaction((tx) => inChunk(tx, decisions.slice(from, from + CHUNK), []));
  }
  if (rest.length > 0) await db.$transaction((tx) => inChunk(tx, [], rest));
  await store.endSettling(db, campaign.key, clock.now(), campaign.hash);
  return counts;
}

/** Why each entry is booked: an award, or what corrected it. */
async function causes(
  { db }: Context,
  { campaign, decisions }: Standing,
  state: { settledAt: Date | null; rulesHash: string | null },
  lines: readonly LedgerLine[],
): Promise<(line: LedgerLine) => string> {
  const corrections = lines.filter((line) => line.entry > 1);
  if (corrections.length === 0) return () => 'award';
  const since = state.settledAt ?? new Date(0);
  const corrected = await store.correctedSince(
    db,
    decisions.map((decision) => decision.contractId),
    since,
  );
  const numberOf = new Map(corrected.map((contract) => [contract.id, contract.number ?? contract.id]));
  const present = new Set(decisions.map((decision) => decision.contractId));
  return (line) => {
    if (line.entry === 1) return 'award';
    if (line.contractId && !present.has(line.contractId)) return `contract ${line.contractId} no longer counts`;
    const own = decisions.filter((decision) => decision.personId === line.person && numberOf.has(decision.contractId));
    const numbers = [...new Set((own.length > 0 ? own : []).map((decision) => numberOf.get(decision.contractId)))];
    if (numbers.length > 0) return `corrected contract ${numbers.join(', ')}`;
    if (state.rulesHash && state.rulesHash !== campaign.hash) return `rules changed, version ${campaign.version}`;
    return numberOf.size > 0 ? `corrected contract ${[...numberOf.values()].join(', ')}` : 'contracts changed';
  };
}

interface News {
  /** Contracts to announce to the group. */
  news: readonly Decision[];
  /** Those of them that were settled quietly before: their awards are booked and still to be told. */
  told: readonly Decision[];
  lines: readonly LedgerLine[];
  causeOf(line: LedgerLine): string;
}

/** Letters under keys that name the event: the same event again is the same letter. */
function lettersFor({ words }: Context, standing: Standing, { news, told, lines, causeOf }: News): Letter[] {
  const { campaign } = standing;
  const key = (...parts: (string | number)[]) => ['rewards', campaign.key, ...parts].join('/');
  const letters: Letter[] = news
    .filter((decision) => !decision.historical)
    .map((decision) => ({
      key: key('good-news', decision.contractId),
      to: `channel:${campaign.announce.channel}`,
      class: 'broadcast',
      message: goodNews(decision, standing, words),
    }));
  if (!campaign.notice.person) return letters;
  const notice = (to: string, name: string, message: Letter['message']) => {
    letters.push({ key: name, to, class: 'notice', message });
    if (campaign.notice.copy) {
      letters.push({ key: `${name}/copy`, to: `channel:${campaign.notice.copy}`, class: 'notice', message });
    }
  };
  const won = new Set(lines.filter((line) => line.entry === 1).map((line) => line.contractId));
  for (const decision of standing.decisions) {
    const isDue = won.has(decision.contractId) || (told.includes(decision) && decision.rewards.length > 0);
    if (!isDue) continue;
    const fresh = new Set(
      lines.filter((line) => line.entry === 1 && line.contractId === decision.contractId).map((line) => line.awardKey),
    );
    const rewards = decision.rewards.filter((reward) => told.includes(decision) || fresh.has(reward.awardKey));
    const first = rewards[0];
    if (!first) continue;
    notice(
      addressee(standing, decision.contractId, decision.personId),
      key('award', decision.personId, first.awardKey),
      rewardNotice(decision, rewards, standing, words),
    );
  }
  for (const line of lines.filter((one) => one.entry > 1)) {
    notice(
      addressee(standing, line.contractId, line.person),
      key('award', line.person, line.awardKey, line.entry),
      correctionNotice(line, causeOf(line), campaign, words),
    );
  }
  return letters;
}

/** A person is known by his housekeeper id; where the source gives none, the letter waits until the name is linked. */
function addressee(standing: Standing, contractId: string | null, person: string): string {
  const own = contractId ? standing.housekeeperOf.get(contractId) : null;
  const any = standing.decisions.find((decision) => decision.personId === person);
  return `housekeeper:${own ?? (any && standing.housekeeperOf.get(any.contractId)) ?? person}`;
}
