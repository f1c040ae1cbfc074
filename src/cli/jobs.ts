import type { Command } from 'commander';
import type { Config } from '../config.ts';
import type { DryRun } from '../core/operator.ts';
import { localMinute } from '../core/time.ts';
import type { Run } from '../runtime/jobs/run.ts';
import { UsageError } from './errors.ts';
import { print, printJson, withApp } from './with-app.ts';

/** `fieldbell jobs`: lists; `fieldbell jobs run NAME`: runs one by hand. */
export function jobCommands(program: Command, config: () => Config): void {
  const jobs = program
    .command('jobs')
    .description('jobs, when they run next, and how they ran last')
    .option('--json', 'one JSON line per job')
    .action((options: { json?: boolean }) =>
      withApp(config(), async (app) => {
        const zone = app.context.clock.zone;
        for (const job of await app.scheduler.listJobs()) {
          if (options.json) {
            printJson({ ...job, summary: job.summary['en'] });
            continue;
          }
          const next = job.next ? `next ${localMinute(job.next, zone)}` : 'by hand';
          print(
            `${job.name.padEnd(18)} ${(job.cron ?? '-').padEnd(14)} ${next}  ${job.last ? runLine(job.last, zone) : 'never ran'}`,
          );
          print(`${' '.repeat(19)}${job.summary['en']}`);
        }
      }),
    );

  jobs
    .command('runs')
    .description('what ran, newest first')
    .argument('[name]')
    .option('--json', 'one JSON line per run')
    .action((name: string | undefined, options: { json?: boolean }) =>
      withApp(config(), async (app) => {
        for (const run of await app.scheduler.listRuns(name ? { name } : {})) {
          if (options.json) printJson(run);
          else print(`${String(run.id).padStart(5)}  ${run.name.padEnd(18)} ${runLine(run, app.context.clock.zone)}`);
        }
      }),
    );

  jobs
    .command('run')
    .description('run a job now, in a worker thread; further options are its arguments: --campaign KEY --announce')
    .argument('<name>')
    .option('--at <instant>', 'as if the clock stood there: 2025-10-17T09:30:00+08:00')
    .option('--dry-run', 'print what would be said to whom; nothing is sent and nothing changes')
    .option('--json', 'print a dry run as JSON')
    .allowUnknownOption()
    .allowExcessArguments()
    .action((name: string, options: { at?: string; dryRun?: boolean; json?: boolean }, command: Command) =>
      withApp(config(), async (app) => {
        const at = options.at ? new Date(options.at) : undefined;
        if (at && Number.isNaN(at.getTime())) {
          throw new UsageError(`--at ${options.at}: an instant such as 2025-10-17T09:30:00+08:00`);
        }
        if (options.dryRun) {
          await app.sample.resume();
          const dry = await app.dryRun(name, jobArguments(command.args.slice(1)), at);
          if (options.json) printJson(dry);
          else print(dryRunText(dry));
          if (dry.outcome.state !== 'done') process.exitCode = 1;
          return;
        }
        const run = await app.scheduler.runJob(name, jobArguments(command.args.slice(1)), at ? { at } : {});
        printJson(run);
        if (run.state !== 'done') process.exitCode = 1;
      }),
    );
}

function dryRunText({ letters, outcome }: DryRun): string {
  const said = letters.map(({ to, recipient, text, ...letter }) =>
    [`── ${to === recipient ? to : `${to} · ${recipient}`} · ${letter.class} · ${letter.key}`, text].join('\n'),
  );
  const counts = Object.entries(outcome.counts ?? {}).map(([what, count]) => `${what} ${count}`);
  const end = [outcome.state, ...counts, ...(outcome.error ? [outcome.error] : [])].join('  ');
  return [...said, `${letters.length} ${letters.length === 1 ? 'letter' : 'letters'}, none sent  ${end}`].join('\n\n');
}

/** `--campaign BJ-2025-10 --announce` → `{ campaign: 'BJ-2025-10', announce: true }`. */
function jobArguments(words: string[]): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (let at = 0; at < words.length; at++) {
    const [, name, inline] = /^--([a-z][\w-]*)(?:=(.*))?$/i.exec(words[at] ?? '') ?? [];
    if (!name) throw new UsageError(`${words[at]}: arguments of a job are --name value`);
    const next = words[at + 1];
    if (inline !== undefined) args[name] = inline;
    else if (next === undefined || next.startsWith('--')) args[name] = true;
    else {
      args[name] = next;
      at++;
    }
  }
  return args;
}

function runLine(run: Run, zone: string): string {
  const counts = Object.entries(run.counts ?? {}).map(([what, count]) => `${what} ${count}`);
  return [localMinute(run.startedAt, zone), run.state, run.trigger, ...counts, ...(run.error ? [run.error] : [])].join(
    '  ',
  );
}
