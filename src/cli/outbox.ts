import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { textMessage } from '../core/message.ts';
import { LETTER_STATES } from '../core/outbox.ts';
import { maskAddress } from '../core/platform.ts';
import { instantOf, isDay, localMinute } from '../core/time.ts';
import { resend } from '../runtime/outbox/resend.ts';
import { type LetterRow, letterByKey, listLetters } from '../runtime/outbox/store.ts';
import type { Database } from '../store/db.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withApp } from './with-app.ts';

/** `fieldbell outbox …`: the delivery log. */
export function outboxCommands(program: Command, config: () => Config): void {
  const outbox = program
    .command('outbox')
    .description('the delivery log: letters, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(LETTER_STATES))
    .option('--limit <n>', 'how many at most', '50')
    .option('--json', 'one JSON line per letter')
    .action((options: { state?: string; limit: string; json?: boolean }) =>
      withApp(config(), async (app) => {
        const letters = await listLetters(app.context.db, options.state, positive(options.limit));
        for (const letter of letters) {
          if (options.json) printJson(letterJson(letter));
          else print(letterLine(letter, app.context.clock.zone));
        }
        if (letters.length === 0) note('no letters');
      }),
    );

  outbox
    .command('post')
    .description('put a text into the outbox; returns when it is durable')
    .requiredOption('--key <key>', 'names the event; a key is sent once, for ever')
    .requiredOption('--to <address>', 'an address, channel:NAME, person:ID or housekeeper:ID')
    .requiredOption('--text <text>', 'what to say')
    .addOption(new Option('--class <class>', 'of the letter').choices(['notice', 'broadcast']).default('notice'))
    .action((options: { key: string; to: string; text: string; class: 'notice' | 'broadcast' }) =>
      withApp(config(), async (app) => {
        if (!/^[a-z-]+:.+/.test(options.to)) throw new UsageError(`--to ${options.to}: an address is SCHEME:REST`);
        const { key, to } = options;
        print(await app.context.outbox.post({ key, to, message: textMessage(options.text), class: options.class }));
      }),
    );

  outbox
    .command('resend')
    .description(
      'send letters again, by key, or all that fit what is given: dead, doubtful and held ones unless --state',
    )
    .argument('[key]')
    .option('--channel <name>', 'only letters to this channel')
    .option('--since <instant>', 'only letters posted at or after it, e.g. 2026-11-20T18:00 (house time)')
    .option('--until <instant>', 'only letters posted before it')
    .addOption(new Option('--state <state>', 'only letters in this state').choices(RESENT))
    .action((key: string | undefined, options: ResendOptions) =>
      withApp(config(), async (app) => {
        const { db, clock } = app.context;
        if (key === undefined && !options.channel && !options.since && !options.until) {
          throw new UsageError('say which: a key, --channel, --since or --until');
        }
        if (key !== undefined) await sendable(db, key);
        const states = options.state ? [options.state] : key !== undefined ? RESENT : ['dead', 'doubtful', 'held'];
        const since = options.since === undefined ? undefined : instant(options.since, clock.zone);
        const until = options.until === undefined ? undefined : instant(options.until, clock.zone);
        const to = options.channel === undefined ? undefined : `channel:${options.channel}`;
        const count = await resend(app.context, { key, to, since, until, states });
        print(key !== undefined && count === 1 ? 'queued' : `${count} queued`);
      }),
    );

  outbox
    .command('stats')
    .description('how many letters are in which state, and when the last one that waits will be out')
    .option('--json', 'print as JSON')
    .action((options: { json?: boolean }) =>
      withApp(config(), async (app) => {
        const stats = await app.dispatcher.forecast();
        if (options.json) return printJson(stats);
        const { eta, byDestination, ...counts } = stats;
        const { zone } = app.context.clock;
        for (const [state, count] of Object.entries(counts)) print(`${state.padEnd(9)} ${count}`);
        if (eta) print(`the last one will be out at ${localMinute(eta, zone)}`);
        for (const one of byDestination) {
          print(`  ${one.to.padEnd(32)} ${String(one.waiting).padStart(6)}  until ${localMinute(one.eta, zone)}`);
        }
      }),
    );
}

/** What can be sent again: not what waits, or is under way. */
const RESENT = LETTER_STATES.filter((state) => state !== 'queued' && state !== 'sending');

interface ResendOptions {
  channel?: string;
  since?: string;
  until?: string;
  state?: string;
}

async function sendable(db: Database, key: string): Promise<void> {
  const letter = await letterByKey(db, key);
  if (!letter) throw new UsageError(`no letter has the key ${key}`);
  if (letter.state === 'sending') throw new UsageError('it is being sent right now');
  if (letter.state === 'queued') throw new UsageError('it waits to be sent already');
}

/** An instant with its offset, or a time of the house. */
function instant(text: string, zone: string): Date {
  const [, day = '', time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text) ?? [];
  if (isDay(day)) return instantOf(day, time, zone);
  const at = new Date(text);
  if (!/(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(at.getTime())) {
    throw new UsageError(`${text}: an instant is YYYY-MM-DD, YYYY-MM-DDTHH:MM or ISO 8601 with its offset`);
  }
  return at;
}

function letterJson({ message, to, sentTo, address, ...letter }: LetterRow) {
  return {
    ...letter,
    to: maskAddress(to),
    address: address && maskAddress(address),
    sentTo: sentTo && maskAddress(sentTo),
    message: JSON.parse(message) as unknown,
  };
}

function letterLine(letter: LetterRow, zone: string): string {
  const at = localMinute(letter.sentAt ?? letter.createdAt, zone);
  const reason = letter.reason ? `  (${letter.reason})` : '';
  return `${at}  ${letter.state.padEnd(9)} ${maskAddress(letter.sentTo ?? letter.to)}  ${letter.key}${reason}`;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`--limit ${text}: a whole number from 1`);
  return number;
}
