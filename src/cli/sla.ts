import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { RowError } from '../core/errors.ts';
import { momentOf } from '../core/moment.ts';
import { localMinute, systemClock } from '../core/time.ts';
import {
  type Checked,
  type ComputedLevel,
  checkOrders,
  compareVerdicts,
  type Difference,
  levelsFrom,
  type OrderRow,
  readOrder,
} from '../domains/sla/index.ts';
import { packageRoot } from '../package-root.ts';
import { openRules } from '../runtime/rules.ts';
import { fileSource } from '../sources/files.ts';
import { mappedSource } from '../sources/mapped.ts';
import { columnMap } from './column-map.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson } from './with-app.ts';

interface CheckOptions {
  orders: string;
  level?: string;
  map?: string[];
  expect?: string;
  at?: string;
  json?: boolean;
}

/** `fieldbell sla check`: judges a file of work orders by levels, without a database. */
export function slaCommands(program: Command, config: () => Config): void {
  const sla = program.command('sla').description('service levels: over a file of work orders');
  sla
    .command('check')
    .description('judge the work orders of a file by service levels; nothing is kept')
    .requiredOption('--orders <file>', 'CSV or JSON lines: one row an order, or one row a change of its state')
    .option('--level <rule>', 'a level of rules/sla.yaml, or a .yaml file with levels; default: all of rules/sla.yaml')
    .option('--map <ours=theirs...>', 'columns with other names, e.g. id=Ticket openedAt="Opened at"')
    .option('--expect <column>', 'the column in which the file itself says whether the level was met (true or false)')
    .option('--at <time>', 'judge what is open as of this time; default: now')
    .option('--json', 'one JSON line an order and level, and one of the sums')
    .action((options: CheckOptions) => check(options, config()));
}

async function check(options: CheckOptions, settings: Config): Promise<void> {
  const levels = await levelsNamed(options.level, settings);
  const at = options.at === undefined ? systemClock(settings.zone).now() : momentOf(options.at, settings.zone);
  if (!at) throw new UsageError(`--at ${options.at}: a time such as 2025-10-17 09:00`);
  const { rows, verdicts, read, rejected } = await readFileOf(options, settings.zone);
  const checked = checkOrders(rows, levels, at);
  const compared = options.expect === undefined ? null : compareVerdicts(checked, verdicts);
  if (options.json) for (const one of checked) printJson(asJson(one));
  const sums = levels.map((level) => sumOf(level, checked));
  const orders = new Set(rows.map(({ id }) => id)).size;
  const judged = new Set(checked.map(({ order }) => order.id)).size;
  if (options.json) {
    printJson({ file: basename(options.orders), rows: read, rejected, orders, judged, levels: sums, compared });
    return;
  }
  print(`${basename(options.orders)}  rows ${read}  rejected ${rejected}  orders ${orders}  judged ${judged}`);
  for (const { level, ...counts } of sums) {
    print([level.padEnd(20), ...Object.entries(counts).map(([name, count]) => `${name} ${count}`)].join('  '));
  }
  if (!compared) return;
  const same = compared.compared - compared.differences.length;
  const share = compared.compared === 0 ? 0 : (same / compared.compared) * 100;
  print(`${options.expect}  agree ${same} of ${compared.compared} (${share.toFixed(1)} %)`);
  for (const one of compared.differences) print(differenceLine(one, settings.zone));
}

/** Rows that can be read; what is wrong with the others is noted with their line. */
async function readFileOf({ orders, map = [], expect }: CheckOptions, zone: string) {
  const source = mappedSource(fileSource(orders), columnMap(map));
  const rows: OrderRow[] = [];
  const verdicts = new Map<string, boolean>();
  let [read, rejected] = [0, 0];
  const refuse = (line: number, reason: string) => {
    rejected++;
    note(`line ${line}: ${reason}`);
  };
  for await (const page of source.snapshot(new AbortController().signal)) {
    for (const { line, reason } of page.bad ?? []) refuse(line, reason);
    read += page.rows.length + (page.bad?.length ?? 0);
    for (const { line, values } of page.rows) {
      try {
        const row = readOrder(values, zone);
        rows.push(row);
        if (expect === undefined) continue;
        if (!(expect in values))
          throw new UsageError(`--expect ${expect}: the file has ${Object.keys(values).join(', ')}`);
        const verdict = verdictOf(values[expect]);
        // The last row of an order has the last word.
        if (verdict !== null) verdicts.set(row.id, verdict);
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        refuse(line, error.message);
      }
    }
  }
  return { rows, verdicts, read, rejected };
}

function verdictOf(value: unknown): boolean | null {
  const text = String(value ?? '').trim();
  if (/^(?:true|t|yes|y|1|met|是|达标)$/i.test(text)) return true;
  return /^(?:false|f|no|n|0|missed|late|否|超时)$/i.test(text) ? false : null;
}

async function levelsNamed(name: string | undefined, settings: Config): Promise<ComputedLevel[]> {
  const isFile = name !== undefined && /\.ya?ml$/i.test(name);
  const rules = await openRules(settings.rulesFolder ?? join(packageRoot(), 'rules'), settings.variables);
  const documents = isFile ? [{ file: name, text: await textOf(name) }] : await rules.documents('sla');
  const levels = levelsFrom(documents, settings.zone);
  const wanted = isFile || name === undefined ? levels : levels.filter((one) => one.name === name);
  if (wanted.length > 0) return wanted;
  throw new UsageError(`no level ${name ?? ''}; there are: ${levels.map((one) => one.name).join(', ')}`);
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`cannot read ${file}`);
  });
}

function sumOf(level: ComputedLevel, checked: readonly Checked[]) {
  const own = checked.filter((one) => one.level === level).map(({ evaluation }) => evaluation);
  const count = (outcome: string) => own.filter((one) => one.outcome === outcome).length;
  return {
    level: level.name,
    orders: own.length,
    met: count('met'),
    late: own.filter((one) => one.outcome === 'breached' && one.stoppedAt).length,
    'late and open': own.filter((one) => one.outcome === 'breached' && !one.stoppedAt).length,
    running: count('running') + count('paused'),
    waiting: count('waiting'),
  };
}

function asJson({ order, level, evaluation }: Checked) {
  return { order: order.id, level: level.name, priority: order.priority, type: order.type, ...evaluation };
}

function differenceLine({ order, theirs, ours, by }: Difference, zone: string): string {
  const { startedAt, stoppedAt, dueAt, spentMs } = by.evaluation;
  const time = (at: Date | null) => (at ? localMinute(at, zone) : '-');
  const parts = [`started ${time(startedAt)}`, `stopped ${time(stoppedAt)}`, `due ${time(dueAt)}`];
  const spent = `${Math.floor(spentMs / 3_600_000)} h ${Math.floor(spentMs / 60_000) % 60} min`;
  return `  ${order}  theirs ${theirs}, ours ${ours}  ${by.level.name}  ${parts.join(', ')}, counted ${spent}`;
}
