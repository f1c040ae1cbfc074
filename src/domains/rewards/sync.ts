import type { Context } from '../../core/context.ts';
import { RowError, SetupError, told, UpstreamError } from '../../core/errors.ts';
import { textMessage } from '../../core/message.ts';
import { type CardAnswer, requireReadable } from '../../core/metabase.ts';
import type { Sync, SyncReport } from '../../core/source.ts';
import { addMonths, type Day, monthOf, today } from '../../core/time.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { readContractRow } from './contract-row.ts';
import { saveContracts } from './contracts/store.ts';
import type { ContractRow } from './model.ts';
import { withdrawMissing } from './withdraw.ts';

/** Until this day of a month the one before is asked for, too: contracts are entered late and corrected. */
const MONTH_CLOSES = 10;
/** An answer of fewer rows than this part of the one before is taken for a fault of the upstream. */
const LEAST_PART = 0.5;

/** Contracts from the Metabase cards of `rules/metabase.yaml`. An answer is taken as a whole or not at all. */
export const contractsSync: Sync = {
  feed: 'rewards.contracts',
  summary: 'Contracts from Metabase: this month, and the last until its 10th day',
  async run(context, { days = dueDays(context), progress }) {
    const { metabase } = context.sources;
    if (!metabase) {
      throw new SetupError(
        'Metabase is off: set METABASE_URL and METABASE_API_KEY, or METABASE_USERNAME and _PASSWORD',
      );
    }
    const answers = await metabase.answers('rewards.contracts', { days, signal: context.signal, progress });
    // All answers are looked at before the first is taken.
    const checked = [];
    for (const answer of answers) checked.push(await check(context, answer));
    const report: SyncReport = {
      counts: { read: 0, added: 0, changed: 0, unchanged: 0, repeated: 0, rejected: 0 },
      completeness: 'complete',
      problems: [],
    };
    for (const { answer, name } of checked) await take(context, answer, name, report);
    if (report.problems.length > 0) report.completeness = 'partial';
    return report;
  },
};

function dueDays({ clock }: Context): { from: Day; to: Day } {
  const to = today(clock);
  const month = Number(to.slice(8)) <= MONTH_CLOSES ? addMonths(monthOf(to), -1) : monthOf(to);
  return { from: `${month}-01`, to };
}

/**
 * An empty or shrunken answer is more likely a fault than the truth.
 * @throws UpstreamError where it is, once somebody was told
 */
async function check(context: Context, answer: CardAnswer): Promise<{ answer: CardAnswer; name: string }> {
  const span = answer.days ? answer.days.from : monthOf(today(context.clock));
  const name = `rewards.contracts/${answer.card}/${span}`;
  const before = Number((await readSetting(context.db, name)) ?? 0);
  const now = answer.rows.length;
  if (now >= before * LEAST_PART) return { answer, name };
  const said = `card ${answer.card} answers ${now} contracts after ${before}: nothing was changed`;
  await context.outbox.post({
    key: `rewards/contracts/shrunken/${answer.card}/${today(context.clock)}`,
    to: 'channel:admins',
    class: 'notice',
    message: textMessage(
      `合同数据异常：Metabase 卡片 ${answer.card} 只返回 ${now} 份合同，上次是 ${before} 份。没有改动任何数据，请检查上游。`,
    ),
  });
  throw told(new UpstreamError(said));
}

async function take(context: Context, answer: CardAnswer, name: string, report: SyncReport): Promise<void> {
  const rows = new Map<string, ContractRow>();
  const { counts, problems } = report;
  const before = problems.length;
  const count = (key: string, more: number) => {
    counts[key] = (counts[key] ?? 0) + more;
  };
  for (const { line, values } of answer.rows) {
    try {
      const row = readContractRow(values, context.clock.zone);
      if (rows.has(row.id)) count('repeated', 1);
      else rows.set(row.id, row);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      count('rejected', 1);
      problems.push(`card ${answer.card} row ${line}: ${error.message}`);
    }
  }
  requireReadable(answer, problems.slice(before));
  const source = `Metabase ${answer.card}`;
  const saved = await saveContracts(context, [...rows.values()], {
    campaign: answer.campaign,
    source,
    sample: false,
    completeness: problems.length > before ? 'partial' : 'complete',
  });
  for (const [key, value] of Object.entries(saved)) count(key, value);
  // Of a row that cannot be read it is not known which contract it is: then nothing is missing for sure.
  if (problems.length === before) count('withdrawn', await withdrawn(context, source, answer, [...rows.values()]));
  count('read', answer.rows.length);
  await writeSetting(context.db, name, String(answer.rows.length));
  for (const note of answer.notes) context.log.info({ feed: 'rewards.contracts' }, note);
}

/**
 * Withdraws what the card gave before and no longer holds, within the cities and the signing days that it answers for;
 * where nobody asked for days, those between the first and the last that it gives.
 */
async function withdrawn(context: Context, source: string, { days }: CardAnswer, rows: readonly ContractRow[]) {
  const signed = rows.flatMap(({ signedDay }) => signedDay ?? []).toSorted();
  const [from, to] = [days?.from ?? signed[0], days?.to ?? signed.at(-1)];
  const provinces = [...new Set(rows.flatMap(({ province }) => province ?? []))];
  if (!from || !to || provinces.length === 0) return 0;
  const ids = new Set(rows.map(({ id }) => id));
  return (await withdrawMissing(context, { source, ids, from, to, provinces })).withdrawn;
}
