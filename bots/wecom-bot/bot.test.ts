import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliveryError, SetupError } from '../../src/core/errors.ts';
import type { ChatPlatform, DrawnMessage } from '../../src/core/platform.ts';
import { type Bench, BOT, startBench } from '../../test/emulators/wecom-bot-bench.ts';
import { SILENT } from '../../test/emulators/wecom-bot-rules.ts';
import { type BotParcel, createWecomBot } from './index.ts';

const GROUP = 'wrkSFfCgAA3x';
const TO = `wecom-bot:${GROUP}`;
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const zhang = { userid: 'zhangsan' };
const inGroup = { ...zhang, chatid: GROUP };

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const text = (words: string): DrawnMessage => ({ blocks: [{ type: 'text', text: words }], lang: 'zh' });
const buttons = (title: string, ...refs: string[]): DrawnMessage => ({
  title,
  blocks: [{ type: 'actions', buttons: refs.map((ref) => ({ label: ref, call: { command: 'x', args: {} }, ref })) }],
  lang: 'zh',
});
const picture: DrawnMessage = {
  blocks: [{ type: 'pictures', pictures: [{ bytes: PNG, mime: 'image/png', alt: '趋势' }] }],
  lang: 'zh',
};
const seen = (chat: string) =>
  bench.emulator.received(chat).map(({ content, card, upload }) => content ?? card?.main_title.title ?? upload?.name);
const failure = async (sending: Promise<unknown>): Promise<DeliveryError> => {
  const error = await sending.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
};

/** A bot that answers every question with what `reply` makes of it. */
async function answering(reply: (words: string) => DrawnMessage, timings = {}) {
  let platform: ChatPlatform<BotParcel> | undefined;
  const bot = await bench.bot('one', {
    timings,
    async receive(inbound) {
      const parcels = platform?.draw(reply(inbound.text ?? inbound.ref ?? '')) ?? [];
      for (const parcel of parcels) await platform?.send(inbound.room, parcel, { inReplyTo: inbound });
    },
  });
  platform = bot.platform;
  return bot;
}

describe('a question to the WeCom bot', () => {
  it('is acknowledged within 100 ms, and answered in the place of the acknowledgement', async () => {
    let answer: () => void = () => undefined;
    let platform: ChatPlatform<BotParcel> | undefined;
    const bot = await bench.bot('one', {
      async receive(inbound) {
        await new Promise<void>((done) => {
          answer = done;
        });
        for (const parcel of platform?.draw(text('12 单')) ?? []) {
          await platform?.send(inbound.room, parcel, { inReplyTo: inbound });
        }
      },
    });
    platform = bot.platform;
    const asked = performance.now();
    bench.emulator.say(inGroup, '今日外呼');
    await vi.waitFor(() => expect(seen(GROUP)).toEqual(['处理中…']), { interval: 2 });
    expect(performance.now() - asked).toBeLessThan(100);
    answer();
    await vi.waitFor(() =>
      expect(bench.emulator.received(GROUP)).toMatchObject([{ content: '12 单', finished: true }]),
    );
    expect(bot.heard).toMatchObject([{ room: TO, group: true, from: 'wecom-bot:@zhangsan', text: '今日外呼' }]);
  });

  it('is answered in a direct chat, with pictures after the words, in the language it was asked in', async () => {
    await answering((words) => ({ ...picture, title: `re: ${words}` }));
    bench.emulator.say(zhang, 'trend');
    await vi.waitFor(() => expect(seen('zhangsan')).toEqual(['### re: trend', 'picture.png']));
    const first = bench.emulator.frames.find(({ cmd }) => cmd === 'aibot_respond_msg');
    expect(first?.body).toMatchObject({ stream: { content: 'Working on it…', finish: false } });
    expect(bench.emulator.received('zhangsan').every(({ reply }) => reply)).toBe(true);
  });

  it('is not left waiting where the answer is a picture alone', async () => {
    await answering(() => picture);
    bench.emulator.say(inGroup, '趋势');
    await vi.waitFor(() => expect(seen(GROUP)).toEqual(['趋势', 'picture.png']));
    expect(bench.emulator.received(GROUP)[0]?.finished).toBe(true);
  });

  it('is handled once, however often it is delivered', async () => {
    const { heard } = await answering(() => text('12 单'));
    bench.emulator.say(inGroup, '今日外呼', { times: 3 });
    await vi.waitFor(() => expect(seen(GROUP)).toEqual(['12 单']));
    expect(heard).toHaveLength(1);
  });

  it('is apologised for when nothing comes, and answered anew when it comes after all', async () => {
    const bot = await bench.bot('one', { timings: { apologyMs: 100 } });
    bench.emulator.say(inGroup, '今日外呼');
    await vi.waitFor(() => expect(bench.emulator.received(GROUP)).toMatchObject([{ finished: true }]));
    expect(seen(GROUP)[0]).toMatch(/^抱歉/);
    const [parcel] = bot.platform.draw(text('12 单'));
    if (parcel && bot.heard[0]) await bot.platform.send(TO, parcel, { inReplyTo: bot.heard[0] });
    expect(seen(GROUP)[1]).toBe('12 单');
    expect(bench.emulator.received(GROUP)[1]?.reply).toBe(true);
  });

  it('is apologised for at once when answering it fails', async () => {
    await bench.bot('one', { receive: () => Promise.reject(new Error('no database')) });
    bench.emulator.say(zhang, 'report');
    await vi.waitFor(() => expect(seen('zhangsan')[0]).toMatch(/^Sorry/));
  });

  it.each([
    ['6 minutes', 6.1 * 60_000, true],
    ['24 hours', 24.1 * 3_600_000, false],
  ])('is answered in a new message after %s', async (_, ms, reply) => {
    const bot = await bench.bot('one');
    bench.emulator.say(inGroup, '今日外呼');
    await vi.waitFor(() => expect(seen(GROUP)).toEqual(['处理中…']));
    bench.pass(ms);
    const [parcel] = bot.platform.draw(text('12 单'));
    if (parcel && bot.heard[0]) await bot.platform.send(TO, parcel, { inReplyTo: bot.heard[0] });
    expect(bench.emulator.received(GROUP)[1]).toMatchObject({ content: '12 单', reply });
  });

  it('is answered by an unasked message where the platform does not know the request any more', async () => {
    const bot = await bench.bot('one');
    bench.emulator.say(inGroup, '今日外呼');
    await vi.waitFor(() => expect(seen(GROUP)).toEqual(['处理中…']));
    bench.emulator.misbehave({ kind: 'errcode', errcode: 846605 });
    const [parcel] = bot.platform.draw(text('12 单'));
    if (parcel && bot.heard[0]) await bot.platform.send(TO, parcel, { inReplyTo: bot.heard[0] });
    expect(bench.emulator.received(GROUP)[1]).toMatchObject({ content: '12 单', reply: false });
  });

  it('may bring a file, decrypted and under its own name', async () => {
    const bot = await bench.bot('one');
    bench.emulator.sendFile('zhangsan', '十月 合同.csv', Buffer.from('合同,金额\n'));
    await vi.waitFor(() => expect(bot.heard).toHaveLength(1));
    const [file] = bot.heard[0]?.files ?? [];
    expect(file?.name).toBe('十月 合同.csv');
    expect(Buffer.from((await file?.bytes()) ?? []).toString()).toBe('合同,金额\n');
  });

  it('may bring a file that cannot be had any more, which is said when it is wanted', async () => {
    const bot = await bench.bot('one');
    bench.emulator.callback('aibot_msg_callback', {
      ...{ chattype: 'single', from: zhang, msgtype: 'file' },
      file: { url: `${bench.emulator.url.replace('ws', 'http')}/media/old`, aeskey: 'BwcH' },
    });
    await vi.waitFor(() => expect(bot.heard).toHaveLength(1));
    await expect(bot.heard[0]?.files?.[0]?.bytes()).rejects.toThrow(/good for 5 minutes: send it again/);
  });
});

describe('who opens the direct chat', () => {
  it('is welcomed', async () => {
    await bench.bot('one', { welcome: '发「帮助」看能问什么' });
    bench.emulator.enter('zhangsan');
    await vi.waitFor(() => expect(seen('zhangsan')).toEqual(['发「帮助」看能问什么']));
  });
});

describe('a pressed button', () => {
  const pressing = async () => {
    const bot = await bench.bot('one');
    bench.emulator.say(inGroup, '你好');
    await vi.waitFor(() => expect(bot.heard).toHaveLength(1));
    for (const parcel of bot.platform.draw(buttons('第 1 页', 'page-2'))) {
      const { id } = await bot.platform.send(TO, parcel);
      expect(id).toMatch(/^fb-/);
    }
    return bot;
  };

  it.each([false, true])('is heard and replaces its card (flat: %s)', async (flat) => {
    const { platform, heard } = await pressing();
    bench.emulator.press(inGroup, 'page-2', { flat });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard[1]).toMatchObject({ room: TO, group: true, from: 'wecom-bot:@zhangsan', ref: 'page-2' });
    expect(await platform.update?.(TO, platform.draw(buttons('第 2 页', 'page-1')), { inReplyTo: heard[1] })).toBe(
      true,
    );
    expect(seen(GROUP).slice(1)).toEqual(['第 2 页']);
    expect(bench.emulator.received(GROUP).at(-1)?.card?.task_id).toBe(heard[1]?.pressed);
  });

  it('replaces nothing after 5 seconds, or with what is not a card: that is sent anew', async () => {
    const { platform, heard } = await pressing();
    bench.emulator.press(inGroup, 'page-2');
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    const inReplyTo = heard[1];
    expect(await platform.update?.(TO, platform.draw(picture), { inReplyTo })).toBe(false);
    bench.pass(5000);
    const parcels = platform.draw(buttons('第 2 页', 'page-1'));
    expect(await platform.update?.(TO, parcels, { inReplyTo })).toBe(false);
    for (const parcel of parcels) await platform.send(TO, parcel, { inReplyTo });
    expect(seen(GROUP).slice(1)).toEqual(['第 1 页', '第 2 页']);
  });
});

describe('what is sent unasked', () => {
  const [hello] = createWecomBotForDrawing().draw(text('hello'));
  const send = async (to = TO) => {
    const bot = await bench.bot('one');
    bench.emulator.say(inGroup, '你好');
    await vi.waitFor(() => expect(seen(GROUP)).toEqual(['处理中…']));
    return { ...bot, send: () => bot.platform.send(to, hello as BotParcel) };
  };

  it.each([
    [846607, 'wait', 60_000, false],
    [45009, 'wait', 60_000, false],
    [-1, 'retry', undefined, false],
    [93006, 'refused', undefined, true],
    [40008, 'refused', undefined, false],
    [40058, 'refused', undefined, false],
    [SILENT, 'refused', undefined, false],
  ])('and refused with %i is %s', async (errcode, kind, retryAfterMs, gone) => {
    const bot = await send();
    bench.emulator.misbehave({ kind: 'errcode', errcode });
    const error = await failure(bot.send());
    expect(error).toMatchObject({ kind, retryAfterMs, gone });
    expect(error.message).toMatch(new RegExp(`^wecom-bot: .+errcode ${errcode}`));
  });

  it('to a person who never wrote is refused, with what to do', async () => {
    const bot = await send('wecom-bot:@lisi');
    expect(await failure(bot.send())).toMatchObject({ kind: 'refused', gone: false });
    bench.emulator.addSilent('lisi');
    expect((await failure(bot.send())).message).toMatch(/nobody has written to the bot/);
  });

  it('names the kind of conversation', async () => {
    const bot = await send('wecom-bot:@zhangsan');
    bench.emulator.say(zhang, '你好');
    await bot.send();
    const sent = bench.emulator.frames.filter(({ cmd }) => cmd === 'aibot_send_msg');
    expect(sent.map(({ body }) => body)).toMatchObject([{ chatid: 'zhangsan', chat_type: 1, msgtype: 'markdown' }]);
  });

  it('is in doubt where the connection breaks before the answer, delivered or not', async () => {
    const bot = await send();
    bench.emulator.misbehave({ kind: 'close', delivered: true });
    expect((await failure(bot.send())).kind).toBe('doubtful');
    bench.emulator.misbehave({ kind: 'close', delivered: false });
    expect((await failure(bot.send())).kind).toBe('doubtful');
    expect(seen(GROUP)).toHaveLength(2);
  });

  it('is in doubt where the answer is late, which does not disturb the next', async () => {
    const bot = await send();
    bench.emulator.misbehave({ kind: 'delay-ack', ms: 350 });
    expect((await failure(bot.send())).kind).toBe('doubtful');
    await bot.send();
    expect(seen(GROUP)).toHaveLength(3);
  });

  it('keeps its order in a conversation', async () => {
    const bot = await send();
    const parcels = Array.from({ length: 20 }, (_, i) => bot.platform.draw(text(`n${i}`))).flat();
    await Promise.all(parcels.map((parcel) => bot.platform.send(TO, parcel)));
    expect(seen(GROUP).slice(1)).toEqual(Array.from({ length: 20 }, (_, i) => `n${i}`));
  });

  it('uploads the same picture once, in chunks where it is big', async () => {
    const bot = await send();
    const bytes = new Uint8Array(1_200_000).map((_, i) => i % 251);
    bytes.set(PNG);
    const message: DrawnMessage = {
      blocks: [{ type: 'pictures', pictures: [{ bytes, mime: 'image/png', alt: 'a' }] }],
      lang: 'zh',
    };
    for (let i = 0; i < 2; i++) for (const parcel of bot.platform.draw(message)) await bot.platform.send(TO, parcel);
    expect(bench.emulator.uploads).toBe(1);
    expect(bench.emulator.frames.filter(({ cmd }) => cmd === 'aibot_upload_media_chunk')).toHaveLength(3);
    expect(
      bench.emulator
        .received(GROUP)
        .slice(1)
        .map(({ upload }) => upload?.bytes.equals(bytes)),
    ).toEqual([true, true]);
  });

  it('is uploaded anew where the platform has lost the upload', async () => {
    const bot = await send();
    const parcels = bot.platform.draw({ ...picture, title: '' });
    for (const parcel of parcels) await bot.platform.send(TO, parcel);
    bench.pass(47 * 3_600_000);
    bench.emulator.misbehave({ kind: 'errcode', errcode: 40007 });
    for (const parcel of parcels) expect((await failure(bot.platform.send(TO, parcel))).kind).toBe('retry');
    for (const parcel of parcels) await bot.platform.send(TO, parcel);
    expect(bench.emulator.uploads).toBe(2);
  });

  it.each(['wecom-bot:', 'wecom-bot:@', 'wecom-bot:a b', 'wecom-app:lisi'])('refuses the address %s', async (to) => {
    const bot = await send(to);
    expect((await failure(bot.send())).message).toMatch(/write wecom-bot:CHATID/);
  });
});

describe('settings', () => {
  it('that cannot be right are all said at once', () => {
    expect(() => createWecomBotForDrawing({ secret: '', wsUrl: 'https://x' })).toThrow(SetupError);
    expect(() => createWecomBotForDrawing({ secret: '', wsUrl: 'https://x' })).toThrow(/SECRET[\s\S]*WS_URL/);
  });
});

function createWecomBotForDrawing(more: { secret?: string; wsUrl?: string } = {}) {
  const unused = () => {
    throw new Error('nothing is started');
  };
  const options = {
    leases: { hold: unused, heldElsewhere: unused, release: unused },
    clock: { zone: 'Asia/Shanghai', now: unused },
  };
  return createWecomBot({ ...BOT, ...options, log: undefined as never, alarm: unused, ...more });
}
