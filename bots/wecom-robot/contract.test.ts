import { type Arrived, type Harness, platformContract } from '../../test/contracts/platform.ts';
import { type Delivered, startWecomRobotEmulator } from '../../test/emulators/wecom-robot.ts';
import { createWecomRobot, type RobotParcel } from './index.ts';

const KEY = '693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa';
const WRONG_KEY = '693a91f6-0000-4bc4-97a0-0ec2sifa5000';

platformContract('wecom-robot', async (): Promise<Harness<RobotParcel>> => {
  let now = new Date('2025-10-17T06:20:00Z');
  const emulator = await startWecomRobotEmulator({ keys: [KEY], clock: { now: () => now } });
  const platform = createWecomRobot({ apiBase: emulator.url, timeoutMs: 1500 });
  const address = `wecom-robot:${KEY}`;
  return {
    platform,
    address,
    wrongAddress: `wecom-robot:${WRONG_KEY}`,
    account: 'zhangsan',
    secrets: [KEY, WRONG_KEY],
    arrived: () => emulator.received(KEY).map(seen),
    async provoke(trouble) {
      if (trouble === 'busy') emulator.misbehave({ kind: 'errcode', errcode: -1 });
      if (trouble === 'unanswered') emulator.misbehave({ kind: 'hang' });
      if (trouble === 'limited') {
        const [parcel] = platform.draw({ blocks: [{ type: 'text', text: 'one of many' }], lang: 'en' });
        for (let i = 0; i < 20 && parcel; i++) await platform.send(address, parcel);
      }
    },
    rest: () => {
      now = new Date(now.getTime() + 60_000);
    },
    stop: () => emulator.close(),
  };
});

function seen({ body, upload }: Delivered): Arrived {
  if (upload) return { text: '', files: [upload] };
  if (body.msgtype === 'image') return { text: '', pictures: [Buffer.from(body.image.base64, 'base64')] };
  if (body.msgtype === 'text') {
    const typed = [...body.text.content.matchAll(/<@([^>]+)>/g)].map((found) => found[1] ?? '');
    return { text: body.text.content, mentions: [...(body.text.mentioned_list ?? []), ...typed] };
  }
  if (body.msgtype === 'markdown_v2') return readMarkdown(body.markdown_v2.content.replaceAll('|', ' '));
  return body.msgtype === 'markdown' ? readMarkdown(body.markdown.content) : { text: '' };
}

/** Markdown as the most eager of clients would read it: more than the robot's documentation gives a meaning. */
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
