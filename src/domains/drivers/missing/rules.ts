import { z } from 'zod';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day, e.g. "08:00"');
const Minutes = z.int().positive();
const Channel = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'the name of a channel in rules/channels.yaml');

/** Who is told: the driver himself, his DSP's group, whoever leads, or a channel. */
const Told = z.union([
  z.enum(['driver', 'dsp', 'lead']),
  z.string().regex(/^channel:[a-z0-9-]+$/, 'driver, dsp, lead or channel:NAME'),
]);

const Rule = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and dashes'),
    /** On shift, with open orders, and no scan for so many minutes. */
    noScanMinutes: Minutes.optional(),
    /** An order without a final status so many minutes after its window. */
    overdueMinutes: Minutes.optional(),
    /** Only drivers of these DSPs. */
    dsps: z.array(z.string().min(1)).min(1).optional(),
    /** Open orders that a driver has at least. */
    openOrders: z.int().min(1).default(1),
    steps: z.array(z.strictObject({ after: z.int().min(0), to: Told })).min(1),
    /** Minutes for which being taken keeps it quiet; left out: until it is over. */
    quietFor: Minutes.optional(),
  })
  .refine((rule) => (rule.noScanMinutes === undefined) !== (rule.overdueMinutes === undefined), {
    message: 'needs either noScanMinutes or overdueMinutes',
  });
export type MissingRule = z.output<typeof Rule>;

/** When an update counts as missing, and who hears of it. */
export const MissingRules = z.strictObject({
  /** When drivers work whose own times are not in the data; by the house's clock, also over midnight. */
  shift: z.strictObject({ from: TimeOfDay, to: TimeOfDay }),
  /** Of a DSP with so many silent drivers its group hears once, of all of them. */
  together: z.int().min(2).default(3),
  /** Data older than this many minutes accuses nobody. */
  dataMaxAge: Minutes.default(30),
  /** The group of each DSP. */
  groups: z.record(z.string().min(1), Channel).default({}),
  lead: Channel,
  rules: z.array(Rule).min(1),
});
export type MissingRules = z.output<typeof MissingRules>;
