import type { Context } from '../../core/context.ts';
import { type Lang, pick } from '../../core/message.ts';
import { addDays, startOf, today } from '../../core/time.ts';
import { ageOf, isSample, readCampaigns, standingOf } from './campaigns.ts';
import { rankCard, rankRows } from './ranking.ts';

/** The last ranking of a period is told within so many days after its end; later it is no news. */
const FINAL_DAYS = 3;

/** The ranking to each running campaign's group, once a day; and the last one, once, when the period is over. */
export async function postRankings(context: Context): Promise<{ looked: number; said: number }> {
  const { clock, outbox } = context;
  const now = today(clock);
  const counts = { looked: 0, said: 0 };
  const { campaigns } = await readCampaigns(context);
  for (const campaign of campaigns) {
    const over = campaign.to < now;
    if (!campaign.pays || campaign.from > now || addDays(campaign.to, FINAL_DAYS) < now) continue;
    const standing = await standingOf(context, campaign);
    counts.looked++;
    if (standing.decisions.length === 0) continue;
    const age = await ageOf(context, standing);
    const card = (lang: Lang) => {
      const ranking = rankCard(standing, rankRows(standing), age, context, lang);
      const which = over ? pick(lang, '收官排行', 'Final ranking') : pick(lang, '今日排行', 'Ranking of today');
      return { ...ranking, title: `${which} · ${ranking.title ?? ''}` };
    };
    const posted = await outbox.post({
      key: ['rewards', campaign.key, 'ranking', over ? 'final' : now].join('/'),
      to: `channel:${campaign.announce.channel}`,
      class: 'broadcast',
      expires: startOf(addDays(now, 1), clock.zone),
      message: card,
      sample: isSample(campaign),
    });
    if (posted === 'queued') counts.said++;
  }
  return counts;
}
