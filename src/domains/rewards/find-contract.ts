import type { Context } from '../../core/context.ts';
import { readCampaigns, type Standing, standingOf } from './campaigns.ts';
import { contractsCalled } from './contracts/store.ts';
import type { Decision } from './model.ts';

/** A contract in a campaign. */
export interface FoundContract {
  standing: Standing;
  decision: Decision;
}

/**
 * The contracts that people may mean: of this id or number, or else whose number ends so; the latest campaign first.
 * @param said as it was typed; leading dots stand for what was left out
 * @param visible whose contracts may be found
 */
export async function findContracts(
  context: Context,
  said: string,
  visible: (standing: Standing, decision: Decision) => boolean,
): Promise<FoundContract[]> {
  const text = said.replace(/^[.…]+/, '').toUpperCase();
  const rows = await contractsCalled(context.db, text);
  const { campaigns } = await readCampaigns(context);
  const found: FoundContract[] = [];
  for (const campaign of campaigns.toSorted((a, b) => b.to.localeCompare(a.to))) {
    const own = rows.filter(
      ({ campaign: assigned, province, signedDay }) =>
        assigned === campaign.key ||
        (campaign.take === 'signed' &&
          assigned === null &&
          campaign.provinces.includes(province ?? '') &&
          campaign.from <= (signedDay ?? '') &&
          (signedDay ?? '') <= campaign.to),
    );
    if (own.length === 0) continue;
    const standing = await standingOf(context, campaign);
    const decisions = own
      .flatMap(({ id }) => standing.decisionOf.get(id) ?? [])
      .filter((one) => visible(standing, one));
    const exact = decisions.filter(({ contract }) =>
      [contract.id.toUpperCase(), contract.number?.toUpperCase()].includes(text),
    );
    found.push(...(exact.length > 0 ? exact : decisions).map((decision) => ({ standing, decision })));
  }
  return found;
}
