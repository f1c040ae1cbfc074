import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { textMessage } from '../core/message.ts';
import { LETTER_STATES } from '../core/outbox.ts';
import { maskAddress } from '../core/platform.ts';
import { localMinute } from '../core/time.ts';
import { change, countByState, type LetterRow, letterByKey, listLetters } from '../runtime/outbox/store.ts';
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
    .description('send a letter again: dead, doubtful, expired, or sent')
    .argument('<key>')
    .action((key: string) =>
      withApp(config(), async (app) => {
        const letter = await letterByKey(app.context.db, key);
        if (!letter) throw new UsageError(`no letter has the key ${key}`);
        if (letter.state === 'sending') throw new UsageError('it is being sent right now');
        await change(app.context.db, letter.seq, {
          state: 'queued',
          reason: `sent again by hand (was ${letter.state})`,
          attempts: 0,
          partsSent: 0,
          notBefore: app.context.clock.now(),
        });
        print('queued');
      }),
    );

  outbox
    .command('stats')
    .description('how many letters are in which state')
    .option('--json', 'print as JSON')
    .action((options: { json?: boolean }) =>
      withApp(config(), async (app) => {
        const counted = await countByState(app.context.db);
        const stats = Object.fromEntries(LETTER_STATES.map((state) => [state, counted[state] ?? 0]));
        if (options.json) return printJson(stats);
        for (const [state, count] of Object.entries(stats)) print(`${state.padEnd(9)} ${count}`);
      }),
    );
}

function letterJson({ message, to, sentTo, ...letter }: LetterRow) {
  return {
    ...letter,
    to: maskAddress(to),
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
