import type { Context } from '../../core/context.ts';
import { type Lang, type MessageDraft, pick, type Tone, type Worded } from '../../core/message.ts';
import { type Day, localMinute, sayDay } from '../../core/time.ts';
import type { ComputedLevel } from './levels/rules.ts';
import type { WorkOrder } from './levels/store.ts';
import type { SlaRules } from './rules.ts';
import type { Violation } from './store.ts';
import { appealDeadlines, type Week } from './week.ts';

/** What is said of violations and levels, each in the reader's language; the words are in `templates/sla`. */

/** Lines of one report; a provider with more is pointed to the command. */
const LINES = 60;

type World = Pick<Context, 'words' | 'clock'>;
type Facts = Record<string, unknown>;

/** A template with its facts. */
export function worded(
  name: string,
  tone: Tone,
  { words }: Pick<World, 'words'>,
  facts: (lang: Lang) => Facts,
): Worded {
  return (lang): MessageDraft => {
    const said = words.say(`sla/${name}`, lang, facts(lang));
    return { title: said.title, tone, lang, blocks: said.text ? [{ type: 'text', text: said.text }] : [] };
  };
}

const unknown = (lang: Lang) => pick(lang, '不详', 'unknown');

/** 每日违规通知: one violation, to the provider's group. */
export function violationNotice(one: Violation, rules: SlaRules, world: World): Worded {
  const { zone } = world.clock;
  const { monday, daily } = appealDeadlines(one.day, rules, zone);
  return worded('violation', 'bad', world, (lang) => ({
    orderNum: one.orderNum,
    provider: one.provider,
    day: sayDay(one.day, lang),
    orderedAt: one.orderedAt ? localMinute(one.orderedAt, zone) : unknown(lang),
    housekeeper: one.housekeeper ?? unknown(lang),
    kind: one.kind,
    hasDescription: one.description !== null,
    description: one.description ?? '',
    deadline: `${sayDay(monday, lang)} ${daily.time}`,
  }));
}

/** 每周违规报告: a provider's violations of a week. */
export function weeklyReport(
  provider: string,
  violations: readonly Violation[],
  { from, to }: Week,
  missing: readonly Day[],
  rules: SlaRules,
  world: World,
): Worded {
  const { monday, weekly } = appealDeadlines(from, rules, world.clock.zone);
  return worded('weekly', 'warn', world, (lang) => ({
    provider,
    from,
    to,
    count: String(violations.length),
    violations: violations.slice(0, LINES).map((one, at) => ({
      at: String(at + 1),
      orderNum: one.orderNum,
      housekeeper: one.housekeeper ?? pick(lang, '管家不详', 'housekeeper unknown'),
      kind: one.kind,
    })),
    hasMore: violations.length > LINES,
    more: String(violations.length - LINES),
    isIncomplete: missing.length > 0,
    missing: missing.map((day) => sayDay(day, lang)).join(pick(lang, '、', ', ')),
    deadline: `${sayDay(monday, lang)} ${weekly.time}`,
  }));
}

/** A week without a violation. */
export function praise(provider: string, { from, to }: Week, world: World): Worded {
  return worded('praise', 'good', world, () => ({ provider, from, to }));
}

/** A violation that the source holds no more. */
export function withdrawnNotice({ orderNum, kind }: Violation, world: World): Worded {
  return worded('withdrawn', 'good', world, () => ({ orderNum, kind }));
}

/** 即将超时: to whoever has the order. */
export function warningNotice(order: WorkOrder, level: ComputedLevel, dueAt: Date, world: World): Worded {
  const minutes = Math.max(0, Math.round((dueAt.getTime() - world.clock.now().getTime()) / 60_000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return worded('warning', 'warn', world, (lang) => ({
    ...orderFacts(order, level, dueAt, world.clock.zone, lang),
    left:
      minutes >= 120
        ? pick(lang, `${hours} 小时 ${rest} 分钟`, `${hours} h ${rest} min`)
        : pick(lang, `${minutes} 分钟`, `${minutes} minutes`),
  }));
}

/** 已超时. */
export function breachNotice(order: WorkOrder, level: ComputedLevel, dueAt: Date, world: World): Worded {
  return worded('breach', 'bad', world, (lang) => orderFacts(order, level, dueAt, world.clock.zone, lang));
}

/** 更正: what was told as late was not, as is known now. */
export function correction(order: WorkOrder, level: ComputedLevel, world: World): Worded {
  return worded('corrected', 'good', world, (lang) => ({ orderNum: order.id, level: level.title[lang] }));
}

/** 超时完成. */
export function doneLate(order: WorkOrder, level: ComputedLevel, at: Date, world: World): Worded {
  return worded('late-done', 'info', world, (lang) => ({
    ...{ orderNum: order.id, level: level.title[lang] },
    at: localMinute(at, world.clock.zone),
  }));
}

/** 申诉, for the lead who decides it. */
export function appealNotice(
  of: Pick<Violation, 'orderNum' | 'kind' | 'provider' | 'day'>,
  appeal: { id: number; reason: string; by: string },
  { words }: World,
): Worded {
  return (lang) => {
    const { orderNum, kind, provider } = of;
    const facts = { orderNum, kind, provider, day: sayDay(of.day, lang), number: String(appeal.id) };
    const said = words.say('sla/appeal', lang, { ...facts, by: appeal.by, reason: appeal.reason });
    const button = (label: string, decision: 'accepted' | 'rejected') => ({
      label,
      call: { command: 'sla.decide', args: { appeal: appeal.id, decision } },
    });
    const buttons = [
      button(pick(lang, '通过', 'Accept'), 'accepted'),
      button(pick(lang, '驳回', 'Reject'), 'rejected'),
    ];
    const blocks = [
      { type: 'text' as const, text: said.text },
      { type: 'actions' as const, buttons },
    ];
    return { title: said.title, tone: 'warn', lang, blocks };
  };
}

/** What became of an appeal. */
export function appealDecided(
  { orderNum, kind }: Violation,
  { accepted, by }: { accepted: boolean; by: string },
  world: World,
): Worded {
  return worded('appeal-decided', accepted ? 'good' : 'info', world, () => ({ orderNum, kind, accepted, by }));
}

function orderFacts(order: WorkOrder, level: ComputedLevel, dueAt: Date, zone: string, lang: Lang): Facts {
  return {
    orderNum: order.id,
    level: level.title[lang],
    due: localMinute(dueAt, zone),
    provider: order.provider ?? pick(lang, '未分配', 'unassigned'),
    housekeeper: order.housekeeper ?? unknown(lang),
    state: order.state,
  };
}
