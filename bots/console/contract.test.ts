import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedClock } from '../../src/core/time.ts';
import { openPictures } from '../../src/render/pictures.ts';
import { type KeptMessage, openConsoleHistory } from '../../src/runtime/console/log.ts';
import { messagesOf } from '../../src/runtime/console/store.ts';
import { type Arrived, type Harness, platformContract } from '../../test/contracts/platform.ts';
import { scratchDatabase } from '../../test/scratch-database.ts';
import { type ConsoleParcel, createConsole } from './index.ts';

platformContract('console', async (): Promise<Harness<ConsoleParcel>> => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldbell-console-'));
  const { db, remove } = await scratchDatabase();
  const pictures = openPictures(folder);
  const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T06:20:00Z'));
  const platform = createConsole(openConsoleHistory(db, clock, pictures, 'Fieldbell', () => false));
  return {
    platform,
    address: 'console:sales-bj',
    wrongAddress: 'console:no such room',
    account: '@wang',
    secrets: [],
    async arrived() {
      const rows = await messagesOf(db, 'sales-bj', Number.MAX_SAFE_INTEGER, 10_000);
      return Promise.all(rows.map((row) => seen(JSON.parse(row.message ?? '{}') as KeptMessage, pictures)));
    },
    provoke() {
      throw new Error('the console writes to our own database: it meets no trouble');
    },
    async stop() {
      await remove();
      await rm(folder, { recursive: true });
    },
  };
}, []);

/** What the page shows: every value is put into the page as text, never as markup. */
async function seen(message: KeptMessage, pictures: ReturnType<typeof openPictures>): Promise<Arrived> {
  const lines = message.blocks.flatMap((block) => {
    if (block.type === 'text') return [block.text];
    if (block.type === 'fields') return block.fields.map(({ label, value }) => `${label} ${value}`);
    if (block.type === 'table')
      return [block.columns.map(({ label }) => label), ...block.rows].map((row) => row.join(' '));
    return [];
  });
  const kept = message.blocks.flatMap((block) => (block.type === 'pictures' ? block.pictures : []));
  return {
    text: [message.title, ...lines, message.age].filter((line) => line !== undefined).join('\n'),
    buttons: message.blocks.flatMap((block) =>
      block.type === 'actions' ? block.buttons.map(({ label }) => label) : [],
    ),
    pictures: await Promise.all(kept.map(async ({ file }) => (await pictures.read(file)).bytes)),
  };
}
