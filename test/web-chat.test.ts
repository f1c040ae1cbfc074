import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './app.ts';

/** The browser, from Debian's package or wherever the variable says. Without one these tests are skipped, and say so. */
const executablePath = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const missing = !existsSync(executablePath);
if (missing) {
  const why = `no browser at ${executablePath}: install chromium, or set TEST_CHROMIUM to its path`;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(why);
  console.warn(`The web chat is not tested: ${why}.`);
}

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };

/** The page as people use it: the real app, the built page, a real browser. */
describe.skipIf(missing)('the web chat', { timeout: 60_000 }, () => {
  let test: TestApp;
  let browser: Browser;
  let address: string;
  let open: BrowserContext[] = [];
  /** What a browser complained about: an exception, or something that the content security policy refused. */
  let complaints: string[];

  beforeAll(async () => {
    test = await testApp({ settings: { FIELDBELL_SAMPLE: 'on', FIELDBELL_ROLES: 'http,bots,dispatch' } });
    await test.app.start();
    address = `http://127.0.0.1:${((await test.app.http()).server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({ executablePath, args: FLAGS });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await test?.close();
  });
  beforeEach(() => {
    complaints = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((context) => context.close()));
    open = [];
    expect(complaints).toEqual([]);
  });

  /** A new visitor's browser, at the choice of a person. */
  async function visit(shape: typeof PHONE | typeof DESKTOP, locale = 'zh-CN'): Promise<Page> {
    const context = await browser.newContext({ ...shape, locale });
    open.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) complaints.push(line.text());
    });
    await page.goto(address);
    return page;
  }

  /** As a person, in a room. */
  async function enter(page: Page, person: string, room: string): Promise<void> {
    await page.getByRole('button', { name: person }).click();
    await page.getByRole('link', { name: room }).click();
    await page.getByRole('heading', { name: room, level: 1 }).waitFor();
  }

  async function say(page: Page, line: string): Promise<void> {
    await page.getByRole('textbox').fill(line);
    await page.keyboard.press('Enter');
  }

  const answers = (page: Page) => page.locator('.answer');
  const ownLines = (page: Page) => page.locator('.line.mine .bubble');

  it('answers a newcomer on a phone with a chart, buttons and the age of the data', async () => {
    const page = await visit(PHONE);
    await page.getByRole('heading', { name: '你是谁？' }).waitFor();
    await enter(page, '陈经理', 'Fieldbell');
    await page.getByRole('button', { name: '今日外呼', exact: true }).tap();

    const answer = answers(page).last();
    await expect.poll(() => answer.textContent()).toMatch(/今日外呼 [\d,]+ 通/);
    expect(await answer.textContent()).toMatch(/数据截至 .*示例数据/);
    const picture = answer.locator('img');
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(600);

    await answer.getByRole('button', { name: /^放大/ }).tap();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // Turning a page changes the answer where it stands, and says nothing.
    const [count, lines] = [await answers(page).count(), await ownLines(page).count()];
    const shown = await picture.getAttribute('src');
    await answer.getByRole('button', { name: '◀ 前一天' }).tap();
    await expect.poll(() => answer.textContent()).toMatch(/昨日外呼|11-19/);
    expect(await picture.getAttribute('src')).not.toBe(shown);
    await answer.getByRole('button', { name: '后一天 ▶' }).tap();
    await expect.poll(() => answer.textContent()).toMatch(/今日外呼 [\d,]+ 通/);
    expect([await answers(page).count(), await ownLines(page).count()]).toEqual([count, lines]);
    await answer.getByRole('button', { name: '本月外呼' }).tap();
    await expect.poll(() => answers(page).last().textContent()).toMatch(/本月外呼/);
    for (const button of await page.getByRole('button').all()) {
      expect((await button.boundingBox())?.height ?? 40).toBeGreaterThanOrEqual(39.5);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it('gives a personal answer to the asker alone, and shows a group to everybody in it', async () => {
    const [asker, other] = [await visit(DESKTOP), await visit(DESKTOP)];
    await enter(asker, '李师傅', '大厅');
    await enter(other, '陈经理', '大厅');
    await say(asker, '我的奖励');
    for (const page of [asker, other]) await page.locator('main').getByText('已私信给你').first().waitFor();

    const direct = asker.getByRole('link', { name: /^Fieldbell/ });
    await direct.getByRole('img', { name: '有新消息' }).waitFor();
    await direct.click();
    await expect.poll(() => answers(asker).last().textContent()).toMatch(/累计奖励/);
    expect(await other.locator('body').textContent()).not.toMatch(/累计奖励/);
  });

  it('sends a line once, though its answer was lost on the way and it was sent again', async () => {
    const page = await visit(DESKTOP);
    await enter(page, '王师傅', 'Fieldbell');
    let lost = false;
    await page.route('**/messages', async (route) => {
      if (lost || route.request().method() !== 'POST') return route.continue();
      lost = true;
      await route.fetch();
      return route.abort('connectionreset');
    });
    await say(page, '我是谁');
    await page.getByText('没有发出去').waitFor();
    await page.getByRole('button', { name: '重发' }).click();
    await expect.poll(() => page.getByText('没有发出去').count()).toBe(0);
    await expect.poll(() => ownLines(page).count()).toBe(1);
    await expect.poll(() => answers(page).count()).toBe(1);
    expect(await test.app.context.db.consoleMessage.count({ where: { room: '@sample-driver', text: '我是谁' } })).toBe(
      1,
    );
  });

  it('loses nothing and shows nothing twice when the connection breaks', async () => {
    const [reader, writer] = [await visit(DESKTOP), await visit(DESKTOP)];
    await enter(reader, '陈经理', '大厅');
    await enter(writer, '坐席A01', '大厅');
    await say(writer, '断线前');
    await reader.getByText('断线前').first().waitFor();
    await reader.route('**/events*', (route) => route.abort('connectionrefused'));
    (await test.app.http()).server.closeAllConnections();
    await reader.getByText('连接断了').waitFor();
    await say(writer, '断线时');
    await expect.poll(() => ownLines(writer).last().textContent()).toContain('断线时');
    expect(await reader.getByText(/^断线时/).count()).toBe(0);
    await reader.unroute('**/events*');
    await reader
      .getByText(/^断线时/)
      .first()
      .waitFor();
    await expect.poll(() => reader.getByText('连接断了').count()).toBe(0);
    await say(writer, '断线后');
    await expect
      .poll(() => reader.locator('.line .bubble', { hasText: /^断线/ }).allTextContents())
      .toEqual(['断线前', '断线时', '断线后'].map((text) => expect.stringContaining(text)));
  });

  it('leaves Enter to the input method, breaks lines, and brings back the last line', async () => {
    const page = await visit(DESKTOP);
    await enter(page, '坐席A01', 'Fieldbell');
    const field = page.getByRole('textbox');
    await field.fill('wo shi shei');
    await field.evaluate((element) =>
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })),
    );
    await field.fill('我是谁');
    await page.keyboard.press('Shift+Enter');
    expect(await field.inputValue()).toBe('我是谁\n');
    await page.keyboard.press('Enter');
    await expect.poll(() => ownLines(page).count()).toBe(1);
    await expect.poll(() => field.inputValue()).toBe('');
    // The arrow is for the last line that the page knows of: it may not have come back yet.
    const lineBefore = async () => {
      if ((await field.inputValue()) === '') await page.keyboard.press('ArrowUp');
      return field.inputValue();
    };
    await expect.poll(lineBefore).toBe('我是谁');
  });

  it('shows what people type as text', async () => {
    const page = await visit(DESKTOP);
    await enter(page, '坐席A01', 'Fieldbell');
    await say(page, '<img src=x onerror=alert(1)> https://example.org/a?b=1。');
    const own = ownLines(page).last();
    await expect.poll(() => own.textContent()).toContain('<img src=x onerror=alert(1)>');
    expect(await own.locator('img').count()).toBe(0);
    const link = own.getByRole('link');
    expect(await link.getAttribute('href')).toBe('https://example.org/a?b=1');
    expect(await link.getAttribute('rel')).toContain('noopener');
  });

  it('speaks English to an English browser, and changes on request', async () => {
    const page = await visit(DESKTOP, 'en-GB');
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await enter(page, '陈经理', 'Fieldbell');
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.getByRole('textbox', { name: '消息' }).waitFor();
    await page.reload();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  });

  it('has a page of drivers: charts by range, who owes an update, and pictures that arrow keys walk through', async () => {
    const page = await visit(DESKTOP);
    await enter(page, '陈经理', 'Fieldbell');
    await page.getByRole('link', { name: /司机：趋势/ }).click();
    await page.getByText('12 位司机').waitFor();
    await page.getByLabel('编号或姓名').fill('王');
    await page.getByText('2 位司机').waitFor();
    await page.getByRole('link', { name: /王师傅/ }).click();
    await page.locator('.answer-title').getByText('王师傅（D-1023）近7天').waitFor();
    const chart = page.locator('.picture img');
    await expect.poll(() => chart.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1200);
    await page.getByRole('button', { name: '24小时' }).click();
    await page.locator('.answer-title').getByText('近24小时').waitFor();
    expect(page.url()).toContain('/drivers/of/D-1023?range=last_24_hours');
    await page.getByLabel('从', { exact: true }).fill('2026-11-10');
    await page.getByLabel('到', { exact: true }).fill('2026-11-12');
    await page.getByRole('button', { name: '看这几天' }).click();
    await page.locator('.answer-title').getByText('11-10 至 11-12').waitFor();
    await page.reload();
    await page.locator('.answer-title').getByText('11-10 至 11-12').waitFor();
    await page.getByRole('button', { name: '往后' }).click();
    await page.locator('.answer-title').getByText('11-13 至 11-15').waitFor();

    await page.getByRole('link', { name: '缺失更新' }).click();
    await page.locator('.missing-rows').getByRole('link', { name: '马超' }).first().waitFor();
    await page.getByLabel('服务商').selectOption('DSP-B');
    await expect.poll(() => page.locator('.missing-rows').getByText('马超').count()).toBe(0);

    await page.getByRole('link', { name: '签收照片' }).click();
    await page.getByLabel('订单号，或司机').fill('D-1023');
    await page.getByRole('button', { name: '看照片' }).click();
    await page.getByText(/· 1 \/ \d+/).waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/· 2 \/ \d+/).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/· 3 \/ \d+/).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByText(/· 2 \/ \d+/).waitFor();
    const picture = page.locator('.pod-picture img').first();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(960);
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  it('shows a driver his own trend alone', async () => {
    const page = await visit(PHONE, 'en-GB');
    await page.getByRole('button', { name: '王师傅' }).tap();
    await page.goto(`${address}drivers`);
    await page.locator('.answer-title').getByText('王师傅 (D-1023), the last 7 days').waitFor();
    expect(await page.getByRole('link', { name: 'Missing updates' }).count()).toBe(0);
    await page.goto(`${address}drivers/of/D-1031`);
    await page.getByRole('alert').getByText('your own trend only').waitFor();
    await page.goto(`${address}drivers/missing`);
    await page.getByRole('alert').waitFor();
  });
});
