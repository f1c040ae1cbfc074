import { Api, GrammyError, InputFile } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { picture } from '../contracts/platform-samples.ts';
import { startTelegramEmulator, type TelegramEmulator } from './telegram.ts';

const TOKEN = '700100:AAF0-emulated';
const WANG = { id: 42 };

let emulator: TelegramEmulator;
let api: Api;
let now: number;
beforeEach(async () => {
  now = Date.parse('2025-10-17T06:20:00Z');
  emulator = await startTelegramEmulator({ token: TOKEN, clock: { now: () => new Date(now) } });
  emulator.joins(42);
  api = new Api(TOKEN, { apiRoot: emulator.url });
});
afterEach(() => emulator.close());

const refusal = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GrammyError);
  return error instanceof GrammyError ? `${error.error_code} ${error.description}` : '';
};

/** As grammY calls it, unchanged. */
describe('the Telegram emulator', () => {
  it('takes words, and reads their HTML as people see it', async () => {
    await api.sendMessage(42, ' <b>a &lt; b</b> &amp;#x21; @lisi_sales ', { parse_mode: 'HTML' });
    expect(emulator.received(42)).toMatchObject([
      {
        text: 'a < b &#x21; @lisi_sales',
        entities: [
          { type: 'bold', offset: 0, length: 5 },
          { type: 'mention', offset: 13, length: 11 },
        ],
      },
    ]);
  });

  it.each(['<b>a', 'a</b>', '<b>a</i>', 'a < b', '<script>x</script>', '<b><i>x</b></i>'])(
    'refuses the HTML %s',
    async (html) => {
      expect(await refusal(api.sendMessage(42, html, { parse_mode: 'HTML' }))).toMatch(/^400 .*can't parse entities/);
    },
  );

  it('counts characters after entities', async () => {
    await api.sendMessage(42, `<b>${'&lt;'.repeat(4096)}</b>`, { parse_mode: 'HTML' });
    expect(await refusal(api.sendMessage(42, 'x'.repeat(4097)))).toMatch(/message is too long/);
    expect(await refusal(api.sendMessage(42, ' \n '))).toMatch(/message text is empty/);
    const photo = () => new InputFile(picture(9, 9, 'image/png').bytes, 'a.png');
    expect(await refusal(api.sendPhoto(42, photo(), { caption: 'x'.repeat(1025) }))).toMatch(/caption is too long/);
  });

  it('takes files as grammY writes them: names with blanks, without quotes', async () => {
    await api.sendDocument(42, new InputFile(Buffer.from('a\r\n--b\r\n'), '十月 合同.csv'), { caption: '42' });
    expect(emulator.received(42)[0]?.document).toEqual({ name: '十月 合同.csv', bytes: Buffer.from('a\r\n--b\r\n') });
    const form = new FormData();
    form.set('chat_id', '42');
    form.set('document', new Blob(['quoted']), 'b.csv');
    now += 2000;
    await fetch(`${emulator.url}/bot${TOKEN}/sendDocument`, { method: 'POST', body: form });
    expect(emulator.received(42)[1]?.document).toEqual({ name: 'b.csv', bytes: Buffer.from('quoted') });
  });

  it('opens photos, and takes albums of two to ten', async () => {
    const photo = (bytes: Uint8Array) => ({ type: 'photo' as const, media: new InputFile(bytes, 'a.png') });
    const good = picture(9, 9, 'image/png').bytes;
    await api.sendMediaGroup(42, [photo(good), photo(good)]);
    expect(emulator.received(42)).toHaveLength(2);
    expect(await refusal(api.sendMediaGroup(42, [photo(good)]))).toMatch(/wrong number/);
    expect(await refusal(api.sendPhoto(42, new InputFile(Buffer.from('GIF89a'), 'a.png')))).toMatch(/IMAGE_PROCESS/);
    const long = picture(400, 10, 'image/png').bytes;
    expect(await refusal(api.sendPhoto(42, new InputFile(long, 'a.png')))).toMatch(/PHOTO_INVALID_DIMENSIONS/);
  });

  it('refuses buttons of more than 64 bytes, unknown chats and wrong tokens', async () => {
    const button = (callback_data: string) => ({ reply_markup: { inline_keyboard: [[{ text: 'x', callback_data }]] } });
    expect(await refusal(api.sendMessage(42, 'x', button('单'.repeat(22))))).toMatch(/BUTTON_DATA_INVALID/);
    expect(await refusal(api.sendMessage(43, 'x'))).toBe('400 Bad Request: chat not found');
    expect(await refusal(new Api('700100:other', { apiRoot: emulator.url }).getMe())).toBe('401 Unauthorized');
    await api.sendMessage(42, 'x', button('单'.repeat(21)));
  });

  it('takes one a second to a chat, 20 a minute to a group, 30 a second to all', async () => {
    await api.sendMessage(42, 'x');
    expect(await refusal(api.sendMessage(42, 'x'))).toBe('429 Too Many Requests: retry after 1');
    for (let chat = 100; chat < 129; chat++) {
      emulator.joins(chat);
      await api.sendMessage(chat, 'x');
    }
    emulator.joins(200);
    expect(await refusal(api.sendMessage(200, 'x'))).toMatch(/^429/);
    emulator.joins(-1);
    for (let i = 0; i < 20; i++) {
      now += 1000;
      await api.sendMessage(-1, 'x');
    }
    now += 1000;
    expect(await refusal(api.sendMessage(-1, 'x'))).toBe('429 Too Many Requests: retry after 40');
  });

  it('hands out updates until an offset passes them, and waits for news', async () => {
    const first = emulator.says(42, 'one', WANG);
    expect(await api.getUpdates({ timeout: 30 })).toHaveLength(1);
    expect(await api.getUpdates({ offset: first.update_id })).toHaveLength(1);
    const waiting = api.getUpdates({ offset: first.update_id + 1, timeout: 30 });
    setTimeout(() => emulator.says(42, 'two', WANG), 50);
    expect((await waiting).map((update) => update.message?.text)).toEqual(['two']);
    expect(await api.getUpdates({ offset: first.update_id + 2 })).toEqual([]);
    expect(emulator.waiting()).toBe(0);
  });

  it('ends the older of two pollers, and polling beside a webhook', async () => {
    const older = refusal(api.getUpdates({ timeout: 30 }));
    setTimeout(() => emulator.says(42, 'x', WANG), 200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await api.getUpdates({ timeout: 30 })).toHaveLength(1);
    expect(await older).toMatch(/^409 Conflict: terminated by other getUpdates/);
    await api.setWebhook('http://127.0.0.1:9/');
    expect(await refusal(api.getUpdates())).toMatch(/^409 Conflict: can't use getUpdates/);
    await api.deleteWebhook();
    expect(await api.getUpdates()).toHaveLength(1);
  });

  it('says that an edit without a change changed nothing', async () => {
    const { message_id } = await api.sendMessage(42, 'one');
    await api.editMessageText(42, message_id, 'two');
    expect(await refusal(api.editMessageText(42, message_id, 'two'))).toMatch(/message is not modified/);
    expect(await refusal(api.editMessageCaption(42, message_id, { caption: 'x' }))).toMatch(/no caption/);
    expect(await refusal(api.editMessageText(42, 9999, 'x'))).toMatch(/message to edit not found/);
  });
});
