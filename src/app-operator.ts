import { z } from 'zod';
import { jobs } from '../jobs/index.ts';
import type { Context } from './core/context.ts';
import { AskerError } from './core/errors.ts';
import type { Message } from './core/message.ts';
import type { DryRun, JobRunState, Operator, Rehearsal } from './core/operator.ts';
import type { ChatPlatform, Drawable, DrawnMessage } from './core/platform.ts';
import { pictureAddress, signingKey } from './http/picture-addresses.ts';
import { LOOKS } from './looks.ts';
import type { Pictures } from './render/pictures.ts';
import { keepMessage } from './runtime/console/log.ts';
import { argumentsOf, jobNamed } from './runtime/jobs/declared.ts';
import type { Scheduler } from './runtime/jobs/scheduler.ts';

/** A run that goes wrong at once is said at once; one that lasts is not waited for. */
const AT_ONCE_MS = 300;

/** Puts together what only the process with the platforms and the jobs can do. */
export function createOperator(parts: {
  context: Pick<Context, 'db' | 'clock' | 'log'>;
  scheduler: Scheduler;
  platforms: ReadonlyMap<string, ChatPlatform>;
  pictures: Pictures;
  degraded(message: Message, draws: ReadonlySet<Drawable>): Promise<DrawnMessage>;
  rulesChanged(): Promise<void>;
  dryRun(wanted: { name: string; args: Record<string, unknown>; at?: Date | undefined }): Promise<DryRun>;
  rehearse(day: string, preview: Operator['preview']): Promise<Rehearsal>;
}): Operator {
  const { context, scheduler, platforms, pictures } = parts;
  const { db, clock, log } = context;
  const runState = (run: Awaited<ReturnType<Scheduler['listRuns']>>[number]): JobRunState => run;

  const operator: Operator = {
    platforms: () =>
      Object.keys(LOOKS).map((name) => {
        const platform = platforms.get(name);
        return { name, on: platform !== undefined, health: platform ? (platform.health?.() ?? 'ok') : 'off' };
      }),
    async preview(message, name) {
      const look = LOOKS[name];
      if (!look) throw new AskerError(`no platform ${name}; there are: ${Object.keys(LOOKS).join(', ')}`);
      const drawn = await parts.degraded(message, look.draws);
      const parcels = (await look.draw())(drawn);
      const kept = await keepMessage(drawn, pictures);
      const key = await signingKey(db);
      const blocks = kept.blocks.map((block) =>
        block.type === 'pictures'
          ? {
              type: 'pictures',
              pictures: block.pictures.map(({ file, ...one }) => ({ ...one, url: pictureAddress(file, key, clock) })),
            }
          : block,
      );
      return {
        platform: name,
        message: asJson({ ...kept, blocks }),
        parcels: name === 'console' ? [] : asJson(parcels),
      };
    },
    rulesChanged: parts.rulesChanged,
    rehearse: (day) => parts.rehearse(day, operator.preview),
    async jobs() {
      const views = await scheduler.listJobs();
      return views.map((view) => ({
        ...view,
        last: view.last && runState(view.last),
        args: z.toJSONSchema(jobNamed(jobs, view.name).args, { io: 'input' }) as Record<string, unknown>,
      }));
    },
    async runs({ job, before, limit }) {
      const runs = await scheduler.listRuns({
        limit,
        ...(job && { name: job }),
        ...(before !== undefined && { before }),
      });
      return runs.map(runState);
    },
    dryRun: (name, args, { at }) => parts.dryRun({ name, args, at }),
    async runJob(name, args, { at }) {
      argumentsOf(jobNamed(jobs, name), args);
      const run = scheduler.runJob(name, args, at ? { at } : {});
      run.catch((error: unknown) => log.error({ err: error }, `job ${name} could not begin`));
      await Promise.race([run, new Promise((resolve) => setTimeout(resolve, AT_ONCE_MS))]);
    },
  };
  return operator;
}

/** As JSON, without what is undefined; bytes are named by their size. */
function asJson<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => {
      if (inner instanceof Uint8Array) return `(${inner.byteLength} bytes)`;
      const buffer = inner as { type?: unknown; data?: unknown } | null;
      return buffer?.type === 'Buffer' && Array.isArray(buffer.data) ? `(${buffer.data.length} bytes)` : inner;
    }),
  ) as T;
}
