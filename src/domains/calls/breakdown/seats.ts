import { pick } from '../../../core/message.ts';
import type { Day } from '../../../core/time.ts';
import type { CallRules } from '../decide.ts';
import type { World } from '../say.ts';
import { type Part, partsOf } from './model.ts';
import { accountNames, seatCounts } from './store.ts';

/** The seats that dialled in some days, the best first; accounts that the rules exclude are none. */
export async function seatsOfDays(
  { context, lang }: World,
  { sample, rules }: { sample: boolean; rules: CallRules },
  { from, to }: { from: Day; to: Day },
): Promise<Part[]> {
  const names = await accountNames(context.db);
  const counts = await seatCounts(context.db, from, to, sample);
  return partsOf(counts, rules, names)
    .filter(({ key, name }) => rules.isSeat({ id: key, name }))
    .map((part) =>
      part.name === part.key ? { ...part, name: pick(lang, `坐席 ${part.key}`, `Seat ${part.key}`) } : part,
    );
}
