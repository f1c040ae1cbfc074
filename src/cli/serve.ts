import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { note, print, printJson, withApp } from './with-app.ts';

/** `serve`, `migrate`, `sample remove`, `doctor`. */
export function serveCommands(program: Command, config: () => Config): void {
  program
    .command('serve')
    .description('run everything: what npm start does')
    .action(async () => {
      const { serve } = await import('../serve.ts');
      await serve(config());
    });

  program
    .command('migrate')
    .description('bring the database to the form that this version needs')
    .action(async () => {
      const { applied } = await migrate(config().databaseUrl);
      print(applied.length === 0 ? 'nothing to do' : applied.map((name) => `applied ${name}`).join('\n'));
    });

  program
    .command('sample')
    .description('the sample workspace')
    .command('remove')
    .description('remove the sample people, contracts, drivers, calls and messages')
    .action(() =>
      withApp(config(), async (app) => {
        await app.sample.remove();
        note(
          'The sample workspace is removed; it does not come back. A running Fieldbell shows it until it is restarted.',
        );
      }),
    );

  program
    .command('doctor')
    .description('check settings, rules, database and platforms')
    .option('--json', 'print as JSON')
    .action((options: { json?: boolean }) =>
      withApp(config(), async (app) => {
        const parts = await app.ready();
        if (Object.values(parts).some((state) => state !== 'ok' && !state.startsWith('off'))) process.exitCode = 1;
        if (options.json) return printJson(parts);
        for (const [part, state] of Object.entries(parts)) print(`${part.padEnd(14)} ${state}`);
      }),
    );
}
