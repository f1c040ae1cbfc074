import type { Context } from '../../core/context.ts';
import { RowError } from '../../core/errors.ts';
import { feed, type RawRow } from '../../core/source.ts';
import { type Clock, type Day, dayOf, hourOf, instantOf, isDay } from '../../core/time.ts';
import { CallRow } from './model.ts';
import { saveCalls } from './store.ts';

/** Call records in the shape of the upstream's list: `id, taskId, TaskName, userId, deviceName, callTime, …`. */
export const callsFeed = feed<CallRow>({
  name: 'calls.records',
  dataset: 'calls',
  row: CallRow,
  read: readCall,
  key: (row) => row.id,
  save: saveCalls,
});

/**
 * - dialled: `isCall` is 1; where there is no such column, `callState` is 1 or 2.
 * - connected: `callState` is 2; where there is no such column, it hung up with NORMAL_CLEARING after more than 0 s.
 * - grade: an empty or null label is ''; without such a column it is null, not known.
 * @throws RowError
 */
export function readCall(raw: RawRow, { clock }: Pick<Context, 'clock'>): CallRow {
  const cell = cellsOf(raw);
  const id = idOf(cell('id', 'callId'), 'id');
  if (id === null) throw new RowError('id is missing');
  const calledAt = timeOf(cell('callTime'), clock);
  const durationS = durationOf(cell('duration'));
  const state = oneOf(cell('callState'), 'callState', { 0: 0, 1: 1, 2: 2 });
  const isCall = oneOf(cell('isCall'), 'isCall', { 0: false, 1: true, false: false, true: true });
  if (isCall === undefined && state === undefined) {
    throw new RowError('neither isCall nor callState says whether it was dialled');
  }
  return {
    id,
    ...placeOf(calledAt, clock.zone),
    calledAt,
    taskId: once(idOf(cell('taskId'), 'taskId')),
    taskName: once(cell('taskName') || null),
    seatId: once(idOf(cell('userId'), 'userId')),
    seatName: once(cell('userName', 'agentName') || null),
    line: once(cell('deviceName') || null),
    durationS,
    dialled: isCall ?? (state ?? 0) >= 1,
    connected: state === undefined ? cell('hangupReason') === 'NORMAL_CLEARING' && durationS > 0 : state === 2,
    grade: once(cell('grade') ?? null),
  };
}

/**
 * Looks up a row's cells as trimmed text by name, whatever the case and the blanks of the heading: `CallTime`,
 * `call_time`. '' = empty or null; undefined = no such column.
 */
function cellsOf(raw: RawRow): (...names: string[]) => string | undefined {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(raw.values)) {
    const plain = plainName(name);
    if (!values.get(plain)) values.set(plain, value);
  }
  return (...names) => {
    const name = names.find((each) => values.has(plainName(each)));
    return name === undefined ? undefined : textOf(name, values.get(plainName(name)));
  };
}

const texts = new Map<string, string>();

/** The same text, held once: the names of a day's 100,000 calls are a few hundred. */
function once(text: string | null): string | null {
  if (text === null) return null;
  const held = texts.get(text);
  if (held !== undefined) return held;
  if (texts.size >= 10_000) texts.clear();
  texts.set(text, text);
  return text;
}

const plainNames = new Map<string, string>();

function plainName(name: string): string {
  let plain = plainNames.get(name);
  if (plain === undefined) {
    plain = name.toLowerCase().replace(/[\s_-]/g, '');
    if (plainNames.size < 1000) plainNames.set(name, plain);
  }
  return plain;
}

function textOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') throw new RowError(`${name} is no plain value`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RowError(`${name} lost digits: it was read as a number, not as text`);
  }
  return String(value).trim();
}

function idOf(text: string | undefined, name: string): string | null {
  if (!text) return null;
  if (/^\d+(\.\d+)?e\+\d+$/i.test(text)) {
    throw new RowError(`${name} ${quoted(text)} lost its digits in a spreadsheet: keep that column as text`);
  }
  return text;
}

function oneOf<T>(text: string | undefined, name: string, meanings: Record<string, T>): T | undefined {
  if (!text) return undefined;
  const meaning = meanings[text.toLowerCase()];
  if (meaning === undefined) {
    throw new RowError(`${name} is ${quoted(text)}, not one of ${Object.keys(meanings).join(', ')}`);
  }
  return meaning;
}

function durationOf(text: string | undefined): number {
  if (!text) return 0;
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds < 86_400)) throw new RowError(`duration is ${quoted(text)}, not seconds of a day`);
  return Math.round(seconds);
}

/** Epoch seconds (or milliseconds), an ISO instant, or wall time in the house's zone. */
function timeOf(text: string | undefined, clock: Clock): Date {
  if (!text || text === '0') throw new RowError('callTime is missing');
  const instant = instantFrom(text, clock.zone);
  if (!instant || Number.isNaN(instant.getTime())) throw new RowError(`callTime is ${quoted(text)}, not a time`);
  if (instant.getTime() < EARLIEST) throw new RowError(`callTime ${quoted(text)} is before the year 2000`);
  if (instant.getTime() > clock.now().getTime() + CLOCKS_APART_MS)
    throw new RowError(`callTime ${quoted(text)} is in the future`);
  return instant;
}

const EARLIEST = Date.UTC(2000, 0);
/** How far the upstream's clock may be ahead of ours. */
const CLOCKS_APART_MS = 10 * 60_000;

function instantFrom(text: string, zone: string): Date | null {
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return new Date(Math.round(Number(text) * 1000));
  if (/^\d{12,13}$/.test(text)) return new Date(Number(text));
  const parts =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  if (!parts) return null;
  const [year = '', month = '', day = '', hour = '', minute = '', second = '00', offset] = parts.slice(1);
  const date: Day = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = `${hour.padStart(2, '0')}:${minute}:${second}`;
  if (!isDay(date) || time > '23:59:59' || minute > '59' || second > '59') return null;
  return offset ? new Date(`${date}T${time}${offset}`) : instantOf(date, time, zone);
}

const places = new Map<string, { day: Day; hour: number }>();

/** Day and hour in the zone. Remembered by the quarter of an hour, which no zone's offset divides: a day has 100,000 calls. */
function placeOf(instant: Date, zone: string): { day: Day; hour: number } {
  const key = `${zone} ${Math.floor(instant.getTime() / 900_000)}`;
  let place = places.get(key);
  if (!place) {
    if (places.size > 10_000) places.clear();
    place = { day: dayOf(instant, zone), hour: hourOf(instant, zone) };
    places.set(key, place);
  }
  return place;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
