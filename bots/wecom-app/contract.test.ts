import { pino } from 'pino';
import { type Arrived, type Harness, platformContract } from '../../test/contracts/platform.ts';
import { type Shown, startWecomAppEmulator } from '../../test/emulators/wecom-app.ts';
import { type AppParcel, createWecomApp } from './index.ts';

const APP = { corpId: 'ww1234567890', secret: 'the-secret-of-the-app', agentId: 1000002 };
const CALLBACK = { callbackToken: 'QDG6eK', callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

platformContract('wecom-app', async (): Promise<Harness<AppParcel>> => {
  let now = new Date('2025-10-17T06:20:00Z');
  const clock = { zone: 'Asia/Shanghai', now: () => now };
  const emulator = await startWecomAppEmulator({ ...APP, ...CALLBACK, users: ['ZhangSan'], clock });
  const log = pino({ level: 'silent' });
  const platform = createWecomApp({ ...APP, apiBase: emulator.url, clock, log, timeoutMs: 1500 });
  return {
    platform,
    address: 'wecom-app:ZhangSan',
    wrongAddress: 'wecom-app:nobody',
    account: 'ZhangSan',
    secrets: [APP.secret, 'token-'],
    arrived: () => emulator.received('ZhangSan').map(seen),
    provoke(trouble) {
      if (trouble === 'busy') emulator.misbehave({ kind: 'errcode', errcode: -1 });
      if (trouble === 'unanswered') emulator.misbehave({ kind: 'hang' });
      if (trouble === 'limited') emulator.misbehave({ kind: 'errcode', errcode: 45009 });
    },
    rest: () => {
      now = new Date(now.getTime() + 60_000);
    },
    stop: () => emulator.close(),
  };
});

function seen({ body, upload, card }: Shown): Arrived {
  if (upload) return body.msgtype === 'image' ? { text: '', pictures: [upload.bytes] } : { text: '', files: [upload] };
  if (card) {
    const rows = (card.horizontal_content_list ?? []).map(({ keyname, value }) => `${keyname}：${value}`);
    const lines = [card.main_title.title, card.main_title.desc ?? '', card.sub_title_text ?? '', ...rows];
    return { text: lines.join('\n'), buttons: card.button_list.map(({ text }) => text) };
  }
  if (body.msgtype === 'text') return readText(body.text.content);
  return body.msgtype === 'markdown' ? readMarkdown(body.markdown.content) : { text: '' };
}

function readText(content: string): Arrived {
  const mentions = [...content.matchAll(/<@([^>]+)>|@(all|所有人)/gi)].map(([found]) => found);
  const links = [...content.matchAll(/<a [^>]*href="([^"]*)"/gi)].map((found) => found[1] ?? '');
  return { text: content.replace(/<\/?[a-z!][^>]*>/gi, ''), links, mentions };
}

/** Markdown as the most eager of clients would read it: more than WeCom's documentation gives a meaning. */
function readMarkdown(content: string): Arrived {
  const links: string[] = [];
  const mentions: string[] = [];
  const text = content
    .replace(/<@([^>]+)>|@(all|所有人)/gi, (_, account, everybody) => String(mentions.push(account ?? everybody) && ''))
    .replace(/!?\[([^\]]*)\]\s*\(([^)]*)\)/g, (_, label, link) => String((links.push(link) && label) || ''))
    .replace(/<\/?[a-z!][^>]*>/gi, '')
    .replace(/^(?:> ?)+/gm, '')
    .replace(/^#+ */gm, '')
    .replace(/(`+)([^`]*)\1/g, '$2')
    .replace(/(\*{1,3})(?=\S)([^*]*)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_+)(?=\S)([^_]*)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/&(?:lt|#60);/g, '<')
    .replace(/&(?:amp|#38);/g, '&');
  return { text, links, mentions };
}
