import { pino } from 'pino';
import { fixedClock } from '../../src/core/time.ts';
import { type Arrived, type Harness, platformContract } from '../../test/contracts/platform.ts';
import { leasesInMemory } from '../../test/emulators/leases.ts';
import { type Seen, startTelegramEmulator } from '../../test/emulators/telegram.ts';
import { createTelegram, type TelegramParcel } from './index.ts';

const TOKEN = '700100:AAF0-contract_token_of_35_letters';
const CHAT = 42;

platformContract('telegram', async (): Promise<Harness<TelegramParcel>> => {
  let now = Date.parse('2025-10-17T06:20:00Z');
  let running = true;
  // Two seconds pass between calls, unless a test wants to be too fast.
  const clock = {
    now() {
      if (running) now += 2000;
      return new Date(now);
    },
  };
  const emulator = await startTelegramEmulator({ token: TOKEN, clock });
  emulator.joins(CHAT);
  const platform = createTelegram({
    token: TOKEN,
    apiRoot: emulator.url,
    timeoutMs: 1500,
    leases: leasesInMemory().of('one'),
    clock: fixedClock('Asia/Shanghai', clock.now()),
    log: pino({ level: 'silent' }),
  });
  return {
    platform,
    address: `telegram:${CHAT}`,
    wrongAddress: 'telegram:43',
    account: 'telegram:77001',
    secrets: [TOKEN, TOKEN.slice(TOKEN.indexOf(':') + 1)],
    arrived: () => emulator.received(CHAT).map(seen),
    async provoke(trouble) {
      if (trouble === 'busy') emulator.misbehave({ kind: 'error', code: 500 });
      if (trouble === 'unanswered') emulator.misbehave({ kind: 'hang' });
      if (trouble === 'limited') {
        running = false;
        const [parcel] = platform.draw({ blocks: [{ type: 'text', text: 'one of many' }], lang: 'en' });
        if (parcel) await platform.send(`telegram:${CHAT}`, parcel);
      }
    },
    rest: () => {
      running = true;
      now += 60_000;
    },
    stop: () => emulator.close(),
  };
});

function seen({ text, entities, keyboard, photo, document }: Seen): Arrived {
  const slice = ({ offset, length }: { offset: number; length: number }) => text.slice(offset, offset + length);
  const people = entities.flatMap((entity) => entity.url?.match(/^tg:\/\/user\?id=(\d+)$/)?.[1] ?? []);
  return {
    text,
    links: entities.flatMap(({ url }) => (url && !url.startsWith('tg://user') ? [url] : [])),
    mentions: [
      ...people.map((id) => `telegram:${id}`),
      ...entities.filter(({ type }) => type === 'mention').map(slice),
    ],
    buttons: (keyboard ?? []).flat().map((button) => button.text),
    ...(photo && { pictures: [photo.bytes] }),
    ...(document && { files: [document] }),
  };
}
