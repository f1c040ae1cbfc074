import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type TestApp, testApp } from './app.ts';

/** The browser, from Debian's package or wherever the variable says. Without one these tests are skipped, and say so. */
const executablePath = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium';
export const missing = !existsSync(executablePath);
if (missing) {
  const why = `no browser at ${executablePath}: install chromium, or set TEST_CHROMIUM to its path`;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(why);
  console.warn(`The admin page is not tested: ${why}.`);
}

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
export const DESKTOP = { viewport: { width: 1440, height: 900 } };
/** Another person at another machine: a browser of its own. */
export const OTHER = { viewport: { width: 1280, height: 900 } };
export const PASSWORD = 'the first password';
/**
 * The admin page in a real browser, over the real app, for the tests of one `describe`. A test fails too where the page
 * throws, or where the content security policy refuses something.
 */
export function adminBrowser(options: { at?: string } = {}) {
  let test: TestApp;
  let browser: Browser;
  let address: string;
  let open: Page[] = [];
  let complaints: string[];
  /** Browsers that are signed in, by their shape: one is enough for all tests, and keeps the page's files. */
  const browsers = new Map<string, Promise<BrowserContext>>();

  beforeAll(async () => {
    test = await testApp({
      ...options,
      settings: { FIELDBELL_ADMIN_PASSWORD: PASSWORD, FIELDBELL_ROLES: 'http,bots,dispatch' },
    });
    await test.app.start();
    address = `http://127.0.0.1:${((await test.app.http()).server.address() as AddressInfo).port}`;
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
    // What one test leaves unsaved is none of the next one's business.
    await Promise.all(open.map((page) => page.evaluate(() => localStorage.clear()).then(() => page.close())));
    open = [];
    expect(complaints).toEqual([]);
  });

  /** A page at a place, in a browser that nobody has signed in to unless one is given. */
  async function visit(place: string, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await browser.newContext({ locale: 'zh-CN', ...DESKTOP }))).newPage();
    open.push(page);
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) complaints.push(line.text());
    });
    await page.goto(`${address}/admin/${place}`);
    return page;
  }

  async function signedIn(shape: BrowserContextOptions): Promise<BrowserContext> {
    const context = await browser.newContext({ locale: 'zh-CN', ...shape });
    const signIn = await context.request.post(`${address}/api/console/sign-in`, {
      headers: { 'x-fieldbell': '1' },
      data: { password: PASSWORD },
    });
    expect(signIn.status()).toBe(204);
    return context;
  }

  /** Signed in, at a place that has its data. */
  async function enter(place: string, shape: BrowserContextOptions = DESKTOP): Promise<Page> {
    const key = JSON.stringify(shape);
    if (!browsers.has(key)) browsers.set(key, signedIn(shape));
    const page = await visit(place, await browsers.get(key));
    await page.locator('.page').waitFor();
    return page;
  }

  /** Waits for a notice at the lower edge. */
  const notice = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text).first().waitFor();

  return { app: () => test.app, run: (job: string) => test.run(job), address: () => address, visit, enter, notice };
}
