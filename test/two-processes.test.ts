import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutbox } from '../src/runtime/outbox/outbox.ts';
import { openDatabase } from '../src/store/db.ts';
import { startWecomBotEmulator } from './emulators/wecom-bot.ts';

const ROOT = join(import.meta.dirname, '..');
const BOT = { botId: 'bot-1', secret: 'bot-secret' };

/** The built service, twice, on one database. */
describe('two processes on one database', () => {
  let folder: string;
  let emulator: Awaited<ReturnType<typeof startWecomBotEmulator>>;
  let ends: (() => Promise<unknown>)[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-two-'));
    emulator = await startWecomBotEmulator({ ...BOT, chats: ['group'] });
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends) await end();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function serve(roles: string) {
    const child = spawn(process.execPath, [join(ROOT, 'dist/src/main.js')], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: `file:${join(folder, 'fieldbell.db')}`,
        FIELDBELL_DATA: folder,
        FIELDBELL_SAMPLE: 'off',
        FIELDBELL_PORT: '0',
        FIELDBELL_ROLES: roles,
        LOG_FORMAT: 'json',
        WECOM_BOT_ID: BOT.botId,
        WECOM_BOT_SECRET: BOT.secret,
        WECOM_BOT_WS_URL: emulator.url,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'close');
    const kill = (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    };
    ends.push(() => kill('SIGKILL'));
    for await (const line of createInterface(child.stderr)) if (line.includes('Fieldbell is up')) break;
    child.stderr.resume();
    return { kill };
  }
  function outbox() {
    const db = openDatabase(`file:${join(folder, 'fieldbell.db')}`);
    ends.push(() => db.$disconnect());
    const posted = openOutbox(db, { zone: 'Asia/Shanghai', now: () => new Date() });
    return {
      post: (key: string) =>
        posted.post({
          key,
          to: 'wecom-bot:group',
          class: 'notice',
          message: { blocks: [{ type: 'text', text: key }] },
        }),
      states: async () => (await db.letter.findMany({ orderBy: { seq: 'asc' } })).map(({ state }) => state),
    };
  }
  const seen = () => emulator.received('group').map(({ content }) => content);

  it('send by the one that has the connection, whoever began to send', async () => {
    // The first one sends, and has no connection of its own.
    await serve('dispatch');
    await serve('http,bots,dispatch');
    const { post } = outbox();
    await post('letter-1');
    await expect.poll(seen, { timeout: 8000 }).toEqual(['letter-1']);
  }, 30_000);

  it('go on at once when the one with the connection is killed', async () => {
    const first = await serve('http,bots,dispatch');
    await serve('http,bots,dispatch');
    const { post, states } = outbox();
    await post('letter-1');
    await expect.poll(seen, { timeout: 8000 }).toEqual(['letter-1']);
    await expect.poll(states).toEqual(['sent']);
    await first.kill('SIGKILL');
    await post('letter-2');
    await expect.poll(seen, { timeout: 9000 }).toEqual(['letter-1', 'letter-2']);
  }, 30_000);
});
