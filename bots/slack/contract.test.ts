import { pino } from 'pino';
import type { Clock } from '../../src/core/time.ts';
import { type Arrived, type Harness, platformContract } from '../../test/contracts/platform.ts';
import { startSlackEmulator } from '../../test/emulators/slack.ts';
import type { Posted } from '../../test/emulators/slack-api.ts';
import { readMarkup, readPlain } from '../../test/emulators/slack-reader.ts';
import type { SlackBlock } from '../../test/emulators/slack-rules.ts';
import { createSlack, type SlackParcel } from './index.ts';

const BOT_TOKEN = 'xoxb-1-contract';
const APP_TOKEN = 'xapp-1-contract';
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

platformContract('slack', async (): Promise<Harness<SlackParcel>> => {
  let now = new Date('2025-10-17T06:20:00Z');
  const clock: Clock = { zone: 'Asia/Shanghai', now: () => now };
  const tokens = { botToken: BOT_TOKEN, appToken: APP_TOKEN, signingSecret: SECRET };
  const emulator = await startSlackEmulator({ ...tokens, clock });
  const { apiUrl } = emulator;
  const platform = createSlack({ ...tokens, apiUrl, clock, log: pino({ enabled: false }), timeoutMs: 1500 });
  return {
    platform,
    address: 'slack:C1',
    wrongAddress: 'slack:C404',
    account: 'U024BE7LH',
    secrets: [BOT_TOKEN, APP_TOKEN, SECRET],
    arrived: () => emulator.posted('C1').map(seen),
    async provoke(trouble) {
      if (trouble === 'busy') emulator.misbehave({ kind: 'error', error: 'service_unavailable' });
      if (trouble === 'unanswered') emulator.misbehave({ kind: 'hang' });
      if (trouble === 'limited') {
        const [parcel] = platform.draw({ blocks: [{ type: 'text', text: 'one of many' }], lang: 'en' });
        for (let i = 0; i < 4 && parcel; i++) await platform.send('slack:C1', parcel);
      }
    },
    rest: () => {
      now = new Date(now.getTime() + 10_000);
    },
    stop: () => emulator.close(),
  };
});

function seen({ text, blocks, file }: Posted): Arrived {
  if (file) {
    const { name, bytes } = file;
    return /\.(png|jpg)$/.test(name) ? { text: '', pictures: [bytes] } : { text: '', files: [{ name, bytes }] };
  }
  const read = blocks.flatMap(readBlock);
  const all = [...read, readMarkup(text)];
  return {
    text: read.map((one) => one.text).join('\n'),
    links: all.flatMap(({ links }) => links),
    mentions: all.flatMap(({ mentions }) => mentions),
    buttons: blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map((one) => one.text.text) : [])),
  };
}

function readBlock(block: SlackBlock) {
  if (block.type === 'header') return [readPlain(block.text.text)];
  if (block.type === 'section') {
    return [...(block.text ? [block.text] : []), ...(block.fields ?? [])].map(({ text }) => readMarkup(text));
  }
  return block.type === 'context' ? block.elements.map(({ text }) => readMarkup(text)) : [];
}
