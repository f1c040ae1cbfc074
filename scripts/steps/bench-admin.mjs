/** Figures of the admin page, measured in a real browser over the built service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PASSWORD = 'a password for the bench';
const SHAPES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
};
/** Every place of the page; each is opened at both widths. */
const PLACES = [
  '',
  'alerts',
  'sla',
  'disputes',
  'rules',
  'rules/beijing-2025-10',
  'rules/beijing-2025-10?tab=versions',
  'delivery',
  'channels',
  'channels/lobby',
  'templates',
  'templates/calls%2Fday',
  'jobs',
  'jobs/rewards.settle',
  'sync',
  'rehearsal',
  'people',
  'people/admin',
  'console',
  'audit',
  'account',
];

/** Runs in the page before anything else: when it first shows its data, and what has jumped until then and after. */
function watch() {
  window.bench = { shift: 0, ready: null };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.bench.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    if (document.querySelector('.page') && !document.querySelector('.waiting')) window.bench.ready = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const ready = (page) => page.waitForFunction(() => window.bench.ready !== null, null, { timeout: 60_000 });

/** The service on a database of its own, and a browser; `sample`: with the sample workspace. */
async function open(load, { sample }) {
  const { chromium } = await import('playwright-core');
  const { createApp } = await load('src/app.js');
  const { readConfig } = await load('src/config.js');
  const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
  const settings = { DATABASE_URL: `file:${folder}/bench.db`, FIELDBELL_DATA: folder, LOG_LEVEL: 'error' };
  const app = await createApp(
    readConfig({
      ...settings,
      FIELDBELL_PORT: '0',
      FIELDBELL_SAMPLE: sample ? 'on' : 'off',
      FIELDBELL_ADMIN_PASSWORD: PASSWORD,
      FIELDBELL_ROLES: 'http,bots',
    }),
  );
  if (sample) await app.sample.open('on', false);
  await app.start();
  const { port } = (await app.http()).server.address();
  const base = `http://127.0.0.1:${port}`;
  const executablePath = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  return {
    app,
    base,
    async context(shape) {
      const context = await browser.newContext({ locale: 'zh-CN', ...shape });
      await context.addInitScript(watch);
      const headers = { 'x-fieldbell': '1' };
      await context.request.post(`${base}/api/console/sign-in`, { headers, data: { password: PASSWORD } });
      return context;
    },
    async close() {
      await browser.close();
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param tools.load imports a compiled module @param tools.line prints a figure */
export const adminFigures = ({ load, line }) => ({
  /** Every place at both widths, each with an empty cache: ms until its data are shown, layout shift, bytes over the wire. */
  async 'admin.pages'() {
    const bench = await open(load, { sample: true });
    const context = await bench.context(SHAPES.desktop);
    // The service is warm; browsers are not.
    await (await context.newPage()).goto(`${bench.base}/admin/`);
    await context.close();
    for (const [name, shape] of Object.entries(SHAPES)) {
      const seen = [];
      for (const place of PLACES) {
        const fresh = await bench.context(shape);
        const page = await fresh.newPage();
        await page.goto(`${bench.base}/admin/${place}`);
        await ready(page);
        // Charts come after the words.
        await page.waitForLoadState('load');
        await page.waitForTimeout(500);
        const { shift, readyMs, bytes } = await page.evaluate(() => ({
          shift: window.bench.shift,
          readyMs: window.bench.ready,
          bytes: performance
            .getEntries()
            .filter(({ entryType, name }) => entryType === 'navigation' || /\.(js|css)$/.test(name))
            .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
        }));
        seen.push({ place, readyMs, shift, kB: bytes / 1000 });
        await fresh.close();
      }
      const worst = (what) => seen.reduce((most, one) => (one[what] > most[what] ? one : most));
      const times = seen.map(({ readyMs }) => readyMs).sort((a, b) => a - b);
      line(`admin.pages.${name}`, {
        places: seen.length,
        p50Ms: Math.round(times[Math.floor(times.length / 2)]),
        maxMs: Math.round(worst('readyMs').readyMs),
        slowest: worst('readyMs').place || 'today',
        wantedMs: 1000,
        shift: Number(worst('shift').shift.toFixed(4)),
        jumps: seen.filter(({ shift }) => shift > 0.001).map(({ place }) => place || 'today'),
        kB: Number(worst('kB').kB.toFixed(1)),
        wantedKb: 200,
      });
    }
    await bench.close();
  },

  /** The delivery page over a log of 100,000 letters: ms from the deed to the rows that answer it, the middle of 5. */
  async 'admin.letters'() {
    const { fillLog } = await load('src/runtime/outbox/log/log.bench.js');
    const bench = await open(load, { sample: false });
    await fillLog(bench.app.context.db, bench.app.context.clock.now());
    const context = await bench.context(SHAPES.desktop);
    const measure = async (name, deed, shown) => {
      const took = [];
      for (let turn = 0; turn < 5; turn++) {
        const page = await context.newPage();
        await page.goto(`${bench.base}/admin/delivery`);
        await page.locator('.letters').waitFor();
        const began = performance.now();
        await deed(page);
        await shown(page);
        took.push(performance.now() - began);
        await page.close();
      }
      took.sort((a, b) => a - b);
      line(`admin.letters.${name}`, { letters: 100_000, p50Ms: Math.round(took[2]), maxMs: Math.round(took[4]) });
    };
    const first = (page, text) => page.locator('.letters tbody tr').first().getByText(text, { exact: true }).waitFor();
    await measure(
      'open',
      (page) => page.reload(),
      (page) => first(page, 'bench/99999'),
    );
    await measure(
      'one-state',
      (page) => page.getByRole('button', { name: /^失败/ }).click(),
      (page) => first(page, 'bench/99997'),
    );
    await measure(
      'search',
      (page) => page.getByLabel('编号里有').fill('bench/4711'),
      (page) => first(page, 'bench/47119'),
    );
    await measure(
      'one-channel',
      (page) => page.getByLabel('发给').fill('channel:bench-7'),
      (page) => first(page, 'bench/99957'),
    );
    await measure(
      'next-page',
      (page) => page.getByRole('button', { name: '较早的' }).click(),
      (page) => first(page, 'bench/99949'),
    );
    await measure(
      'one-letter',
      (page) => page.getByRole('link', { name: /第 99999 条/ }).click(),
      (page) => page.locator('.look').waitFor(),
    );
    await bench.close();
  },
});
