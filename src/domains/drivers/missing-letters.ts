import type { AlertDraft } from '../../core/alert.ts';
import type { MessageDraft } from '../../core/message.ts';
import { type Clock, clockTime, dayOf, localMinute } from '../../core/time.ts';
import type { Missing, Ongoing } from './missing.ts';
import type { MissingRule, MissingRules } from './missing-rules.ts';

/** Lines of one message; the list has the others. */
const LINES = 20;

/** 「13:02」; of another day with its date. */
export function sayTime(at: Date, { zone, now }: Clock): string {
  return dayOf(at, zone) === dayOf(now(), zone) ? clockTime(at, zone) : localMinute(at, zone).slice(5);
}

export function called({ driverId, name }: { driverId: string; name: string }): string {
  return name === driverId ? driverId : `${driverId} ${name}`;
}

/** 「D-1023 王师傅 · 最后 13:02 · 剩 14 单」 */
function missingLine({ rule, driver, since, orders }: Missing, clock: Clock): string {
  return rule.overdueMinutes === undefined
    ? `${called(driver)} · 最后 ${driver.last ? sayTime(since, clock) : '未知'} · 剩 ${orders} 单`
    : `${called(driver)} · ${orders} 单超时没有结果 · 最早应在 ${sayTime(since, clock)} 前`;
}

/** The alert of one driver, told to those whom the rule names; of a group's own alert, to the driver alone. */
export function driverAlert(
  one: Missing,
  key: string,
  rules: MissingRules,
  clock: Clock,
  grouped: boolean,
): AlertDraft {
  const { rule, driver } = one;
  const title =
    rule.overdueMinutes === undefined
      ? `${called(driver)} 超过 ${rule.noScanMinutes} 分钟没有更新`
      : `${called(driver)} 有 ${one.orders} 单超过时限没有结果`;
  return {
    key,
    kind: 'drivers.missing',
    subject: `driver:${driver.driverId}`,
    message: missingMessage(title, [missingLine(one, clock)], driver.dsp),
    steps: stepsOf(rule, rules, driver.dsp, driver.driverId).filter(
      ({ to }) => !grouped || to[0] === `driver:${driver.driverId}`,
    ),
    ...(rule.quietFor && { quietFor: rule.quietFor }),
  };
}

/** 「3 名司机超过 45 分钟没有更新」, to the DSP's group: once, of all of them. */
export function dspAlert(
  rule: MissingRule,
  dsp: string,
  all: readonly Missing[],
  key: string,
  rules: MissingRules,
  clock: Clock,
): AlertDraft {
  const title =
    rule.overdueMinutes === undefined
      ? `${all.length} 名司机超过 ${rule.noScanMinutes} 分钟没有更新`
      : `${all.length} 名司机有订单超过时限没有结果`;
  const lines = all.slice(0, LINES).map((one) => missingLine(one, clock));
  if (all.length > LINES) lines.push(`… 共 ${all.length} 名`);
  const steps = stepsOf(rule, rules, dsp, null);
  const first = Math.min(...steps.map(({ after }) => after));
  return {
    key,
    kind: 'drivers.missing',
    subject: `dsp:${dsp}`,
    message: missingMessage(`${dsp}：${title}`, lines, dsp),
    // A group of silent drivers does not wait for its turn.
    steps: steps.map((step) => ({ ...step, after: step.after - first })),
    ...(rule.quietFor && { quietFor: rule.quietFor }),
  };
}

function missingMessage(title: string, lines: readonly string[], dsp: string | null): MessageDraft {
  const call = { command: 'drivers.missing', args: dsp ? { dsp } : {} };
  return {
    title,
    tone: 'warn',
    blocks: [
      { type: 'text', text: lines.join('\n') },
      { type: 'actions', buttons: [{ label: '全部名单', call }] },
    ],
  };
}

function stepsOf(rule: MissingRule, { groups, lead }: MissingRules, dsp: string | null, driverId: string | null) {
  return rule.steps.flatMap(({ after, to }) => {
    if (to === 'driver') return driverId === null ? [] : [{ after, to: [`driver:${driverId}`] }];
    // A DSP without a group of its own is the lead's.
    if (to === 'dsp') return [{ after, to: [`channel:${groups[dsp ?? ''] ?? lead}`] }];
    return [{ after, to: [to === 'lead' ? `channel:${lead}` : to] }];
  });
}

/** What those who were told hear when it is over. */
export function recovery(one: Ongoing, name: string, heard: boolean, clock: Clock): MessageDraft {
  const minutes = Math.round((clock.now().getTime() - one.since.getTime()) / 60_000);
  const who = one.driverId ? called({ driverId: one.driverId, name }) : `${one.dsp}`;
  const said = !one.driverId ? '全部恢复更新' : heard ? '已恢复更新' : '不再缺更新（订单已结束或已下班）';
  return {
    title: `${who} ${said}`,
    tone: 'good',
    blocks: [{ type: 'text', text: `自 ${sayTime(one.since, clock)} 起，共 ${minutes} 分钟` }],
  };
}
