import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { SetupError } from '../core/errors.ts';
import { yuan } from '../core/money.ts';
import {
  type Campaign,
  campaignsFrom,
  compare,
  computeFile,
  type Decision,
  decisionJson,
} from '../domains/rewards/index.ts';
import { packageRoot } from '../package-root.ts';
import { plainText } from '../render/plain.ts';
import { LOCAL_OPERATOR } from '../runtime/people/people.ts';
import { openRules } from '../runtime/rules.ts';
import { fileSource } from '../sources/files.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withApp } from './with-app.ts';

/** `fieldbell rewards …`: campaigns over contract files, without a database; and closing a period. */
export function rewardsCommands(program: Command, config: () => Config): void {
  const rewards = program.command('rewards').description('reward campaigns: over contract files, and closing a period');

  rewards
    .command('compute')
    .description('compute a campaign over a contract file; one JSON line per counted contract')
    .requiredOption('--campaign <key>', 'a campaign under rules/rewards, or a campaign file')
    .requiredOption('--contracts <file>', 'CSV or JSON lines')
    .option('--runs <n>', 'in so many runs over growing prefixes', '1')
    .option('--json', 'JSON lines (they are printed anyway)')
    .action(async (options: { campaign: string; contracts: string; runs: string }) => {
      const settings = config();
      const campaign = await campaignNamed(options.campaign, settings);
      const decisions = computeFile(campaign, fileSource(options.contracts), {
        zone: settings.zone,
        runs: wholeNumber(options.runs),
        onBad: sayBad,
      });
      for await (const decision of decisions) printJson(decisionJson(decision));
    });

  rewards
    .command('diff')
    .description('what-if: who would be paid what under another campaign')
    .requiredOption('--campaign <key>', 'a campaign or a campaign file')
    .requiredOption('--with <key>', 'the other one')
    .requiredOption('--contracts <file>', 'CSV or JSON lines')
    .option('--json', 'one JSON line per person, then the total')
    .action(async (options: { campaign: string; with: string; contracts: string; json?: boolean }) => {
      const settings = config();
      const decisionsOf = async (name: string) => {
        const campaign = await campaignNamed(name, settings);
        const decisions: Decision[] = [];
        const read = { zone: settings.zone, onBad: sayBad };
        for await (const decision of computeFile(campaign, fileSource(options.contracts), read))
          decisions.push(decision);
        return decisions;
      };
      const before = await decisionsOf(options.campaign);
      const after = await decisionsOf(options.with);
      const rows = compare(before, after);
      for (const row of rows) {
        if (options.json) printJson(row);
        else
          print(
            [row.person ?? 'total', yuan(row.beforeFen), yuan(row.afterFen), yuan(row.afterFen - row.beforeFen)].join(
              '\t',
            ),
          );
      }
    });

  closeCommand(rewards, config);
}

function closeCommand(rewards: Command, config: () => Config): void {
  rewards
    .command('close')
    .description('settle a period that is over a last time and lock it; later corrections are paid in the next')
    .requiredOption('--campaign <key>', 'which')
    .option('--json', 'as JSON, with what is to be paid to each person')
    .action((options: { campaign: string; json?: boolean }) =>
      withApp(config(), async (app) => {
        const call = { command: 'rewards.close', args: { campaign: options.campaign } };
        const { message, outcome } = await app.answer({ asker: LOCAL_OPERATOR, call, lang: 'en' });
        if (outcome !== 'done') process.exitCode = 1;
        if (options.json) printJson(message.data ?? message);
        else print(plainText(message, { clock: app.context.clock }));
      }),
    );
}

function sayBad({ line, reason }: { line: number; reason: string }): void {
  note(`line ${line}: ${reason}`);
  process.exitCode = 1;
}

/**
 * A campaign by its key, or from a file: there the first period, for all have the same rules. The key of a period of which
 * each month is a campaign names the first of them.
 */
async function campaignNamed(name: string, { variables, rulesFolder }: Config): Promise<Campaign> {
  const isFile = /\.ya?ml$/i.test(name);
  const rules = await openRules(rulesFolder ?? join(packageRoot(), 'rules'), variables);
  const documents = isFile ? [{ file: name, text: await textOf(name) }] : await rules.documents('rewards');
  const { campaigns, mistakes } = campaignsFrom(documents, await rules.documents('badges'));
  const monthly = (one: Campaign) => one.key.replace(/-\d{4}-\d{2}$/, '') === name;
  const campaign = isFile ? campaigns[0] : (campaigns.find((one) => one.key === name) ?? campaigns.find(monthly));
  if (campaign) return campaign;
  if (mistakes.length > 0) throw new SetupError('Campaign documents are wrong:', mistakes);
  throw new UsageError(`no campaign ${name}; there are: ${campaigns.map((one) => one.key).join(', ')}`);
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`cannot read ${file}`);
  });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`--runs ${text}: a whole number from 1`);
  return number;
}
