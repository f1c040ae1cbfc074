import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { sync } from '../runtime/sync.ts';
import { fileSource } from '../sources/files.ts';
import { mappedSource } from '../sources/mapped.ts';
import { columnMap } from './column-map.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withApp } from './with-app.ts';

/** `fieldbell import DATASET FILE`: rows of a file into the database. */
export function dataCommands(program: Command, config: () => Config): void {
  program
    .command('import')
    .description('import rows of a CSV or JSON-lines file; importing twice changes nothing')
    .argument('<dataset>', 'contracts, deliveries, calls, orders, violations …')
    .argument('<file>')
    .option('--campaign <key>', 'contracts: count them for this campaign, whatever their city and date')
    .option('--map <ours=theirs...>', 'columns with other names, e.g. id=Ticket openedAt="Opened at"')
    .option('--json', 'print the counts as JSON')
    .action((dataset: string, file: string, options: { campaign?: string; map?: string[]; json?: boolean }) =>
      withApp(config(), async (app) => {
        const feed = app.feeds.find((one) => one.dataset === dataset || one.name === dataset);
        if (!feed) {
          throw new UsageError(`no dataset ${dataset}; there are: ${app.feeds.map((one) => one.dataset).join(', ')}`);
        }
        if (options.campaign && feed.dataset !== 'contracts') throw new UsageError('--campaign is for contracts alone');
        if (options.campaign) await app.requireCampaign(options.campaign);
        const progress = process.stderr.isTTY ? (read: number) => process.stderr.write(`\r${read} rows`) : undefined;
        const result = await sync(app.context, feed, mappedSource(fileSource(file), columnMap(options.map ?? [])), {
          campaign: options.campaign,
          ...(progress && { progress }),
        });
        if (progress) process.stderr.write('\n');
        for (const { line, reason } of result.rejected) note(`line ${line}: ${reason}`);
        const { rejected, ...counts } = result;
        if (options.json) printJson({ ...counts, rejected: rejected.length });
        else
          print(
            [...Object.entries(counts), ['rejected', rejected.length]].map(([name, n]) => `${name} ${n}`).join('  '),
          );
        if (rejected.length > 0) process.exitCode = 1;
      }),
    );
}
