import type { Lang, Message } from './message.ts';

/** What an operator needs beyond the database: the jobs, the platforms, and how they show a message. */
export interface Operator {
  platforms(): { name: string; on: boolean; health: string }[];
  /** A message as a platform shows it, also one that is off. @throws AskerError where there is no such platform */
  preview(message: Message, platform: string): Promise<Preview>;
  /** Channels or templates were edited: they hold from now on. */
  rulesChanged(): Promise<void>;
  /** The schedule of a day, run now into nowhere. */
  rehearse(day: string): Promise<Rehearsal>;
  jobs(): Promise<JobState[]>;
  runs(query: { job?: string | undefined; before?: number | undefined; limit: number }): Promise<JobRunState[]>;
  /**
   * Begins a run by hand and resolves when it began, or with the run that was skipped.
   * @throws AskerError where there is no such job, or the arguments are not its
   */
  runJob(name: string, args: Record<string, unknown>, options: { at?: Date | undefined }): Promise<void>;
  /**
   * A job run on a copy of the database: nothing is sent and nothing changes.
   * @throws AskerError where there is no such job, or the arguments are not its
   */
  dryRun(name: string, args: Record<string, unknown>, options: { at?: Date | undefined }): Promise<DryRun>;
}

/** What a job would say, to whom, and what it counts. */
export interface DryRun {
  outcome: { state: string; counts?: Record<string, number>; error?: string };
  letters: { key: string; to: string; recipient: string; class: string; text: string }[];
}

/** What a day would bring. Instants are ISO texts. */
export interface Rehearsal {
  day: string;
  /** Runs that did something, or failed. */
  runs: { job: string; at: string; counts: Record<string, number> | null; error: string | null }[];
  /** In the order in which they would be out. */
  letters: {
    key: string;
    class: string;
    title: string;
    /** When it would be posted. */
    at: string;
    /** When it would be out, under limits and quiet hours; null: it would be held. */
    out: string | null;
    recipient: string;
    destination: string | null;
    held: string | null;
    preview: Preview | null;
  }[];
}

/** A message as a platform shows it, as JSON. */
export interface Preview {
  platform: string;
  /** Degraded for the platform; pictures by address. */
  message: Record<string, unknown>;
  /** The platform's own payloads; bytes are named, not shown. */
  parcels: unknown[];
}

export interface JobState {
  name: string;
  summary: Record<Lang, string>;
  cron: string | null;
  missed: string;
  next: Date | null;
  last: JobRunState | null;
  /** Its arguments as JSON Schema. */
  args: Record<string, unknown>;
}

export interface JobRunState {
  id: number;
  name: string;
  trigger: string;
  state: string;
  startedAt: Date;
  finishedAt: Date | null;
  counts: Record<string, number> | null;
  error: string | null;
  runner: string;
}
