import pino from 'pino';
import { type Arrived, type Harness, platformContract } from '../../test/contracts/platform.ts';
import { leasesInMemory } from '../../test/emulators/leases.ts';
import { startWecomBotEmulator } from '../../test/emulators/wecom-bot.ts';
import type { Delivered } from '../../test/emulators/wecom-bot-conversations.ts';
import { type BotParcel, createWecomBot } from './index.ts';

const BOT = { botId: 'aibJ3dXxQe', secret: 'c2VjcmV0LW9mLXRoZS1ib3Q' };
const GROUP = 'wrkSFfCgAA3x';

platformContract('wecom-bot', async (): Promise<Harness<BotParcel>> => {
  let now = new Date('2025-10-17T06:20:00Z');
  const clock = { zone: 'Asia/Shanghai', now: () => now };
  const emulator = await startWecomBotEmulator({ ...BOT, clock, chats: [GROUP] });
  const platform = createWecomBot({
    ...BOT,
    wsUrl: emulator.url,
    leases: leasesInMemory().of('one'),
    clock,
    log: pino({ level: 'silent' }),
    alarm: () => undefined,
    timings: { ackMs: 300 },
  });
  await platform.start?.(async () => undefined, new AbortController().signal);
  return {
    platform,
    address: `wecom-bot:${GROUP}`,
    wrongAddress: 'wecom-bot:wrkNobodyIsHere',
    account: 'zhangsan',
    secrets: [BOT.secret],
    arrived: () => emulator.received(GROUP).map(seen),
    async provoke(trouble) {
      if (trouble === 'busy') emulator.misbehave({ kind: 'errcode', errcode: -1 });
      if (trouble === 'unanswered') emulator.misbehave({ kind: 'drop-ack' });
      if (trouble === 'limited') {
        const [parcel] = platform.draw({ blocks: [{ type: 'text', text: 'one of many' }], lang: 'en' });
        for (let i = 0; i < 30 && parcel; i++) await platform.send(`wecom-bot:${GROUP}`, parcel);
      }
    },
    rest: () => {
      now = new Date(now.getTime() + 61_000);
    },
    async stop() {
      await platform.stop?.();
      await emulator.close();
    },
  };
});

function seen({ content, card, upload }: Delivered): Arrived {
  if (upload?.type === 'image') return { text: '', pictures: [upload.bytes] };
  if (upload) return { text: '', files: [upload] };
  if (!card) return readMarkdown(content ?? '');
  const rows = (card.horizontal_content_list ?? []).map(({ keyname, value }) => `${keyname}：${value}`);
  const lines = [card.main_title.title, card.sub_title_text ?? '', ...rows, card.main_title.desc ?? ''];
  return { text: lines.filter(Boolean).join('\n'), buttons: card.button_list.map(({ text }) => text) };
}

/** markdown_v2 as the most eager of clients would read it. */
function readMarkdown(content: string): Arrived {
  const links: string[] = [];
  const mentions: string[] = [];
  const text = content
    .replace(/<@([^>]+)>|@(all|所有人)/gi, (_, account, everybody) => String(mentions.push(account ?? everybody) && ''))
    .replace(/!?\[([^\]]*)\]\s*\(([^)]*)\)/g, (_, label, link) => String((links.push(link) && label) || ''))
    .replace(/<\/?[a-z!][^>]*>/gi, '')
    .replace(/^\|(?: ?:?-+:? ?\|)+$/gm, '')
    .replace(/^(?:[-=] ?){2,}$/gm, '')
    .replace(/^(?:> ?)+/gm, '')
    .replace(/^#+ */gm, '')
    .replace(/^ *(?:[-+*]|\d+[.)]) +/gm, '')
    .replaceAll('|', ' ')
    .replace(/~~([^~]*)~~/g, '$1')
    .replace(/(`+)([^`]*)\1/g, '$2')
    .replace(/(\*{1,3})(?=\S)([^*]*)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_+)(?=\S)([^_]*)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(?:lt|#60);/g, '<')
    .replace(/&(?:amp|#38);/g, '&');
  return { text, links, mentions };
}
