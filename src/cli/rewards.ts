import { basename } from 'node:path';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import type { Call } from '../core/message.ts';
import { yuan } from '../core/money.ts';
import {
  campaignsFrom,
  compare,
  computeFile,
  type Decision,
  decisionJson,
  readCampaigns,
  totalOf,
} from '../domains/rewards/index.ts';
import { plainText } from '../render/plain.ts';
import { LOCAL_OPERATOR } from '../runtime/people/people.ts';
import { fileSource } from '../sources/files.ts';
import { campaignNamed, textOf } from './campaign-named.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withApp } from './with-app.ts';

const FILES = 'take the rules from the files, also where another edition is published in the database';

/** `fieldbell rewards …`: campaigns over contract files, without a database; and closing a period. */
export function rewardsCommands(program: Command, config: () => Config): void {
  const rewards = program.command('rewards').description('reward campaigns: over contract files, and closing a period');

  rewards
    .command('compute')
    .description('compute a campaign over a contract file; one JSON line per counted contract')
    .requiredOption('--campaign <key>', 'a campaign under rules/rewards, or a campaign file')
    .requiredOption('--contracts <file>', 'CSV or JSON lines')
    .option('--runs <n>', 'in so many runs over growing prefixes', '1')
    .option('--files', FILES)
    .option('--json', 'JSON lines (they are printed anyway)')
    .action(async (options: { campaign: string; contracts: string; runs: string; files?: boolean }) => {
      const settings = config();
      const campaign = await campaignNamed(options.campaign, settings, { files: options.files, note });
      const decisions = computeFile(campaign, fileSource(options.contracts), {
        zone: settings.zone,
        runs: wholeNumber(options.runs),
        onBad: sayBad,
      });
      for await (const decision of decisions) printJson(decisionJson(decision));
    });

  diffCommand(rewards, config);
  closeCommand(rewards, config);
}

interface DiffOptions {
  campaign?: string;
  with: string;
  contracts?: string;
  budget?: string;
  files?: boolean;
  json?: boolean;
}

function diffCommand(rewards: Command, config: () => Config): void {
  rewards
    .command('diff')
    .description('what-if: who would be paid what under another campaign, over a file or over the stored months')
    .requiredOption('--with <key>', 'the other campaign, or a campaign file')
    .option(
      '--campaign <key>',
      'the campaign that it is compared with; of stored months: which are replayed, by commas',
    )
    .option('--contracts <file>', 'CSV or JSON lines; default: the stored contracts')
    .option('--budget <yuan>', 'what a month may cost')
    .option('--files', `with --contracts: ${FILES}`)
    .option('--json', 'JSON lines: one per person, then the total; of stored months one object')
    .action((options: DiffOptions) =>
      options.contracts === undefined ? diffStored(options, config()) : diffFile(options, options.contracts, config()),
    );
}

/** Over a contract file: one row a person, then the total. */
async function diffFile(options: DiffOptions, contracts: string, settings: Config): Promise<void> {
  if (!options.campaign) throw new UsageError('--campaign KEY: what is it compared with?');
  const decisionsOf = async (name: string) => {
    const campaign = await campaignNamed(name, settings, { files: options.files, note });
    const decisions: Decision[] = [];
    const read = { zone: settings.zone, onBad: sayBad };
    for await (const decision of computeFile(campaign, fileSource(contracts), read)) decisions.push(decision);
    return decisions;
  };
  const rows = compare(await decisionsOf(options.campaign), await decisionsOf(options.with));
  for (const row of [...rows, { person: null, ...totalOf(rows) }]) {
    if (options.json) printJson(row);
    else {
      const money = [row.beforeFen, row.afterFen, row.afterFen - row.beforeFen].map((fen) => yuan(fen));
      print([row.person ?? 'total', ...money].join('\t'));
    }
  }
}

/** Over the stored months, with what its author may not have meant. */
async function diffStored({ campaign, with: file, budget, json }: DiffOptions, settings: Config): Promise<void> {
  if (!/\.ya?ml$/i.test(file)) throw new UsageError('--with FILE.yaml, or --contracts FILE to compare over a file');
  const text = await textOf(file);
  const months = { ...(campaign && { months: campaign.split(',') }), ...(budget && { budget: Number(budget) }) };
  await withApp(settings, async (app) => {
    const args = { document: await documentOf(app, file, text), text, ...months };
    await askOperator(app, { command: 'rewards.diff', args }, json);
  });
}

/** The document in whose place a draft is tried: the one that has its campaigns, wherever the file lies; else a new one. */
async function documentOf({ context }: App, file: string, text: string): Promise<string> {
  const { campaigns: drafted } = campaignsFrom([{ file, text }], await context.rules.documents('badges'));
  const { campaigns } = await readCampaigns(context);
  const same = campaigns.find(({ key }) => drafted.some((one) => one.key === key));
  return same?.file ?? `rules/rewards/${basename(file)}`;
}

async function askOperator(app: App, call: Call, json: boolean | undefined): Promise<void> {
  const { message, outcome } = await app.answer({ asker: LOCAL_OPERATOR, call, lang: 'en' });
  if (outcome !== 'done' || message.tone === 'bad') process.exitCode = 1;
  if (json) printJson(message.data ?? message);
  else print(plainText(message, { clock: app.context.clock }));
}

function closeCommand(rewards: Command, config: () => Config): void {
  rewards
    .command('close')
    .description('settle a period that is over a last time and lock it; later corrections are paid in the next')
    .requiredOption('--campaign <key>', 'which')
    .option('--json', 'as JSON, with what is to be paid to each person')
    .action((options: { campaign: string; json?: boolean }) =>
      withApp(config(), (app) =>
        askOperator(app, { command: 'rewards.close', args: { campaign: options.campaign } }, options.json),
      ),
    );
}

function sayBad({ line, reason }: { line: number; reason: string }): void {
  note(`line ${line}: ${reason}`);
  process.exitCode = 1;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`--runs ${text}: a whole number from 1`);
  return number;
}
