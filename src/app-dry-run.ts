import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobs } from '../jobs/index.ts';
import type { Config } from './config.ts';
import { openContext } from './context.ts';
import type { Context } from './core/context.ts';
import { Message } from './core/message.ts';
import type { DryRun } from './core/operator.ts';
import { restOf, schemeOf } from './core/platform.ts';
import type { SmartSheets } from './core/smartsheet.ts';
import { fixedClock } from './core/time.ts';
import { plainText } from './render/plain.ts';
import { attempt } from './runtime/jobs/attempt.ts';
import { argumentsOf, jobNamed } from './runtime/jobs/declared.ts';
import { lettersAfter, newestLetter } from './runtime/outbox/log/store.ts';
import { openPeople, type People } from './runtime/people/people.ts';
import { copyDatabase } from './store/copy.ts';
import { openDatabase } from './store/db.ts';

/**
 * Runs a job on a copy of the database that is thrown away. Upstreams are asked as ever; nothing is sent and nothing of
 * ours changes.
 * @throws AskerError where there is no such job, or its arguments are wrong
 */
export async function dryRun(
  wanted: { name: string; args: Record<string, unknown>; at?: Date | undefined },
  { config, context, sampleShown }: { config: Config; context: Context; sampleShown: boolean },
): Promise<DryRun> {
  const job = jobNamed(jobs, wanted.name);
  const args = argumentsOf(job, wanted.args);
  const folder = await mkdtemp(join(tmpdir(), 'fieldbell-dry-run-'));
  const file = join(folder, 'copy.db');
  await copyDatabase(context.db, file);
  const db = openDatabase(`file:${file}`);
  try {
    const clock = wanted.at ? fixedClock(context.clock.zone, wanted.at) : context.clock;
    const copy = await openContext(config, { db, clock, log: context.log, signal: context.signal });
    copy.rules.showSample(sampleShown);
    const before = await newestLetter(db);
    const letters: DryRun['letters'] = [];
    const sheets = copy.sources.sheets && recorded(copy.sources.sheets, letters);
    const outcome = await attempt(job, { ...copy, sources: { ...copy.sources, ...(sheets && { sheets }) } }, args);
    const people = openPeople(db, clock);
    for (const { key, to, class: kind, message } of await lettersAfter(db, before)) {
      letters.push({
        ...{ key, to, class: kind },
        recipient: await recipientOf(to, people, copy),
        text: plainText(Message.parse(JSON.parse(message)), { clock }),
      });
    }
    return { outcome, letters };
  } finally {
    await db.$disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tables that write down what they would be given. */
function recorded(sheets: SmartSheets, letters: DryRun['letters']): SmartSheets {
  const note = (webhook: string, kind: string, value: unknown) => {
    const to = `table:${webhook}`;
    letters.push({ key: `${to}/${letters.length + 1}`, to, recipient: to, class: kind, text: JSON.stringify(value) });
  };
  return {
    has: (webhook) => sheets.has(webhook),
    async append(webhook, _schema, rows) {
      for (const row of rows) note(webhook, 'add', row);
      return rows.map(() => null);
    },
    async update(webhook, _schema, rows) {
      for (const row of rows) note(webhook, 'update', row);
    },
  };
}

/** Whom people would say it goes to; a channel that is not there, or a person who is not linked, says so. */
async function recipientOf(to: string, people: People, { rules }: Pick<Context, 'rules'>): Promise<string> {
  const [scheme, rest] = [schemeOf(to), restOf(to)];
  if (scheme === 'channel') return rules.channel(rest)?.title ?? `${rest} (no such channel: held)`;
  if (scheme === 'person') return (await people.byId(rest))?.name ?? `${rest} (not known: held)`;
  return to;
}
