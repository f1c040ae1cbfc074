import type { AlertState } from '../../src/core/alert.ts';

/** The values of the commands that this page asks. */

export interface DriverJson {
  id: string;
  name: string;
  dsp: string | null;
}

export interface DriversJson {
  drivers: DriverJson[];
  dsps: { name: string; drivers: number }[];
  /** How many there are; more than are listed. */
  total: number;
}

export interface MissingJson {
  driver: string;
  name: string;
  dsp: string | null;
  rule: string;
  since: string;
  /** The last that was heard; null: nothing ever. */
  last: string | null;
  overdue: boolean;
  orders: number;
  alert: { id: number; state: AlertState; owner: string | null } | null;
}

export interface PodJson {
  order: string;
  driver: string;
  day: string;
  pictures: {
    taken_at: string | null;
    taken_by: string | null;
    place: string | null;
    file?: string;
    missing?: { zh: string; en: string };
  }[];
  position: { at: number; of: number };
  previous: string | null;
  next: string | null;
}
