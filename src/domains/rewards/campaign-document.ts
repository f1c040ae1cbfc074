import { z } from 'zod';

/** A campaign as a person writes it. Nothing that pays money has a default, and nothing unknown is let through. */

const text = z.string().trim().min(1);
const code = z
  .union([text, z.int().nonnegative()], { error: 'must be a code: text or a whole number' })
  .describe('A code of the source system.');
const yuan = z.number().positive().max(1_000_000_000).multipleOf(0.01).describe('Yuan, with at most two decimals.');
const awardName = text
  .regex(/^[^/\p{Cc}]+$/u, 'a name without `/`')
  .describe('Shown to people. Names the award in the ledger: it must not change once it was paid.');

const Scope = z
  .enum(['all', 'platform', 'selfReferral'])
  .describe('Which contracts of the person count. Others neither move this award nor win it.');

const day = z.iso.date('must be a day such as 2025-10-01');

const Period = z
  .strictObject({
    key: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'letters, digits and hyphens')
      .describe('Names the campaign, e.g. BJ-2025-10.'),
    title: text,
    from: day.describe('First signing day, in the house time zone.'),
    to: day.describe('Last signing day, in the house time zone.'),
  })
  .superRefine(
    (period: { from?: unknown; to?: unknown }, context) => {
      if (typeof period.from === 'string' && typeof period.to === 'string' && period.to < period.from) {
        context.addIssue({ code: 'custom', path: ['to'], message: 'is before `from`' });
      }
    },
    { when: isObject },
  );

const cap = z.union([yuan, z.literal('none')], { error: 'must be an amount in yuan above 0, or `none`' });
const Caps = z
  .strictObject({
    contract: cap.describe('One contract counts at most this much.'),
    workOrder: cap.describe('All contracts of one work order together count at most this much, in processing order.'),
  })
  .describe('What counts of an amount, in yuan, or `none`. Both kinds of contract use up the same work order.');

const Step = z.strictObject({
  name: awardName,
  at: yuan.describe('Reached when the measured sum is at least this.'),
  pays: yuan,
});

const Tiers = z
  .strictObject({
    of: Scope,
    unlock: z.int().positive().describe('Contracts needed before any tier is won.'),
    measure: z.enum(['counted', 'signed']).describe('The sum that must reach a tier: after caps, or as signed.'),
    steps: z.array(Step).min(1).superRefine(ascending, { when: isArray }),
  })
  .describe('Each tier is won once per person; reaching one pays the lower ones, too.');

const Every = z
  .strictObject({
    name: awardName,
    count: z.int().positive().describe('Every how many contracts.'),
    of: Scope,
    pays: yuan,
  })
  .describe('Won with each n-th contract of the person, any number of times.');

const PerAddress = z
  .strictObject({ name: awardName, of: Scope, pays: yuan })
  .describe("Won with the person's first contract at a project address; a contract without an address never wins it.");

const Awards = z
  .strictObject({
    every: z.array(Every).min(1).optional(),
    tiers: Tiers.optional(),
    perAddress: z.array(PerAddress).min(1).optional(),
  })
  .superRefine(namesOnce, { when: isObject });

/** The document of a campaign; months that ran under the same rules are one document with several periods. */
export const CampaignDocument = z.strictObject({
  version: z.int().positive().describe('Shown to people as 第 n 版; raise it with every change of the rules.'),
  city: text.describe('Shown to people.'),
  provinces: z.array(code).min(1).describe('Codes by which contracts are told to be of this city.'),
  periods: z.array(Period).min(1),
  person: z
    .array(z.enum(['housekeeper', 'provider']))
    .min(1)
    .refine((parts) => parts[0] === 'housekeeper' && new Set(parts).size === parts.length, {
      error: 'begins with `housekeeper`, each part once',
    })
    .describe('Parts that make a person: the same housekeeper at two providers can be two.'),
  contracts: z.strictObject({
    sources: z.strictObject({
      selfReferral: z.array(code).min(1).describe('Source types that are self-referral.'),
      platform: z.literal('others').describe('Everything else, a blank source type too.'),
    }),
    caps: z.strictObject({ platform: Caps, selfReferral: Caps }),
  }),
  awards: Awards,
  announce: z
    .strictObject({ channel: text, template: text })
    .describe('Where the good news of every contract goes, and its words under `templates/`.'),
  notice: z
    .strictObject({
      person: z.boolean().describe('Whether the person is told of each award in private.'),
      copy: text.optional().describe('A channel that gets a copy.'),
    })
    .describe('Notices of awards.'),
});
export type CampaignDocument = z.output<typeof CampaignDocument>;

/** The JSON Schema by which editors check and complete a campaign document. */
export function campaignJsonSchema(): Record<string, unknown> {
  const title = 'Fieldbell reward campaign';
  return { title, ...z.toJSONSchema(CampaignDocument, { io: 'input' }) };
}

// The checks below also run where a part is wrong in another way, so that all mistakes are found at once: they look at
// values that may be anything.

type Issues = z.core.$RefinementCtx;

function isObject(payload: { value: unknown }): boolean {
  return typeof payload.value === 'object' && payload.value !== null;
}

function isArray(payload: { value: unknown }): boolean {
  return Array.isArray(payload.value);
}

function ascending(steps: readonly unknown[], issues: Issues): void {
  const at = steps.map((step) => field(step, 'at'));
  at.forEach((value, index) => {
    const before = at[index - 1];
    if (typeof value !== 'number' || typeof before !== 'number' || value > before) return;
    const message = `${value} is not above the step before it (${before}): write the steps in ascending order`;
    issues.addIssue({ code: 'custom', path: [index, 'at'], message });
  });
}

function namesOnce(awards: unknown, issues: Issues): void {
  const places = [['every'], ['tiers', 'steps'], ['perAddress']].flatMap((section) => {
    const inside = at(awards, section);
    return Array.isArray(inside) ? inside.map((_, index) => [...section, index, 'name']) : [];
  });
  if (places.length === 0) {
    issues.addIssue({ code: 'custom', message: 'pays nothing: give `every`, `tiers` or `perAddress`' });
  }
  const seen = new Set<unknown>();
  for (const path of places) {
    const name = at(awards, path);
    if (typeof name === 'string' && seen.has(name)) {
      issues.addIssue({ code: 'custom', path, message: `another award is named “${name}”, too` });
    }
    seen.add(name);
  }
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inside, key) => field(inside, key), value);
}

function field(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
}
