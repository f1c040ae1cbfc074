import type { AlertDraft } from '../../core/alert.ts';
import type { Providers } from '../../core/providers.ts';
import { cityName } from '../../core/provinces.ts';
import type { Step } from './rule-words.ts';

/** Whom `group`, `lead` and `owner` mean. The owner is the group where nobody is known to have the order. */
export function destination(
  told: string,
  of: { provider: string | null; housekeeperId: string | null },
  providers: Providers,
): string {
  const group = providers.groupOf(of.provider ?? '');
  if (told === 'group') return group;
  if (told === 'lead') return providers.leadOf(of.provider ?? '');
  if (told === 'owner') return of.housekeeperId ? `housekeeper:${of.housekeeperId}` : group;
  return told;
}

/** Steps with the destinations that they mean. Reminders of several orders to one destination are one message. */
export function stepsFor(
  steps: readonly Step[],
  of: { orderNum: string; city: string | null; provider: string | null; housekeeperId: string | null },
  providers: Providers,
): AlertDraft['steps'] {
  const by = [of.city && cityName(of.city), of.provider].filter(Boolean).join(' · ') || '-';
  return steps.map(({ after, tell }) => ({
    after,
    to: [...new Set(tell.map((told) => destination(told, of, providers)))],
    gather: { template: 'sla/untaken', by, item: of.orderNum },
  }));
}
