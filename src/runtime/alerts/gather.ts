import type { AlertStep, Gathering } from '../../core/alert.ts';
import type { Words } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import type { Lang, MessageDraft } from '../../core/message.ts';
import type { AlertRow } from './store.ts';

/** Groups of one message, and items named of each. */
const GROUPS = 60;
const ITEMS = 5;

/**
 * Alerts that are due, together where one message can say them: nobody has taken them, and the same template says them to
 * the same destinations.
 */
export function gathered(due: readonly AlertRow[], stepOf: (alert: AlertRow) => AlertStep | undefined): AlertRow[][] {
  const together = groupBy(due, (alert) => {
    const step = stepOf(alert);
    const alone = !step?.gather || alert.state !== 'open' || step.message;
    return alone ? String(alert.id) : JSON.stringify([step.gather?.template, step.to, alert.class, alert.sample]);
  });
  return [...together.values()];
}

/**
 * Several alerts as one message, those with most first.
 * @param minutes for which nobody has taken the oldest
 */
export function gatheredAs(
  items: readonly Gathering[],
  minutes: number,
  words: Pick<Words, 'say'>,
  lang: Lang,
): MessageDraft {
  const collator = new Intl.Collator('zh-CN');
  const groups = [...groupBy(items, ({ by }) => by)].toSorted(
    ([a, own], [b, others]) => others.length - own.length || collator.compare(a, b),
  );
  const said = words.say(items[0]?.template ?? '', lang, {
    count: String(items.length),
    waited: waitedWords(minutes, lang),
    groups: groups.slice(0, GROUPS).map(([by, own], at) => ({
      at: String(at + 1),
      by,
      count: String(own.length),
      items: own
        .slice(0, ITEMS)
        .map(({ item }) => item)
        .join(lang === 'zh' ? '、' : ', '),
      hasMore: own.length > ITEMS,
      more: String(own.length - ITEMS),
    })),
    hasMoreGroups: groups.length > GROUPS,
    moreGroups: String(groups.length - GROUPS),
  });
  return { title: said.title, tone: 'bad', lang, blocks: [{ type: 'text', text: said.text }] };
}

/** 4 小时, 1 天 2 小时, 30 分钟. */
function waitedWords(minutes: number, lang: Lang): string {
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts: [number, string, string][] = [
    [days, '天', 'd'],
    [hours, '小时', 'h'],
    // Of what is hours old nobody counts the minutes.
    [days + hours > 0 ? 0 : rest, '分钟', 'min'],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, zh, en]) => `${count} ${lang === 'zh' ? zh : en}`);
  return said.join(' ') || (lang === 'zh' ? '0 分钟' : '0 min');
}
