import { type Lang, pick } from '../../core/message.ts';
import type { Campaign } from './campaign.ts';
import type { Grant } from './disputes/grant.ts';
import type { LedgerLine } from './ledger.ts';
import type { DecidedContract } from './model.ts';

/** Why an entry is booked: an award, or what corrected it. */
export interface Cause {
  kind: 'award' | 'dispute' | 'late' | 'corrected' | 'withdrawn' | 'returned' | 'rules' | 'contracts';
  /** Numbers of the contracts that did it. */
  contracts?: string[];
  /** Edition of the rules that did it. */
  version?: number;
  /** Number of the dispute that did it. */
  dispute?: number;
  /** What its lead said to it; in the letter, not in the ledger. */
  answer?: string | null;
  /** The period that would have paid it, and is closed. */
  closed?: string;
}

/** What happened to a contract since a campaign was last settled. */
export interface ContractChange {
  contract: Pick<DecidedContract, 'id' | 'number' | 'housekeeper' | 'housekeeperId' | 'provider'>;
  kind: 'corrected' | 'withdrawn' | 'returned';
  /** Earlier values of the columns that changed. */
  before: Partial<DecidedContract>;
}

/** Contracts that a cause names; of more, it says how many. */
const NAMED = 5;

export function causeWords({ kind, contracts = [], version, dispute, closed }: Cause, lang: Lang): string {
  const more = contracts.length - NAMED;
  const zhList = contracts.slice(0, NAMED).join('、') + (more > 0 ? ` 等 ${contracts.length} 份` : '');
  const enList = contracts.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const said = {
    award: ['获奖', 'award'],
    dispute: [`申诉 #${dispute}`, `dispute #${dispute}`],
    late: [`补录合同 ${zhList}`, `late contract ${enList}`],
    corrected: [`合同 ${zhList} 已更正`, `corrected contract ${enList}`],
    withdrawn: [`合同 ${zhList} 已作废`, `withdrawn contract ${enList}`],
    returned: [`合同 ${zhList} 已恢复`, `contract ${enList} is back`],
    rules: [`规则已改为第 ${version} 版`, `rules changed, version ${version}`],
    contracts: ['合同有变动', 'contracts changed'],
  }[kind] as [string, string];
  const why = pick(lang, ...said);
  return closed ? pick(lang, `${why}（${closed} 已关账）`, `${why} (${closed} is closed)`) : why;
}

/**
 * Finds the cause of each entry.
 * @param facts.changes of contracts that the campaign knows, since it was last settled
 * @param facts.late numbers of contracts that came since then, by id
 * @param facts.grants disputes that were granted: what they decide has no other cause
 * @param facts.rules the edition, where the rules changed since then
 */
export function causesOf(
  campaign: Campaign,
  facts: {
    changes: readonly ContractChange[];
    late: ReadonlyMap<string, string>;
    rules: number | null;
    closed: boolean;
    grants: readonly Grant[];
  },
): (line: LedgerLine) => Cause {
  const { changes, late, rules } = facts;
  const byPerson = new Map<string, ContractChange[]>();
  for (const change of changes) {
    const owners = new Set(
      [change.contract, { ...change.contract, ...change.before }].map((one) => ownerOf(campaign, one)),
    );
    for (const owner of owners) byPerson.set(owner, [...(byPerson.get(owner) ?? []), change]);
  }
  const closed = facts.closed ? { closed: campaign.key } : {};
  const corrected = (some: readonly ContractChange[]): Cause => {
    const kinds = new Set(some.map(({ kind }) => kind));
    const [only] = kinds;
    const kind = only && kinds.size === 1 ? only : 'corrected';
    return { kind, contracts: [...new Set(some.map(({ contract }) => contract.number ?? contract.id))], ...closed };
  };
  const everything = changes.length > 0 ? corrected(changes) : null;
  const granted = new Map(facts.grants.map((grant) => [`${grant.person}\n${grant.awardKey}`, grant]));
  return (line) => {
    const grant = granted.get(`${line.person}\n${line.awardKey}`);
    if (grant) return { kind: 'dispute', dispute: grant.dispute, answer: grant.answer, ...closed };
    if (line.entry === 1) {
      if (!facts.closed) return { kind: 'award' };
      const number = line.contractId && late.get(line.contractId);
      if (number) return { kind: 'late', contracts: [number], ...closed };
    }
    const own = byPerson.get(line.person);
    if (own) return corrected(own);
    if (rules !== null) return { kind: 'rules', version: rules, ...closed };
    if (everything) return everything;
    if (late.size > 0) return { kind: 'late', contracts: [...late.values()], ...closed };
    return { kind: 'contracts', ...closed };
  };
}

/** As `personId` of the decisions. */
function ownerOf(
  campaign: Campaign,
  { housekeeper, housekeeperId, provider }: Pick<DecidedContract, 'housekeeper' | 'housekeeperId' | 'provider'>,
): string {
  const parts = campaign.person.map((part) => (part === 'housekeeper' ? (housekeeperId ?? housekeeper) : provider));
  return parts.filter(Boolean).join('_');
}
