import { createHash } from 'node:crypto';
import { z } from 'zod';

const text = z.string().min(1).nullable();

/** A violation of a service level, of one business date. */
export const ViolationRow = z.object({
  id: z.string().min(1),
  /** The business date: the day on which it happened. */
  day: z.string(),
  orderNum: z.string().min(1),
  orderedAt: z.date().nullable(),
  city: text,
  provider: z.string().min(1),
  housekeeper: text,
  /** 违规类型 */
  kind: z.string().min(1),
  /** 违规描述 */
  description: text,
  orderStatus: text,
  workType: text,
  sourceType: text,
});
export type ViolationRow = z.output<typeof ViolationRow>;

/** The same violation in another answer has the same id. */
export function violationId(of: Pick<ViolationRow, 'day' | 'orderNum' | 'provider' | 'kind' | 'description'>): string {
  const parts = JSON.stringify([of.day, of.orderNum, of.provider, of.kind, of.description ?? '']);
  return createHash('sha256').update(parts).digest('hex').slice(0, 24);
}
