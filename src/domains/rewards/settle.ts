import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../core/context.ts';
import { AskerError, SetupError } from '../../core/errors.ts';
import { today } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import { type Booked, book, portionsOf } from './booking.ts';
import type { Campaign } from './campaign.ts';
import { readCampaigns, type Standing, standingOf } from './campaigns.ts';
import { causesOf } from './cause.ts';
import { changesSince, lastRevision } from './contracts/store.ts';
import { differences } from './ledger.ts';
import type { Decision } from './model.ts';
import * as store from './store.ts';

interface Counts extends Booked {
  /** Contracts taken into account. */
  read: number;
}

export interface Settled extends Counts {
  campaigns: number;
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
  const read = await readCampaigns(context);
  const { campaigns } = read;
  const mistakes = [...read.mistakes];
  const chosen = campaigns.filter((campaign) => !wish.campaign || campaign.key === wish.campaign);
  if (wish.campaign && chosen.length === 0) throw new AskerError(`there is no campaign ${wish.campaign}`);
  const total: Settled = { campaigns: 0, read: 0, new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 };
  for (const campaign of chosen) {
    let settled: Counts | null;
    try {
      settled = await settle(context, campaign, { announce: wish.announce, campaigns });
    } catch (error) {
      // One whose template is wrong does not keep the others waiting.
      if (!(error instanceof SetupError)) throw error;
      mistakes.push(`${campaign.file}: ${campaign.key}: ${error.message}`);
      continue;
    }
    if (!settled) continue;
    for (const [name, count] of Object.entries(settled)) total[name] = (total[name] ?? 0) + count;
    total.campaigns++;
  }
  if (mistakes.length > 0) throw new SetupError('campaigns with mistakes were not settled:', mistakes);
  return total;
}

interface Wish {
  announce: boolean;
  campaigns: readonly Campaign[];
}

/** Of two that settle a campaign at once the slower begins anew with what the other booked; null: nothing to settle. */
async function settle(context: Context, campaign: Campaign, wish: Wish): Promise<Counts | null> {
  const counts: Counts = { read: 0, new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 };
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    context.signal.throwIfAborted();
    const outcome = await attempt(context, campaign, wish, counts);
    if (outcome !== 'overtaken') return outcome === 'settled' ? counts : null;
    await sleep(pause);
  }
}

/** @param counts is added to, portion by portion */
async function attempt(
  context: Context,
  campaign: Campaign,
  wish: Wish,
  counts: Counts,
): Promise<'settled' | 'empty' | 'overtaken'> {
  const { db, clock } = context;
  // Before the contracts are read: what is corrected meanwhile is then seen the next time.
  const revision = await lastRevision(db);
  const standing = await standingOf(context, campaign);
  const { decisions } = standing;
  if (decisions.length === 0 && !(await store.campaignState(db, campaign.key))) return 'empty';
  const over = campaign.to < today(clock);
  const state = await store.beginSettling(db, campaign.key, clock.now(), over);
  const closed = state.closedAt !== null;
  const settled = await store.settlements(db, campaign.key);
  const lines = differences(decisions, await store.ledgerOf(db, campaign.key));
  const causeOf = causesOf(campaign, {
    changes: lines.length > 0 ? await changesOf(db, standing, state.revision, settled) : [],
    // Nothing else has a late contract for its cause.
    late: closed || lines.some(({ entry }) => entry > 1) ? lateOnes(decisions, settled) : new Map(),
    rules: state.rulesHash && state.rulesHash !== campaign.hash ? campaign.version : null,
    closed,
    grants: standing.grants,
  });
  const portions = portionsOf(decisions, lines, { settled, announce: wish.announce });
  // The first settling of a campaign that is over books and says nothing, also when it is resumed after a crash.
  const quiet = state.quiet && state.settledAt === null && !wish.announce;
  let { turn } = state;
  for (const portion of portions) {
    context.signal.throwIfAborted();
    const booked = await book(context, standing, portion, { turn, closed, quiet, causeOf, campaigns: wish.campaigns });
    if (!booked) return 'overtaken';
    turn++;
    for (const [name, count] of Object.entries(booked)) counts[name] = (counts[name] ?? 0) + count;
  }
  counts.read = decisions.length;
  const data = { settledAt: clock.now(), rulesHash: campaign.hash, revision };
  await store.endSettling(db, { campaign: campaign.key, turn }, data);
  return 'settled';
}

/** What happened since to the contracts that the campaign has or had. */
async function changesOf(db: Db, { decisionOf }: Standing, revision: number, settled: ReadonlyMap<string, boolean>) {
  const changes = await changesSince(db, revision);
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
