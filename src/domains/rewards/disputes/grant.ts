import type { Fen } from '../../../core/money.ts';
import type { Campaign } from '../campaign.ts';
import type { DecidedContract, Decision, Reward } from '../model.ts';

/** What an award pays because a dispute was granted, whatever the rule says. */
export interface Grant {
  /** Number of the dispute. */
  dispute: number;
  person: string;
  contractId: string;
  awardKey: string;
  type: string;
  name: string;
  paysFen: Fen;
  answer: string | null;
}

/** The decisions with what was granted in the place of what the rule says. */
export function withGrants(decisions: readonly Decision[], grants: readonly Grant[]): readonly Decision[] {
  if (grants.length === 0) return decisions;
  const latest = new Map(grants.map((grant) => [`${grant.person}\n${grant.awardKey}`, grant]));
  const done = new Set<Grant>();
  const replaced = decisions.map((decision) => {
    const rewards = decision.rewards.map((reward) => {
      const grant = latest.get(`${decision.personId}\n${reward.awardKey}`);
      if (!grant) return reward;
      done.add(grant);
      return { ...reward, paidFen: grant.paysFen, dispute: grant.dispute };
    });
    return rewards.some((reward, at) => reward !== decision.rewards[at]) ? { ...decision, rewards } : decision;
  });
  const added = new Map<string, Reward[]>();
  for (const grant of latest.values()) {
    if (done.has(grant) || grant.paysFen === 0) continue;
    const { type, name, awardKey, paysFen, dispute } = grant;
    const own = decisions.filter(({ personId }) => personId === grant.person);
    const holder = own.find(({ contractId }) => contractId === grant.contractId) ?? own.at(-1);
    if (!holder) continue;
    const reward = { type, name, awardKey, amountFen: paysFen, paidFen: paysFen, dispute };
    added.set(holder.contractId, [...(added.get(holder.contractId) ?? []), reward]);
  }
  return replaced.map((decision) => {
    const more = added.get(decision.contractId);
    return more ? { ...decision, rewards: [...decision.rewards, ...more] } : decision;
  });
}

/** How a campaign's award of this name is booked for a contract; null where it has no such award. */
export function awardOf(
  { awards }: Campaign,
  name: string,
  { id: contractId, projectAddress }: Pick<DecidedContract, 'id' | 'projectAddress'>,
): { awardKey: string; type: string; paysFen: Fen } | null {
  const step = awards.tiers?.steps.find((one) => one.name === name);
  if (step) return { awardKey: name, type: '节节高', paysFen: step.paysFen };
  const lucky = [...awards.every, ...awards.numbered.flatMap(({ bands }) => bands)].find((one) => one.name === name);
  if (lucky) return { awardKey: `${name}/${contractId}`, type: '幸运数字', paysFen: lucky.paysFen };
  const packet = awards.perAddress.find((one) => one.name === name);
  const address = projectAddress?.trim() ?? '';
  return packet ? { awardKey: `${name}/${address}`, type: '自引单', paysFen: packet.paysFen } : null;
}

/** Names of all awards of a campaign. */
export function awardNames({ awards }: Campaign): string[] {
  const all = [
    ...awards.numbered.flatMap(({ bands }) => bands),
    ...awards.every,
    ...(awards.tiers?.steps ?? []),
    ...awards.perAddress,
  ];
  return [...new Set(all.map(({ name }) => name))];
}
