import type { Context } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import type { Fen } from '../../core/money.ts';
import type { Standing } from './campaigns.ts';
import type { Decision } from './model.ts';
import { ledgerOf, payableIn } from './store.ts';

/** What somebody has of one award. */
export interface Held {
  name: string;
  amountFen: Fen;
}

/** What the ledger holds for the persons of these decisions, by award name. */
export async function bookedFor({ db }: Context, { campaign }: Standing, own: readonly Decision[]): Promise<Held[]> {
  const persons = new Set(own.map(({ personId }) => personId));
  return byName((await ledgerOf(db, campaign.key)).filter(({ person }) => persons.has(person)));
}

/** What corrections of earlier, closed periods add to this one's money. */
export async function carriedInto({ db }: Context, { campaign }: Standing, own: readonly Decision[]): Promise<Fen> {
  const persons = new Set(own.map(({ personId }) => personId));
  return (await payableIn(db, campaign.key))
    .filter((entry) => entry.campaign !== campaign.key && persons.has(entry.person))
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** What the decisions pay, by award name. */
export function wonBy(own: readonly Decision[]): Held[] {
  return byName(own.flatMap(({ rewards }) => rewards.map(({ name, paidFen }) => ({ name, amountFen: paidFen }))));
}

function byName(entries: readonly Held[]): Held[] {
  return [...groupBy(entries, ({ name }) => name)]
    .map(([name, some]) => ({ name, amountFen: some.reduce((sum, { amountFen }) => sum + amountFen, 0) }))
    .filter(({ amountFen }) => amountFen !== 0);
}
