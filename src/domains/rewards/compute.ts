import { AskerError, RowError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import type { Campaign } from './campaign.ts';
import { readContractRow } from './contract-row.ts';
import { belongs, decide, isInArrivalOrder } from './decide.ts';
import { differences, type LedgerLine } from './ledger.ts';
import type { ContractRow, Decision, Reward } from './model.ts';
import { openCampaign } from './open-campaign.ts';

export interface ComputeOptions {
  /** House time zone. */
  zone: string;
  /** In how many runs over growing prefixes; the result is that of one run. */
  runs?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told of each row that cannot be taken, with its line; the others go on. */
  onBad(bad: { line: number; reason: string }): void;
}

/**
 * Computes a campaign over a contract file, in the file's order, whatever the period and the city; touches no database.
 * A repeated id counts once: its first good row. With `runs` the file comes in that many growing prefixes, as it would
 * from a source over a month: each run decides its prefix anew and books the differences in a ledger, and what the
 * decisions then hold is what the ledger does.
 * @throws AskerError where the file cannot be read or `runs` is no positive whole number
 */
export async function* computeFile(
  campaign: Campaign,
  source: Source,
  { zone, runs = 1, signal = new AbortController().signal, onBad }: ComputeOptions,
): AsyncGenerator<Decision> {
  if (!Number.isInteger(runs) || runs < 1)
    throw new AskerError(`runs 须为正整数，不能是 ${runs} (runs: a whole number from 1)`);
  const contracts = contractsOf(source, zone, signal, onBad);
  if (runs === 1 && isInArrivalOrder(campaign)) {
    const open = openCampaign(campaign);
    for await (const contract of contracts) if (belongs(campaign, contract)) yield open.take(contract);
    return;
  }
  const all: ContractRow[] = [];
  for await (const contract of contracts) all.push(contract);
  yield* computeInRuns(campaign, all, runs);
}

/** What the last of `runs` runs over growing prefixes holds: the decisions, with the rewards that the ledger holds. */
function computeInRuns(campaign: Campaign, contracts: readonly ContractRow[], runs: number): Decision[] {
  const ledger: LedgerLine[] = [];
  let decisions: Decision[] = [];
  for (let run = 1; run <= runs; run++) {
    decisions = decide(campaign, contracts.slice(0, Math.ceil((contracts.length * run) / runs)));
    ledger.push(...differences(decisions, ledger));
  }
  const held = heldByContract(ledger);
  return decisions.map((decision) => {
    const rewards = [...(held.get(decision.contractId)?.values() ?? [])].filter((reward) => reward.paidFen !== 0);
    const ruled = (held: Reward) => decision.rewards.find((reward) => reward.awardKey === held.awardKey)?.amountFen;
    return {
      ...decision,
      rewards: rewards.map((reward) => ({ ...reward, amountFen: ruled(reward) ?? reward.paidFen })),
    };
  });
}

/** Contract id → award key → what its entries add up to, in the order in which they were booked. */
function heldByContract(ledger: readonly LedgerLine[]): Map<string | null, Map<string, Reward>> {
  const held = new Map<string | null, Map<string, Reward>>();
  for (const { contractId, awardKey, type, name, amountFen } of ledger) {
    const awards = held.get(contractId) ?? new Map<string, Reward>();
    held.set(contractId, awards);
    const paidFen = (awards.get(awardKey)?.paidFen ?? 0) + amountFen;
    awards.set(awardKey, { awardKey, type, name, amountFen: paidFen, paidFen });
  }
  return held;
}

async function* contractsOf(
  source: Source,
  zone: string,
  signal: AbortSignal,
  onBad: ComputeOptions['onBad'],
): AsyncGenerator<ContractRow> {
  const seen = new Set<string>();
  for await (const page of source.snapshot(signal)) {
    page.bad?.forEach(onBad);
    for (const raw of page.rows) {
      try {
        const contract = readContractRow(raw.values, zone);
        if (seen.has(contract.id)) continue;
        seen.add(contract.id);
        yield contract;
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        onBad({ line: raw.line, reason: error.message });
      }
    }
  }
}
