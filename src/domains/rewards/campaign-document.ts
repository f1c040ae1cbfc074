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
    each: z
      .literal('month')
      .optional()
      .describe('Every calendar month in it is a campaign of its own: its key ends in -YYYY-MM, its sums begin anew.'),
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

const Band = z.strictObject({
  name: awardName,
  from: yuan.optional().describe('The signed amount, before caps, from which this band holds; left out: any amount.'),
  pays: yuan,
});

const Numbered = z
  .strictObject({
    first: z.int().positive().optional().describe("The activity's first so many contracts."),
    endsIn: z.int().min(0).max(9).optional().describe("The activity's running number ends in this digit."),
    bands: z.array(Band).min(1).superRefine(bandsAscend, { when: isArray }),
  })
  .superRefine(oneCondition, { when: isObject })
  .describe(
    'Won by the running number of the contract in the activity, not by its document number. Of several, the first that fits.',
  );

const Awards = z
  .strictObject({
    numbered: z.array(Numbered).min(1).superRefine(numberedReachable, { when: isArray }).optional(),
    every: z.array(Every).min(1).optional(),
    tiers: Tiers.optional(),
    perAddress: z.array(PerAddress).min(1).optional(),
  })
  .superRefine(namesOnce, { when: isObject });

const Legacy = z
  .strictObject({
    sums: z
      .literal('wholeYuan')
      .optional()
      .describe('Sums are cut to whole yuan after every contract (Shanghai until 2025-08, Beijing 2024-04).'),
    workOrderCap: z
      .literal('signedSum')
      .optional()
      .describe(
        "The work order's cap limits the signed sum alone, by what was signed of it before (Beijing until 2025-08).",
      ),
    tiersOf: Scope.optional().describe(
      'What the tiers really looked at, in the place of `tiers.of` (Shanghai 2025-10, 11).',
    ),
    countedSum: z
      .literal('signingTime')
      .optional()
      .describe('The counted sum that is shown adds up in the order of signing times; tiers do not (Beijing 2025-09).'),
  })
  .refine((switches) => Object.keys(switches).length > 0, 'is empty: leave it out')
  .describe('Faults of the replaced system that a paid month depends on. Not for new campaigns.');

/** The document of a campaign; months that ran under the same rules are one document with several periods. */
export const CampaignDocument = z
  .strictObject({
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
      sources: z
        .strictObject({
          selfReferral: z
            .array(code)
            .describe('Source types that are self-referral; `[]`: the campaign knows no such.'),
          platform: z.literal('others').describe('Everything else, a blank source type too.'),
          only: z.array(code).min(1).optional().describe('Only contracts of these source types are of this campaign.'),
        })
        .superRefine(selfReferralTaken, { when: isObject }),
      take: z
        .enum(['signed', 'assigned'])
        .default('signed')
        .describe(
          '`signed`: those of the city signed in the period. `assigned`: only those imported for this campaign.',
        ),
      order: z
        .enum(['arrival', 'signingTime'])
        .default('arrival')
        .describe('The order in which contracts are processed: as they arrived, or by the text of their signing time.'),
      historical: z
        .literal('quotaOnly')
        .optional()
        .describe(
          'Contracts with a historical number come first, use up their work order and count for nothing else. Left out: such numbers mean nothing.',
        ),
      caps: z
        .union([z.strictObject({ platform: Caps, selfReferral: Caps.optional() }), z.literal('delivered')], {
          error: 'must be caps, or `delivered`',
        })
        .describe('What counts of an amount; `delivered`: what the source gives as 计入业绩金额, unreadable as 0.'),
    }),
    awards: z.union([z.literal('none'), Awards], { error: 'must be awards, or `none`: then it only announces' }),
    badges: z
      .array(
        z.strictObject({
          badge: text.describe('One of rules/badges.yaml.'),
          doubles: z
            .literal('tiers')
            .optional()
            .describe('Tiers pay twice to whoever bears the badge on the signing day.'),
        }),
      )
      .min(1)
      .optional()
      .describe('Marks at the names of persons.'),
    legacy: Legacy.optional(),
    announce: z
      .strictObject({ channel: text, template: text })
      .describe('Where the good news of every contract goes, and its words under `templates/`.'),
    notice: z
      .strictObject({
        person: z.boolean().describe('Whether the person is told of each award in private.'),
        copy: text.optional().describe('A channel that gets a copy.'),
      })
      .describe('Notices of awards.'),
  })
  .superRefine(nothingUnused, { when: isObject });
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

/** The lowest band may hold for any amount; each one above begins higher. */
function bandsAscend(bands: readonly unknown[], issues: Issues): void {
  bands.forEach((band, index) => {
    const [from, before] = [field(band, 'from'), field(bands[index - 1], 'from')];
    if (index === 0 || (typeof from === 'number' && (typeof before !== 'number' || from > before))) return;
    const message = `does not begin above the band before it: write the bands in ascending order, only the first without \`from\``;
    issues.addIssue({ code: 'custom', path: [index, 'from'], message });
  });
}

function oneCondition(rule: unknown, issues: Issues): void {
  const given = ['first', 'endsIn'].filter((key) => field(rule, key) !== undefined);
  if (given.length !== 1) issues.addIssue({ code: 'custom', message: 'needs `first` or `endsIn`, and not both' });
}

/** Of several rules the first that fits wins: one that fits only where an earlier one does is never won. */
function numberedReachable(rules: readonly unknown[], issues: Issues): void {
  rules.forEach((rule, index) => {
    const hidden = rules.slice(0, index).some((earlier) => {
      const [first, was] = [field(rule, 'first'), field(earlier, 'first')];
      if (typeof first === 'number' && typeof was === 'number') return first <= was;
      return field(rule, 'endsIn') !== undefined && field(rule, 'endsIn') === field(earlier, 'endsIn');
    });
    if (hidden) issues.addIssue({ code: 'custom', path: [index], message: 'is never won: an earlier rule takes it' });
  });
}

function selfReferralTaken(sources: unknown, issues: Issues): void {
  const [only, own] = [field(sources, 'only'), field(sources, 'selfReferral')];
  if (!Array.isArray(only) || !Array.isArray(own)) return;
  const taken = only.map(String);
  own.forEach((code, index) => {
    if (taken.includes(String(code))) return;
    const message = `${code} is not among \`only\`: such contracts are never of this campaign`;
    issues.addIssue({ code: 'custom', path: ['selfReferral', index], message });
  });
}

/** Parts that decide nothing are mistakes: somebody thinks that they do. */
function nothingUnused(document: unknown, issues: Issues): void {
  const unused = (path: (string | number)[], message: string) => issues.addIssue({ code: 'custom', path, message });
  const own = at(document, ['contracts', 'sources', 'selfReferral']);
  const hasOwn = Array.isArray(own) && own.length > 0;
  const caps = at(document, ['contracts', 'caps']);
  const ownCaps = field(caps, 'selfReferral');
  if (hasOwn && caps !== 'delivered' && caps !== undefined && ownCaps === undefined)
    unused(['contracts', 'caps', 'selfReferral'], 'is missing: there are self-referral sources');
  if (!hasOwn && Array.isArray(own) && ownCaps !== undefined)
    unused(['contracts', 'caps', 'selfReferral'], 'is never used: there are no self-referral sources');
  const awards = field(document, 'awards');
  const tiers = field(awards, 'tiers');
  const scopes = [
    ['awards', 'tiers', 'of'],
    ...listed(field(awards, 'every')).map((index) => ['awards', 'every', index, 'of']),
    ...listed(field(awards, 'perAddress')).map((index) => ['awards', 'perAddress', index, 'of']),
  ];
  for (const path of scopes) {
    if (!hasOwn && Array.isArray(own) && at(document, path) === 'selfReferral')
      unused(path, 'can never be won: there are no self-referral sources');
  }
  const workOrders = [at(caps, ['platform', 'workOrder']), at(caps, ['selfReferral', 'workOrder'])];
  const capped = workOrders.some((value) => typeof value === 'number');
  if (at(document, ['contracts', 'historical']) !== undefined && !capped)
    unused(['contracts', 'historical'], 'is never used: no work order is capped');
  if (at(document, ['legacy', 'workOrderCap']) !== undefined && !capped)
    unused(['legacy', 'workOrderCap'], 'is never used: no work order is capped');
  if (at(document, ['legacy', 'tiersOf']) !== undefined) {
    if (tiers === undefined) unused(['legacy', 'tiersOf'], 'is never used: there are no tiers');
    else if (field(tiers, 'of') === at(document, ['legacy', 'tiersOf']))
      unused(['legacy', 'tiersOf'], 'changes nothing: `tiers.of` says the same');
  }
  for (const index of listed(field(document, 'badges'))) {
    const path = ['badges', index, 'doubles'];
    if (at(document, path) !== undefined && tiers === undefined) unused(path, 'is never used: there are no tiers');
  }
  if (awards === 'none' && at(document, ['notice', 'person']) === true)
    unused(['notice', 'person'], 'is never used: nothing is awarded');
  if (awards === 'none' && at(document, ['notice', 'copy']) !== undefined)
    unused(['notice', 'copy'], 'is never used: nothing is awarded');
}

function listed(value: unknown): number[] {
  return Array.isArray(value) ? value.map((_, index) => index) : [];
}

function namesOnce(awards: unknown, issues: Issues): void {
  const places = [['every'], ['tiers', 'steps'], ['perAddress']].flatMap((section) => {
    const inside = at(awards, section);
    return Array.isArray(inside) ? inside.map((_, index) => [...section, index, 'name']) : [];
  });
  const numbered = listed(field(awards, 'numbered')).flatMap((index) => {
    const bands = at(awards, ['numbered', index, 'bands']);
    return listed(bands).map((band) => ['numbered', index, 'bands', band, 'name']);
  });
  if (places.length + numbered.length === 0) {
    const message = 'pays nothing: give `numbered`, `every`, `tiers` or `perAddress`, or write `awards: none`';
    issues.addIssue({ code: 'custom', message });
  }
  // Bands of a number may share a name: what they pay differs by the contract.
  const shared = new Set(numbered.map((path) => at(awards, path)));
  for (const path of places) {
    if (shared.has(at(awards, path)))
      issues.addIssue({ code: 'custom', path, message: `another award is named “${String(at(awards, path))}”, too` });
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
