import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { addRunLog, type LogLine } from './store.ts';

/** Lines of one run that are kept; a job that logs every row must not fill the database. */
const MOST = 500;
const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const LONGEST = 2000;

/** Gathers what a run logs, line by line as pino writes it, and keeps it when told to. */
export function runLines(db: Database, run: number, clock: Clock) {
  let waiting: LogLine[] = [];
  let kept = 0;
  return {
    add(line: string): void {
      if (kept >= MOST) return;
      kept++;
      const text = kept === MOST ? '…' : undefined;
      waiting.push({ at: clock.now(), ...read(line), ...(text && { text }) });
    },
    async flush(): Promise<void> {
      const lines = waiting;
      waiting = [];
      await addRunLog(db, run, lines);
    },
  };
}

function read(line: string): { level: string; text: string } {
  try {
    const { level, time: _, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
    const rest = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
    return { level: LEVELS[Number(level)] ?? 'info', text: `${String(msg ?? '')}${rest}`.slice(0, LONGEST) };
  } catch {
    return { level: 'info', text: line.slice(0, LONGEST) };
  }
}
