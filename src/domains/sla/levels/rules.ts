import { z } from 'zod';
import type { RuleDocument } from '../../../core/context.ts';
import type { Lang } from '../../../core/message.ts';
import type { Sheet } from '../../../core/sheet.ts';
import { isDay, startOf } from '../../../core/time.ts';
import { Duration, Step, TimeOfDay } from '../rule-words.ts';
import { type Calendar, openCalendar } from './calendar.ts';
import type { Level } from './level.ts';

const Hours = z
  .string()
  .regex(/^\d{2}:\d{2}-\d{2}:\d{2}$/, 'a span such as "09:00-12:00"')
  .transform((text) => ({ from: text.slice(0, 5), to: text.slice(6) }))
  .refine(
    ({ from, to }) => TimeOfDay.safeParse(from).success && TimeOfDay.safeParse(to).success && from < to,
    'times of the day, the first before the second',
  );

const CalendarRule = z.union([
  z.literal('always'),
  z.strictObject({
    days: z.enum(['workdays', 'monday-to-friday', 'every-day']),
    hours: z
      .array(Hours)
      .min(1)
      .refine((hours) => hours.every((one, at) => at === 0 || (hours[at - 1]?.to ?? '') <= one.from), 'in order'),
  }),
]);

const Words = z.array(z.string().min(1)).min(1);

const Written = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  title: z
    .union([z.string().min(1), z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })])
    .transform((title) => (typeof title === 'string' ? { zh: title, en: title } : title)),
  orders: z
    .strictObject({ type: Words, priority: Words, city: Words, provider: Words, source: Words })
    .partial()
    .default({}),
  from: z.string().refine(isDay, 'a day such as "2025-10-01"').optional(),
  start: z.union([z.literal('opened'), Words]),
  stop: Words,
  pause: z.array(z.string().min(1)).default([]),
  target: z.union([z.literal('due'), Duration]),
  calendar: z.string(),
  warn: z.array(z.strictObject({ before: Duration, tell: Step.shape.tell })).default([]),
  breach: z.array(Step).min(1),
  violation: z.boolean().default(true),
});

/** The part of `rules/sla.yaml` about levels that we compute. */
export const Levels = {
  calendars: z.record(z.string(), CalendarRule).default({}),
  levels: z.array(Written).default([]),
};

/** A level with its title, its calendar, and who is told. */
export interface ComputedLevel extends Level {
  title: Readonly<Record<Lang, string>>;
  calendar: Calendar;
  /** By minutes before the end. */
  warnings: readonly { before: number; tell: readonly string[] }[];
  breach: readonly z.output<typeof Step>[];
  /** A breach counts as a violation of its day. */
  violation: boolean;
}

type LevelsValue = { calendars: z.output<typeof Levels.calendars>; levels: z.output<typeof Levels.levels> };

/** Mistakes that a schema cannot see: calendars that are not there, states that both pause and stop, names that repeat. */
export function levelMistakes(
  { calendars, levels }: LevelsValue,
  { file, lineOf }: Pick<Sheet<unknown>, 'lineOf'> & Pick<RuleDocument, 'file'>,
): string[] {
  return levels.flatMap((level, at) => {
    const say = (part: string, words: string) => `${file}:${lineOf(['levels', at, part])} ${words}`;
    const both = level.pause.filter((state) => level.stop.includes(state));
    return [
      ...(level.calendar === 'always' || calendars[level.calendar]
        ? []
        : [say('calendar', `no calendar ${level.calendar}`)]),
      ...both.map((state) => say('pause', `${state} pauses and stops`)),
      ...(levels.findIndex(({ name }) => name === level.name) < at
        ? [say('name', `${level.name} stands there twice`)]
        : []),
    ];
  });
}

/** The levels with their calendars opened. */
export function openLevels({ calendars, levels }: LevelsValue, zone: string): ComputedLevel[] {
  const open = new Map(Object.entries(calendars).map(([name, rule]) => [name, openCalendar(rule, zone)]));
  const always = openCalendar('always', zone);
  return levels.map(({ calendar, warn, from, ...level }) => {
    const warnings = warn.toSorted((a, b) => a.before - b.before);
    return {
      ...level,
      calendar: open.get(calendar) ?? always,
      since: from === undefined ? undefined : startOf(from, zone),
      warnings,
      warn: warnings.map(({ before }) => before),
    } as ComputedLevel;
  });
}
