import type { Context } from '../../core/context.ts';
import type { MessageDraft } from '../../core/message.ts';
import { localMinute, sayDay } from '../../core/time.ts';
import type { ComputedLevel } from './levels/rules.ts';
import type { WorkOrder } from './levels/store.ts';
import type { SlaRules } from './rules.ts';
import type { Violation } from './store.ts';
import { appealDeadlines, type Week } from './week.ts';

/** The words of notices are Chinese: the teams' language. */
const HOUSE = 'zh';
/** Lines of one report; a provider with more is pointed to the command. */
const LINES = 60;

type World = Pick<Context, 'words' | 'clock'>;

/** 每日违规通知: one violation, to the provider's group. */
export function violationNotice(one: Violation, rules: SlaRules, { words, clock }: World): MessageDraft {
  const { monday, daily } = appealDeadlines(one.day, rules, clock.zone);
  const said = words.say('sla/violation', HOUSE, {
    orderNum: one.orderNum,
    provider: one.provider,
    day: sayDay(one.day, HOUSE),
    orderedAt: one.orderedAt ? localMinute(one.orderedAt, clock.zone) : '不详',
    housekeeper: one.housekeeper ?? '不详',
    kind: one.kind,
    hasDescription: one.description !== null,
    description: one.description ?? '',
    deadline: `${sayDay(monday, HOUSE)} ${daily.time}`,
  });
  return { title: said.title, tone: 'bad', lang: HOUSE, blocks: [{ type: 'text', text: said.text }] };
}

/** 每周违规报告: a provider's violations of a week. */
export function weeklyReport(
  provider: string,
  violations: readonly Violation[],
  { from, to }: Week,
  missing: readonly string[],
  rules: SlaRules,
  { words, clock }: World,
): MessageDraft {
  const { monday, weekly } = appealDeadlines(from, rules, clock.zone);
  const lines = violations
    .slice(0, LINES)
    .map((one, at) => `${at + 1}. ${one.orderNum} · ${one.housekeeper ?? '管家不详'} · ${one.kind}`);
  const said = words.say('sla/weekly', HOUSE, {
    provider,
    from,
    to,
    count: String(violations.length),
    lines: lines.join('\n'),
    hasMore: violations.length > LINES,
    more: String(violations.length - LINES),
    isIncomplete: missing.length > 0,
    missing: missing.map((day) => sayDay(day, HOUSE)).join('、'),
    deadline: `${sayDay(monday, HOUSE)} ${weekly.time}`,
  });
  return { title: said.title, tone: 'warn', lang: HOUSE, blocks: [{ type: 'text', text: said.text }] };
}

/** A week without a violation. */
export function praise(provider: string, { from, to }: Week, { words }: World): MessageDraft {
  const said = words.say('sla/praise', HOUSE, { provider, from, to });
  return { title: said.title, tone: 'good', lang: HOUSE, blocks: [{ type: 'text', text: said.text }] };
}

/** 即将超时: to whoever has the order. */
export function warningNotice(
  order: WorkOrder,
  level: ComputedLevel,
  dueAt: Date,
  { words, clock }: World,
): MessageDraft {
  const minutes = Math.max(0, Math.round((dueAt.getTime() - clock.now().getTime()) / 60_000));
  const said = words.say('sla/warning', HOUSE, {
    ...orderFacts(order, level, dueAt, clock.zone),
    left: minutes >= 120 ? `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟` : `${minutes} 分钟`,
  });
  return { title: said.title, tone: 'warn', lang: HOUSE, blocks: [{ type: 'text', text: said.text }] };
}

/** 已超时. */
export function breachNotice(
  order: WorkOrder,
  level: ComputedLevel,
  dueAt: Date,
  { words, clock }: World,
): MessageDraft {
  const said = words.say('sla/breach', HOUSE, orderFacts(order, level, dueAt, clock.zone));
  return { title: said.title, tone: 'bad', lang: HOUSE, blocks: [{ type: 'text', text: said.text }] };
}

function orderFacts(order: WorkOrder, level: ComputedLevel, dueAt: Date, zone: string) {
  return {
    orderNum: order.id,
    level: level.title,
    due: localMinute(dueAt, zone),
    provider: order.provider ?? '未分配',
    housekeeper: order.housekeeper ?? '不详',
    state: order.state,
  };
}
