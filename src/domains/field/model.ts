import { z } from 'zod';

const text = z.string().min(1).nullable();

/** An order that waits for somebody. */
export const PendingRow = z.object({
  /** Order and status: in another status it waits anew. */
  id: z.string().min(1),
  orderNum: z.string().min(1),
  customer: text,
  address: text,
  person: text,
  provider: z.string().min(1),
  status: z.string().min(1),
  createdAt: z.date(),
});
export type PendingRow = z.output<typeof PendingRow>;

/** A technician or a housekeeper went on-line or off-line. */
export const EventRow = z.object({
  id: z.string().min(1),
  kind: z.enum(['technician', 'housekeeper']),
  at: z.date(),
  person: z.string().min(1),
  provider: text,
  action: z.string().min(1),
});
export type EventRow = z.output<typeof EventRow>;

/** An order whose first contact is overdue. */
export interface OverdueContact {
  orderNum: string;
  housekeeper: string | null;
  provider: string | null;
  assignedAt: Date;
}

const HOUR_MS = 3_600_000;

/** Whether it is time to remind of an order: some states are given so many hours first. */
export function isDue(
  { status, createdAt }: Pick<PendingRow, 'status' | 'createdAt'>,
  { patient, hours }: { patient: readonly string[]; hours: number },
  now: Date,
): boolean {
  if (!patient.some((state) => status.includes(state))) return true;
  return now.getTime() - createdAt.getTime() >= hours * HOUR_MS;
}

/** The last five digits of an order's number, by which people call it; all of it where it has fewer. */
export function shortNumber(orderNum: string): string {
  const digits = orderNum.replace(/\D/g, '');
  return digits.length >= 5 ? digits.slice(-5) : orderNum;
}
