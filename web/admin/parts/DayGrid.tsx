import { useLanguage } from '../../shared/language.tsx';
import type { DayStandingJson } from '../wire.ts';

export interface Span {
  from: string;
  to: string;
}

const STATES = {
  complete: { zh: '完整', en: 'complete', mark: '●' },
  kept: { zh: '有数据', en: 'kept', mark: '●' },
  partial: { zh: '不全', en: 'partial', mark: '◐' },
  missing: { zh: '缺', en: 'missing', mark: '×' },
  none: { zh: '没有数据', en: 'nothing', mark: '·' },
} as const;

interface DayGridProps {
  label: string;
  span: Span;
  days: readonly DayStandingJson[];
  chosen: Span | null;
  /** One press chooses a day, a second one all between. */
  onChoose: (span: Span | null) => void;
}

/** Days as a calendar, a week a row, Monday first; how each stands is told by its mark as well as its colour. */
export function DayGrid({ label, span, days, chosen, onChoose }: DayGridProps) {
  const { lang, say } = useLanguage();
  const known = new Map(days.map((one) => [one.day, one]));
  const press = (day: string) => {
    if (!chosen || chosen.from !== chosen.to) onChoose({ from: day, to: day });
    else if (day === chosen.from) onChoose(null);
    else onChoose(day < chosen.from ? { from: day, to: chosen.from } : { from: chosen.from, to: day });
  };
  const weekdays =
    lang === 'zh' ? ['一', '二', '三', '四', '五', '六', '日'] : ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  return (
    <>
      <fieldset class="day-grid" aria-label={label}>
        {weekdays.map((one) => (
          <span key={one} class="day-head" aria-hidden="true">
            {one}
          </span>
        ))}
        {daysOf(span).map((day, at) => {
          const one = known.get(day);
          const state = one?.state ?? 'none';
          const { zh, en, mark } = STATES[state];
          const isChosen = chosen !== null && day >= chosen.from && day <= chosen.to;
          return (
            <button
              key={day}
              type="button"
              class={`day day-${state}`}
              style={at === 0 ? { gridColumnStart: columnOf(day) } : undefined}
              aria-pressed={isChosen}
              aria-label={`${day} ${say(zh, en)} ${one?.rows ?? 0}${one?.problem ? ` ${one.problem}` : ''}`}
              onClick={() => press(day)}
            >
              <span class="day-date">{day.endsWith('-01') || at === 0 ? day.slice(5) : day.slice(8)}</span>
              <span class="day-mark">{mark}</span>
              <span class="day-rows">{one ? short(one.rows) : ''}</span>
            </button>
          );
        })}
      </fieldset>
      <ul class="day-legend" aria-hidden="true">
        {Object.entries(STATES).map(([state, { zh, en, mark }]) => (
          <li key={state} class={`day-${state}`}>
            <span class="day-mark">{mark}</span> {say(zh, en)}
          </li>
        ))}
      </ul>
    </>
  );
}

function daysOf({ from, to }: Span): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

/** Monday is the first column. */
function columnOf(day: string): number {
  return ((new Date(day).getUTCDay() + 6) % 7) + 1;
}

/** 1,234 → 1.2k: fits a phone's cell. */
function short(rows: number): string {
  return rows < 1000 ? String(rows) : rows < 100_000 ? `${(rows / 1000).toFixed(1)}k` : `${Math.round(rows / 1000)}k`;
}
