import type { Fen } from '../../core/money.ts';
import type { Decision } from './model.ts';

/** One entry of the award ledger. The entries of one award (person, awardKey) add up to what is paid. */
export interface LedgerLine {
  /** `personId` of the decisions. */
  person: string;
  awardKey: string;
  /** 1 is the award, later ones correct it. */
  entry: number;
  contractId: string | null;
  type: string;
  name: string;
  amountFen: Fen;
}

/** An entry that is to be booked, and what the award paid before it. */
export interface DueLine extends LedgerLine {
  beforeFen: Fen;
}

/**
 * What must be booked so that the ledger holds what the decisions say; nothing where it does already. An award that is
 * no longer won is taken back, one that pays another amount is corrected by the difference.
 * @param decisions all decisions of one campaign, in order
 * @param booked all entries of that campaign so far
 */
export function differences(decisions: Iterable<Decision>, booked: Iterable<LedgerLine>): DueLine[] {
  const held = new Map<string, { line: LedgerLine; paidFen: Fen; entries: number }>();
  for (const line of booked) {
    const known = held.get(keyOf(line.person, line.awardKey));
    if (known) {
      known.paidFen += line.amountFen;
      known.entries = Math.max(known.entries, line.entry);
    } else held.set(keyOf(line.person, line.awardKey), { line, paidFen: line.amountFen, entries: line.entry });
  }
  const lines: DueLine[] = [];
  for (const { personId: person, contractId, rewards } of decisions) {
    for (const { awardKey, type, name, paidFen } of rewards) {
      const key = keyOf(person, awardKey);
      const known = held.get(key);
      held.delete(key);
      const beforeFen = known?.paidFen ?? 0;
      const amountFen = paidFen - beforeFen;
      if (amountFen === 0) continue;
      lines.push({ person, awardKey, entry: (known?.entries ?? 0) + 1, contractId, type, name, amountFen, beforeFen });
    }
  }
  for (const { line, paidFen, entries } of held.values()) {
    const { person, awardKey, contractId, type, name } = line;
    if (paidFen === 0) continue;
    lines.push({
      person,
      awardKey,
      entry: entries + 1,
      contractId,
      type,
      name,
      amountFen: -paidFen,
      beforeFen: paidFen,
    });
  }
  return lines;
}

function keyOf(person: string, awardKey: string): string {
  return `${person}\n${awardKey}`;
}
