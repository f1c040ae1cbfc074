import type { AlertDraft } from '../../core/alert.ts';
import type { Providers } from '../../core/providers.ts';
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

/** Steps with the destinations that they mean. */
export function stepsFor(
  steps: readonly Step[],
  of: { provider: string | null; housekeeperId: string | null },
  providers: Providers,
): AlertDraft['steps'] {
  return steps.map(({ after, tell }) => ({
    after,
    to: [...new Set(tell.map((told) => destination(told, of, providers)))],
  }));
}
