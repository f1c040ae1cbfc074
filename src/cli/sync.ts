import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { isDay } from '../core/time.ts';
import { domains } from '../domains/index.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withContext } from './with-app.ts';

/** `fieldbell sync FEED`: brings a feed up to date from its upstream, now. */
export function syncCommands(program: Command, config: () => Config): void {
  const syncs = domains.flatMap((domain) => domain.syncs ?? []);
  program
    .command('sync')
    .description('bring a feed up to date from its upstream; without FEED, the feeds are listed')
    .argument('[feed]')
    .option('--from <day>', 'first day, YYYY-MM-DD')
    .option('--to <day>', 'last day; default: the first')
    .option('--json', 'print the report as JSON')
    .action((feed: string | undefined, options: { from?: string; to?: string; json?: boolean }) => {
      if (feed === undefined) {
        for (const one of syncs) print(`${one.feed.padEnd(20)} ${one.summary}`);
        return;
      }
      const sync = syncs.find((one) => one.feed === feed);
      if (!sync) throw new UsageError(`no feed ${feed}; there are: ${syncs.map((one) => one.feed).join(', ')}`);
      const days = daysOf(options);
      return withContext(config(), async (context) => {
        const progress = process.stderr.isTTY ? (line: string) => process.stderr.write(`\r\x1b[K${line}`) : undefined;
        const report = await sync.run(context, { days, trigger: 'hand', progress });
        if (progress) process.stderr.write('\n');
        for (const problem of report.problems) note(problem);
        if (options.json) printJson(report);
        else {
          const counts = Object.entries(report.counts).map(([name, count]) => `${name} ${count}`);
          print([...counts, report.completeness].join('  '));
        }
        if (report.completeness !== 'complete' || report.problems.length > 0) process.exitCode = 1;
      });
    });
}

function daysOf({ from, to = from }: { from?: string; to?: string }): { from: string; to: string } | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) throw new UsageError('--to needs --from');
  for (const day of [from, to]) if (!isDay(day)) throw new UsageError(`${day}: a day such as 2025-10-17`);
  if (to < from) throw new UsageError('--to is before --from');
  return { from, to };
}
