import type { AlertDraft } from '../../../core/alert.ts';
import type { Context } from '../../../core/context.ts';
import { type Lang, type MessageDraft, pick, type Tone, type Worded } from '../../../core/message.ts';
import { type Clock, clockTime, dayOf, localMinute } from '../../../core/time.ts';
import type { Missing, Ongoing } from './missing.ts';
import type { MissingRule, MissingRules } from './rules.ts';

/** What a letter about missing updates needs to know. */
export type Told = Pick<Context, 'words' | 'clock'> & { rules: MissingRules };

/** Lines of one message; the list has the others. */
const LINES = 20;

/** 「13:02」; of another day with its date. */
export function sayTime(at: Date, { zone, now }: Clock): string {
  return dayOf(at, zone) === dayOf(now(), zone) ? clockTime(at, zone) : localMinute(at, zone).slice(5);
}

export function called({ driverId, name }: { driverId: string; name: string }): string {
  return name === driverId ? driverId : `${driverId} ${name}`;
}

function factsOf({ rule, driver, since, orders }: Missing, clock: Clock) {
  return {
    who: called(driver),
    overdue: rule.overdueMinutes !== undefined,
    minutes: rule.noScanMinutes ?? rule.overdueMinutes ?? 0,
    since: sayTime(since, clock),
    last: driver.last ? sayTime(since, clock) : null,
    orders,
  };
}

/** The alert of one driver, told to those whom the rule names. `together`: the group has its own alert, so the driver alone. */
export function driverAlert({ words, clock, rules }: Told, one: Missing, key: string, together: boolean): AlertDraft {
  const { rule, driver } = one;
  const facts = factsOf(one, clock);
  return {
    key,
    kind: 'drivers.missing',
    subject: `driver:${driver.driverId}`,
    message: (lang) => withList(words.say('drivers/missing', lang, facts), driver.dsp, lang),
    steps: stepsOf(rule, rules, driver.dsp, driver.driverId).filter(
      ({ to }) => !together || to[0] === `driver:${driver.driverId}`,
    ),
    ...(rule.quietFor && { quietFor: rule.quietFor }),
  };
}

/** 「3 名司机超过 45 分钟没有更新」, to the DSP's group: once, of all of them. */
export function dspAlert(told: Told, rule: MissingRule, dsp: string, all: readonly Missing[], key: string): AlertDraft {
  const steps = stepsOf(rule, told.rules, dsp, null);
  const first = Math.min(...steps.map(({ after }) => after));
  return {
    key,
    kind: 'drivers.missing',
    subject: `dsp:${dsp}`,
    message: groupMessage(told, dsp, all, all.length, null),
    // A group of silent drivers does not wait for its turn.
    steps: steps.map((step) => ({ ...step, after: step.after - first })),
    ...(rule.quietFor && { quietFor: rule.quietFor }),
  };
}

/** 「又有 2 名司机超过 45 分钟没有更新，共 5 名」 */
export function joined(told: Told, dsp: string, more: readonly Missing[], all: readonly Missing[]): Worded {
  return groupMessage(told, dsp, more, all.length, more.length);
}

function groupMessage(
  { words, clock }: Told,
  dsp: string,
  listed: readonly Missing[],
  count: number,
  added: number | null,
): Worded {
  const [first] = listed;
  const facts = {
    dsp,
    count,
    added,
    overdue: first?.rule.overdueMinutes !== undefined,
    minutes: first?.rule.noScanMinutes ?? first?.rule.overdueMinutes ?? 0,
    lines: listed.slice(0, LINES).map((one) => factsOf(one, clock)),
    more: listed.length > LINES,
  };
  return (lang) => withList(words.say('drivers/missing-group', lang, facts), dsp, lang);
}

function withList(said: { title: string; text: string }, dsp: string | null, lang: Lang): MessageDraft {
  const call = { command: 'drivers.missing', args: dsp ? { dsp } : {} };
  return {
    title: said.title,
    tone: 'warn',
    blocks: [
      { type: 'text', text: said.text },
      { type: 'actions', buttons: [{ label: pick(lang, '全部名单', 'The whole list'), call }] },
    ],
    lang,
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
export function recovery({ words, clock }: Told, one: Ongoing, name: string, heard: boolean): Worded {
  const facts = {
    who: one.driverId ? called({ driverId: one.driverId, name }) : `${one.dsp}`,
    group: !one.driverId,
    heard: Boolean(one.driverId) && heard,
    ended: Boolean(one.driverId) && !heard,
    since: sayTime(one.since, clock),
    minutes: Math.round((clock.now().getTime() - one.since.getTime()) / 60_000),
  };
  return (lang) => plain(words.say('drivers/missing-over', lang, facts), 'good', lang);
}

/** That the data itself is late. */
export function lateData({ words, clock }: Told, asOf: Date): Worded {
  const at = localMinute(asOf, clock.zone);
  return (lang) => plain(words.say('drivers/missing-late', lang, { at }), 'warn', lang);
}

function plain({ title, text }: { title: string; text: string }, tone: Tone, lang: Lang): MessageDraft {
  return { title, tone, blocks: [{ type: 'text', text }], lang };
}
