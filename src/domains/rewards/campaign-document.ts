import { z } from 'zod';
import {
  ascending,
  bandsAscend,
  isArray,
  isObject,
  namesOnce,
  nothingUnused,
  numberedReachable,
  oneCondition,
  selfReferralTaken,
  tiersReachable,
} from './campaign-checks.ts';

/** A campaign as a person writes it. Nothing that pays money has a default, and nothing unknown is let through. */

const text = z.string().trim().min(1);
const code = z
  .union([text, z.int().nonnegative()], { error: 'must be a code: text or a whole number' })
  .describe('A code of the source system.');
const yuan = z.number().positive().max(1_000_000_000).multipleOf(0.01).describe('Yuan, with at most two decimals.');
const awardName = text
  .regex(/^[^/\p{Cc}\u200b\u2060\ufeff]+$/u, 'must be a name without `/` and without invisible characters')
  .describe('Shown to people. Names the award in the ledger: it must not change once it was paid.');

const Scope = z
  .enum(['all', 'platform', 'selfReferral'])
  .describe('Which contracts of the person count. Others neither move this award nor win it.');

const channelName = text
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be the name of a channel: small letters, digits and hyphens')
  .describe('One of rules/channels.yaml.');
const templateName = text
  .regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/, 'must be the name of a template: small letters, digits, hyphens and `/`')
  .describe('Its words under `templates/`.');

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
      // What is no day is told by itself.
      if (
        day.safeParse(period.from).success &&
        day.safeParse(period.to).success &&
        String(period.to) < String(period.from)
      ) {
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
      .strictObject({ channel: channelName, template: templateName })
      .describe('Where the good news of every contract goes, and its words under `templates/`.'),
    notice: z
      .strictObject({
        person: z.boolean().describe('Whether the person is told of each award in private.'),
        copy: channelName.optional().describe('A channel that gets a copy.'),
      })
      .describe('Notices of awards.'),
    nudge: z
      .union(
        [
          z.strictObject({ everyDays: z.int().min(1).max(31).describe('Days in which one is told at most once.') }),
          z.literal('none'),
        ],
        {
          error: 'must be `everyDays` with a number of days, or `none`',
        },
      )
      .optional()
      .describe('Telling a person that one more contract brings the next tier; left out: at most once in 3 days.'),
    disputes: z
      .strictObject({ workdays: z.int().min(1).max(30).describe('Workdays in which one is to be answered.') })
      .optional()
      .describe('Disputes about awards; left out: to be answered in 3 workdays.'),
  })
  .superRefine(nothingUnused, { when: isObject })
  .superRefine(tiersReachable, { when: isObject });
export type CampaignDocument = z.output<typeof CampaignDocument>;

/** The JSON Schema by which editors check and complete a campaign document. */
export function campaignJsonSchema(): Record<string, unknown> {
  const title = 'Fieldbell reward campaign';
  return { title, ...z.toJSONSchema(CampaignDocument, { io: 'input' }) };
}
