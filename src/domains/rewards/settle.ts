import type { Context } from '../../core/context.ts';
import { AskerError, SetupError } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import { today } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import type { Campaign } from './campaign.ts';
import { isSample, readCampaigns, type Standing, standingOf } from './campaigns.ts';
import { causesOf, causeWords } from './cause.ts';
import { type DueLine, differences } from './ledger.ts';
import { lettersFor } from './letters.ts';
import type { Decision } from './model.ts';
import { payingPeriod } from './period.ts';
import * as store from './store.ts';

/** Contracts that are booked in one transaction: a kill loses at most the one under way, and others get their turn. */
const CHUNK = 1_000;

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
 * the rules say about the stored contracts, and nothing is paid or said twice. What changes in a closed campaign is paid
 * in its city's next period.
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
    // Before the contracts are read: what is corrected meanwhile is then seen the next time.
    const revision = await store.lastRevision(context.db);
    const standing = await standingOf(context, campaign);
    const known = await store.campaignState(context.db, campaign.key);
    if (standing.decisions.length === 0 && !known) continue;
    const settled = await settle(context, standing, { announce: wish.announce, revision, campaigns });
    for (const [name, count] of Object.entries(settled)) total[name] = (total[name] ?? 0) + count;
    total.campaigns++;
  }
  if (mistakes.length > 0) throw new SetupError('campaigns with mistakes were not settled:', mistakes);
  return total;
}

interface Wish {
  announce: boolean;
  /** The last correction that the standing has in it. */
  revision: number;
  campaigns: readonly Campaign[];
}

async function settle(context: Context, standing: Standing, wish: Wish): Promise<Omit<Settled, 'campaigns'>> {
  const { db, clock } = context;
  const { campaign, decisions } = standing;
  const over = campaign.to < today(clock);
  const state = await store.beginSettling(db, campaign.key, clock.now(), over);
  const closed = state.closedAt !== null;
  // The first settling of a campaign that is over books and says nothing, also when it is resumed after a crash.
  const quiet = state.quiet && state.settledAt === null && !wish.announce;
  const settled = await store.settlements(db, campaign.key);
  const lines = differences(decisions, await store.ledgerOf(db, campaign.key));
  const causeOf = causesOf(campaign, {
    changes: lines.length > 0 ? await changesOf(db, standing, state.revision, settled) : [],
    late: lateOnes(decisions, settled),
    rules: state.rulesHash && state.rulesHash !== campaign.hash ? campaign.version : null,
    closed,
    grants: standing.grants,
  });
  const counts = { read: decisions.length, new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 };
  const linesOf = groupBy(lines, (line) => line.contractId);

  const inChunk = async (tx: Db, part: readonly Decision[], extra: readonly DueLine[]) => {
    if (closed !== (await store.isClosed(tx, campaign.key))) {
      throw new AskerError(`${campaign.key} was closed while it was being settled: settle it again`);
    }
    const now = clock.now();
    const paidIn = closed ? await payingPeriod({ db: tx, clock }, campaign, wish.campaigns) : null;
    const fresh = part.filter((decision) => !settled.has(decision.contractId));
    const told = wish.announce ? part.filter((decision) => settled.get(decision.contractId) === false) : [];
    const due = [...part.flatMap((decision) => linesOf.get(decision.contractId) ?? []), ...extra];
    if (fresh.length + told.length + due.length === 0) return;
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
      due.map(({ beforeFen: _, ...line }) => ({
        ...line,
        campaign: campaign.key,
        cause: causeWords(causeOf(line), 'en'),
        detail: JSON.stringify({ ...causeOf(line), rules: campaign.version }),
        paidIn,
        bookedAt: now,
        sample: isSample(campaign),
      })),
    );
    const contracts = closed ? told : [...fresh, ...told];
    const letters = quiet ? [] : lettersFor(context.words, standing, { contracts, told, lines: due, causeOf });
    for (const kind of ['broadcast', 'notice'] as const) {
      const some = letters.filter((letter) => letter.class === kind);
      if (some.length === 0) continue;
      const posted = await context.outbox.postAll(
        some.map((letter) => ({ ...letter, sample: isSample(campaign) })),
        tx,
      );
      counts[kind === 'broadcast' ? 'announced' : 'noticed'] += posted;
    }
    counts.new += fresh.length;
    counts.booked += due.filter((line) => line.entry === 1).length;
    counts.corrected += due.filter((line) => line.entry > 1).length;
  };

  const rest = lines.filter((line) => line.contractId === null || !standing.decisionOf.has(line.contractId));
  for (let from = 0; from < decisions.length; from += CHUNK) {
    context.signal.throwIfAborted();
    await db.$transaction((tx) => inChunk(tx, decisions.slice(from, from + CHUNK), []));
  }
  if (rest.length > 0) await db.$transaction((tx) => inChunk(tx, [], rest));
  await store.endSettling(db, campaign.key, {
    settledAt: clock.now(),
    rulesHash: campaign.hash,
    revision: wish.revision,
  });
  return counts;
}

/** What happened since to the contracts that the campaign has or had. */
async function changesOf(db: Db, { decisionOf }: Standing, revision: number, settled: ReadonlyMap<string, boolean>) {
  const changes = await store.changesSince(db, revision);
  return changes.filter(({ contract }) => settled.has(contract.id) || decisionOf.has(contract.id));
}

/** Contracts that came since the last settling: id → number. */
function lateOnes(decisions: readonly Decision[], settled: ReadonlyMap<string, boolean>): Map<string, string> {
  return new Map(
    decisions
      .filter(({ contractId }) => !settled.has(contractId))
      .map(({ contractId, contract }) => [contractId, contract.number ?? contractId]),
  );
}
