import { z } from 'zod';
import type { Context, RuleDocument } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';
import { type Sheet, sheetOf } from '../../core/sheet.ts';
import { MissingRules } from './missing/rules.ts';

/**
 * `rules/drivers.yaml`: in which tables and columns the company's database holds drivers and what they do.
 */

const Text = z.string().min(1);
const Name = z.string().regex(/^[^\0]{1,64}$/, 'the name of a column');
const TablePath = z.string().regex(/^[^.\0`]{1,64}(\.[^.\0`]{1,64})?$/, 'the name of a table, or DATABASE.TABLE');
const Scalar = z.union([Text, z.number()]);

const table = <C extends z.ZodRawShape>(columns: C) =>
  z.strictObject({
    table: TablePath,
    /** A unique column by which rows of one time are told apart: the primary key. */
    id: Name,
    columns: z.strictObject(columns),
    /** Only rows that have these values. */
    where: z.record(Name, z.union([Scalar, z.array(Scalar).min(1)])).default({}),
    /** Our value ← theirs, by column: `status: { "30": delivered }`. */
    values: z.record(z.string(), z.record(z.string(), Text)).default({}),
  });
const updated = { updatedAt: Name.optional() };
const maybe = Name.optional();

const Database = z.strictObject({
  /** In which zone DATETIMEs are written; default: the house's. */
  zone: z
    .string()
    .refine(
      (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
      'a time zone such as Asia/Shanghai',
    )
    .optional(),
  /** Seconds that a read begins before the end of the last: for rows whose transaction ended late. */
  overlapSeconds: z.int().min(0).max(86_400).default(60),
  dsps: table({ name: Name }).optional(),
  drivers: table({ id: maybe, name: maybe, dsp: maybe, shiftFrom: maybe, shiftTo: maybe, onShift: maybe }).optional(),
  orders: table({
    ...{ id: maybe, driverId: Name, orderDay: maybe, orderedAt: maybe, pickedUpAt: maybe, deliveredAt: maybe },
    ...{
      dueAt: maybe,
      status: maybe,
      onTime: maybe,
      storeLat: maybe,
      storeLng: maybe,
      customerLat: maybe,
      customerLng: maybe,
    },
  })
    .extend({ updatedAt: Name })
    .optional(),
  scans: table({ driverId: Name, at: Name, orderId: maybe }).extend(updated).optional(),
  pictures: table({ orderId: Name, address: Name, takenAt: maybe, takenBy: maybe, place: maybe })
    .extend(updated)
    .optional(),
});
export type DatabaseMapping = z.output<typeof Database>;

export type TableMapping = NonNullable<DatabaseMapping[TableName]>;
export const TABLES = ['drivers', 'orders', 'scans', 'pictures'] as const;
export type TableName = (typeof TABLES)[number] | 'dsps';

const Document = z.strictObject({
  database: Database.optional(),
  missing: MissingRules.optional(),
  /** The tables that results are written back to; left out: nothing is. */
  results: z.strictObject({ days: TablePath, missing: TablePath }).optional(),
  /** Where POD pictures may be had from; left out: from public web addresses alone. */
  pod: z
    .strictObject({
      base: z.url({ protocol: /^https?$/, error: 'an address such as https://example.com/pod/' }).optional(),
      folder: Text.optional(),
      privateNetworks: z.boolean().default(false),
    })
    .optional(),
});
export type ResultTables = NonNullable<z.output<typeof Document>['results']>;
export type DriverRules = z.output<typeof Document>;

/** @throws SetupError with every mistake and its line */
export async function driverRules(
  context: Pick<Context, 'rules'>,
): Promise<Sheet<DriverRules> & { value: DriverRules }> {
  const [document] = await context.rules.documents('drivers');
  return driverRulesIn(document ?? { file: 'rules/drivers.yaml', text: '{}' });
}

function driverRulesIn(document: RuleDocument): Sheet<DriverRules> & { value: DriverRules } {
  const sheet = sheetOf(document, Document);
  if (!sheet.value) throw new SetupError(`${document.file} is wrong:`, sheet.mistakes);
  return { ...sheet, value: sheet.value };
}
