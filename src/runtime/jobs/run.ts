/** Why a run began: its time came, its time had passed while nothing ran, or somebody asked for it. */
export type Trigger = 'schedule' | 'missed' | 'hand';

/**
 * - `failed`: the job threw, exceeded its time limit, or its thread died.
 * - `interrupted`: it was stopped, or the process that ran it ended; what it did until then stands.
 * - `skipped`: it never began; `error` says why.
 */
export type RunState = 'running' | 'done' | 'failed' | 'interrupted' | 'skipped';

/** One run of a job, as it is kept. */
export interface Run {
  id: number;
  name: string;
  trigger: Trigger;
  /** The instant that the run is for: when it was due, or the `at` of a run by hand. */
  scheduledFor: Date | null;
  args: Record<string, unknown>;
  state: RunState;
  startedAt: Date;
  /** Renewed every few seconds by whoever runs it. */
  heartbeatAt: Date;
  finishedAt: Date | null;
  /** `host/pid/birth` of the process that runs it. */
  runner: string;
  /** What the job counted. */
  counts: Record<string, number> | null;
  /** One line: what failed, or why it was skipped or interrupted. */
  error: string | null;
}

/** How a run ended. `stack` is for the log and is not kept. */
export interface Outcome {
  state: 'done' | 'failed' | 'interrupted';
  counts?: Record<string, number>;
  error?: string;
  stack?: string | undefined;
  /** The administrators have been told of the failure by the job itself. */
  told?: boolean;
}
