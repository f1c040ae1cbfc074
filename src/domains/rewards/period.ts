import { addMonths, type Clock, monthOf, today } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import type { Campaign } from './campaign.ts';
import { isSample } from './campaigns.ts';
import { closedCampaigns } from './store.ts';

/**
 * Where a correction of a closed campaign is paid: in the next paying period of its city that is still open. Where
 * the documents have none, in the calendar month (`YYYY-MM`) of the booking, or the one after the campaign.
 */
export async function payingPeriod(
  { db, clock }: { db: Db; clock: Clock },
  closed: Campaign,
  campaigns: readonly Campaign[],
): Promise<string> {
  const locked = new Set((await closedCampaigns(db)).map(({ campaign }) => campaign));
  const [next] = campaigns
    .filter((one) => one.pays && one.from > closed.to && !locked.has(one.key) && !isSample(one))
    .filter((one) => one.provinces.some((code) => closed.provinces.includes(code)))
    .toSorted((a, b) => a.from.localeCompare(b.from) || a.key.localeCompare(b.key));
  if (next) return next.key;
  const [now, after] = [monthOf(today(clock)), addMonths(monthOf(closed.to), 1)];
  return now > after ? now : after;
}
