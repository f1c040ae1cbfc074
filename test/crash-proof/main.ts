import { CRASH_POINTS } from '../../src/core/crash-point.ts';
import { type BatchResult, runBatch } from './batch.ts';
import type { OpenDestination } from './destination.ts';
import { openConsoleRooms } from './destinations/console.ts';
import { openRobots } from './destinations/robot.ts';
import { openSlack } from './destinations/slack.ts';
import { openTelegram } from './destinations/telegram.ts';
import { openApp } from './destinations/wecom-app.ts';
import { openBot } from './destinations/wecom-bot.ts';
import { INVARIANTS, type Violation } from './judge.ts';
import { type History, planHistory } from './plan.ts';

export interface ProofOptions {
  root: string;
  histories: number;
  seed: number;
  /** How many times as fast as the machine's the service's clock runs. */
  speed?: number;
  /** What a recovery may take, in milliseconds of the service's clock; longer on a machine that has other work. */
  recoveryMs?: number;
  /** Address schemes of the platforms that are on. */
  platforms?: readonly string[];
  /** Histories that share a database. */
  batch?: number;
  say?(line: string): void;
}

export interface Proof {
  kills: number;
  atPoints: number;
  letters: number;
  lost: number;
  /** Seen twice where repetitions are swallowed, or elsewhere without the mark. */
  duplicates: number;
  doubtful: number;
  repeated: number;
  dead: number;
  merged: number;
  faults: number;
  worstRecoveryMs: number;
  violations: number;
  histories: number;
  seed: number;
  seconds: number;
}

/** All but the one that is the poster's. */
const POINTS = CRASH_POINTS.filter((point) => point !== 'letter posted');

const PLATFORMS: Readonly<Record<string, OpenDestination>> = {
  'wecom-robot': openRobots,
  console: openConsoleRooms,
  'wecom-app': openApp,
  telegram: openTelegram,
  slack: openSlack,
  'wecom-bot': openBot,
};

/** Runs histories until all are done or one breaks an invariant; each can be run again alone by its own seed. */
export async function crashProof(options: ProofOptions): Promise<{ proof: Proof; stories: string[] }> {
  const { root, histories, seed, speed = 8, batch = 50, recoveryMs = 5000, say = () => {} } = options;
  const schemes = options.platforms ?? Object.keys(PLATFORMS);
  const open = schemes.flatMap((scheme) => PLATFORMS[scheme] ?? []);
  const began = performance.now();
  const plans = Array.from({ length: histories }, (_, at) => planHistory(seed + at, schemes, POINTS));
  const results: BatchResult[] = [];
  const stories: string[] = [];
  for (let at = 0; at < plans.length; at += batch) {
    const part = plans.slice(at, at + batch);
    // Every other batch has a second process beside the first.
    const second = results.length % 2 === 1;
    const result = await runBatch(part, { root, speed, recoveryMs, open, second, progress: say });
    results.push(result);
    for (const error of new Set(result.errors)) say(`the service logged: ${error.slice(0, 300)}`);
    stories.push(...tell(result, part));
    const done = at + part.length;
    say(
      `${done}/${histories} histories, ${sum(results, 'kills')} kills, ${sum(results, 'letters')} letters, ${stories.length} violations`,
    );
    if (stories.length > 0) break;
  }
  const faults = results.flatMap((one) => Object.values(one.faults)).reduce((a, b) => a + b, 0);
  const atPoints = results.flatMap((one) => Object.values(one.atPoints)).reduce((a, b) => a + b, 0);
  const proof = {
    kills: sum(results, 'kills'),
    atPoints,
    letters: sum(results, 'letters'),
    lost: sum(results, 'lost'),
    duplicates: sum(results, 'duplicates'),
    doubtful: sum(results, 'doubtful'),
    repeated: sum(results, 'repeated'),
    dead: sum(results, 'dead'),
    merged: sum(results, 'merged'),
    faults,
    worstRecoveryMs: Math.round(Math.max(0, ...results.flatMap((one) => one.recoveriesMs))),
    violations: stories.length,
    histories,
    seed,
    seconds: Math.round((performance.now() - began) / 1000),
  };
  return { proof, stories };
}

type Figure = 'kills' | 'letters' | 'lost' | 'duplicates' | 'doubtful' | 'repeated' | 'dead' | 'merged';
function sum(results: readonly BatchResult[], figure: Figure): number {
  return results.reduce((total, one) => total + one[figure], 0);
}

/** The invariant, the letter's story, and how to see it again. */
function tell(result: BatchResult, histories: readonly History[]): string[] {
  return result.violations.map(({ invariant, what, key }: Violation) => {
    const seed = key ? Number(/h(\d+)-/.exec(key)?.[1]) : histories[0]?.seed;
    const count = key ? 1 : histories.length;
    const again = `again: npm run crash-proof -- --histories ${count} --seed ${seed}`;
    return [
      `✗ ${invariant} (${INVARIANTS[invariant]})`,
      `  ${what}`,
      ...(key ? [result.story(key)] : []),
      `  ${again}`,
    ].join('\n');
  });
}
