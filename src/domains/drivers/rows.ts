import { z } from 'zod';

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .nullable();

/** A driver as his company lists him. */
export const PersonRow = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  dsp: z.string().nullable(),
  /** By the house's clock. */
  shiftFrom: TimeOfDay,
  shiftTo: TimeOfDay,
  onShift: z.boolean().nullable(),
});
export type PersonRow = z.output<typeof PersonRow>;

/** A driver scanned something: he is at work. Of each driver the last is kept. */
export const ScanRow = z.object({
  driverId: z.string().min(1),
  at: z.date(),
  orderId: z.string().nullable(),
});
export type ScanRow = z.output<typeof ScanRow>;

/** A picture that proves a delivery; `address` is where it can be had. */
export const PictureRow = z.object({
  id: z.string().min(1),
  orderId: z.string().min(1),
  address: z.string().min(1),
  takenAt: z.date().nullable(),
  takenBy: z.string().nullable(),
  place: z.string().nullable(),
});
export type PictureRow = z.output<typeof PictureRow>;
