import { z } from 'zod';
import { command } from '../../core/command.ts';
import type { Context } from '../../core/context.ts';
import { type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { type Fen, yuanShort } from '../../core/money.ts';
import { addDays, startOf, today } from '../../core/time.ts';
import { isSample, ownIds, readCampaigns, type Standing, standingOf } from './campaigns.ts';
import type { Decision } from './model.ts';
import type { Said } from './rule-words.ts';
import { nudgeOf, nudgeSaid, setNudges } from './store.ts';
import { climbs } from './wording.ts';

/** A tier that one more contract like the person's usual ones would bring. */
interface Near {
  /** Its name; of the count that opens the tiers `unlock`. */
  step: string;
  missing: { said: Said; usualFen: Fen };
}

/**
 * Tells who is one contract short of the next tier: once per tier, at most once in so many days as the campaign says, nobody who does not want
 * it, and only while the campaign runs.
 */
export async function nudgeAll(context: Context): Promise<{ looked: number; said: number }> {
  const { db, clock, outbox } = context;
  const now = today(clock);
  const counts = { looked: 0, said: 0 };
  const { campaigns } = await readCampaigns(context);
  for (const campaign of campaigns.filter(({ from, to, notice }) => from <= now && now <= to && notice.person)) {
    const { nudgeEveryDays } = campaign;
    if (nudgeEveryDays === null) continue;
    const standing = await standingOf(context, campaign);
    for (const [person, own] of standing.byPerson) {
      context.signal.throwIfAborted();
      counts.looked++;
      const near = nearOf(standing, own);
      const id = own.at(-1)?.contract.housekeeperId;
      if (!near || !id) continue;
      await db.$transaction(async (tx) => {
        const state = await nudgeOf(tx, id);
        const silent = startOf(addDays(now, 1 - nudgeEveryDays), clock.zone);
        if (state?.off || (state?.lastAt && state.lastAt >= silent)) return;
        const posted = await outbox.post(
          {
            key: ['rewards', campaign.key, 'nudge', person, near.step].join('/'),
            to: `housekeeper:${id}`,
            class: 'notice',
            expires: startOf(addDays(now, 1), clock.zone),
            message: (lang) => nudgeMessage(context, standing, near, lang),
            sample: isSample(campaign),
          },
          tx,
        );
        if (posted !== 'queued') return;
        await nudgeSaid(tx, id, clock.now());
        counts.said++;
      });
    }
  }
  return counts;
}

function nearOf({ campaign }: Standing, own: readonly Decision[]): Near | null {
  const climbing = own.filter((decision) => climbs(campaign, decision) && !decision.historical);
  const next = climbing.at(-1)?.next;
  if (!next) return null;
  const usualFen = usualOf(
    climbing.map(({ countedFen, amountFen }) => (campaign.awards.tiers?.measure === 'signed' ? amountFen : countedFen)),
  );
  if ('contractsShort' in next) {
    if (next.contractsShort !== 1) return null;
    return {
      step: 'unlock',
      missing: { said: { zh: '再签 1 单，就开启阶梯奖励', en: 'One more contract opens the tiers' }, usualFen },
    };
  }
  if (next.gapFen > usualFen) return null;
  const gap = yuanShort(next.gapFen);
  const said = {
    zh: `再签一单 ${gap} 元，就到 ${next.tier}`,
    en: `One more contract of ${gap} yuan brings ${next.tier}`,
  };
  return { step: next.tier, missing: { said, usualFen } };
}

/** The middle one of the amounts: a single great contract is not the usual. */
function usualOf(amounts: readonly Fen[]): Fen {
  return amounts.toSorted((a, b) => a - b)[Math.floor((amounts.length - 1) / 2)] ?? 0;
}

function nudgeMessage({ words }: Context, { campaign }: Standing, { missing, step }: Near, lang: Lang): MessageDraft {
  const pays = campaign.awards.tiers?.steps.find(({ name }) => name === step)?.paysFen;
  const said = words.say('rewards/nudge', lang, {
    missing: missing.said[lang],
    campaign: campaign.title,
    hasPays: pays !== undefined,
    pays: pays === undefined ? '' : yuanShort(pays),
    usual: yuanShort(missing.usualFen),
    until: campaign.to,
  });
  return {
    title: said.title,
    lang,
    blocks: [
      { type: 'text', text: said.text },
      {
        type: 'actions',
        buttons: [
          {
            label: pick(lang, '还差多少', 'What is missing'),
            call: { command: 'rewards.next', args: { campaign: campaign.key } },
          },
          {
            label: pick(lang, '不再提醒', 'No more of it'),
            call: { command: 'rewards.nudges', args: { wanted: 'off' } },
          },
        ],
      },
    ],
  };
}

/** Whether one wants to be told. */
export const nudges = command({
  name: 'rewards.nudges',
  summary: {
    zh: '差一单到下一档时，要不要提醒我',
    en: 'Whether to be told that one more contract brings the next tier',
  },
  aliases: [
    { words: '关闭奖励提醒', args: { wanted: 'off' } },
    { words: '开启奖励提醒', args: { wanted: 'on' } },
    { words: 'nudges off', args: { wanted: 'off' } },
    { words: 'nudges on', args: { wanted: 'on' } },
  ],
  args: z.strictObject({ wanted: z.enum(['on', 'off']).describe('`on` or `off`') }),
  examples: { zh: ['关闭奖励提醒'], en: ['nudges off'] },
  role: 'staff',
  audience: 'asker',
  writes: true,
  async run({ asker, context, lang }, { wanted }) {
    for (const id of ownIds(asker, lang)) await setNudges(context.db, id, wanted === 'off');
    return {
      title:
        wanted === 'off'
          ? pick(lang, '好，不再提醒。想要时说：开启奖励提醒', 'Fine, no more of it. To have it again: nudges on')
          : pick(
              lang,
              '好，差一单到下一档时会提醒你。',
              'You will be told when one more contract brings the next tier.',
            ),
      tone: 'good',
      lang,
    };
  },
});
