import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const FAST_CLOCK = join(import.meta.dirname, 'fast-clock.mjs');

/** The built program, as its users start it. */
export interface Program {
  /** Where `dist/` is. */
  root: string;
  folder: string;
  settings: Readonly<Record<string, string>>;
  /** Told every line of its log. */
  onLine(line: string): void;
}

export interface Running {
  pid: number;
  /** When it said that it is up (`performance.now()`); null where it ended before. */
  ready: Promise<number | null>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and waits. */
  stop(): Promise<number | null>;
}

export function startService(program: Program, crashAt?: string, more: Record<string, string> = {}): Running {
  const crash: Record<string, string> = crashAt ? { FIELDBELL_CRASH_AT: crashAt } : {};
  const child = run(program, 'dist/src/main.js', [], { ...more, ...crash });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<number | null>((resolve) => {
    if (child.stderr) {
      createInterface(child.stderr).on('line', (line) => {
        program.onLine(line);
        if (line.includes('Fieldbell is up')) resolve(performance.now());
      });
    }
    void ended.then(() => resolve(null));
  });
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      return (await ended).code;
    },
  };
}

/**
 * `fieldbell …`, killed after so many milliseconds or at a named point where one is given.
 * @returns its exit code; null where it was killed
 */
export function fieldbell(program: Program, args: string[], kill: number | string | undefined): Promise<number | null> {
  const child = run(program, 'dist/src/cli.js', args, typeof kill === 'string' ? { FIELDBELL_CRASH_AT: kill } : {});
  child.stdout?.resume();
  if (child.stderr) createInterface(child.stderr).on('line', program.onLine);
  const timer = typeof kill === 'number' ? setTimeout(() => child.kill('SIGKILL'), kill) : undefined;
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

function run(
  { root, folder, settings }: Program,
  file: string,
  args: string[],
  more: Record<string, string>,
): ChildProcess {
  const path = process.env['PATH'] ?? '';
  return spawn(process.execPath, ['--import', FAST_CLOCK, join(root, file), ...args], {
    cwd: folder,
    env: { PATH: path, ...settings, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
