import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

const RECORDS = 94_347;
const LATENCY_MS = 100;
const PEOPLE = 50;
const LINES = [
  '昨日外呼',
  '本月外呼',
  '坐席排行 昨天',
  '时段分析 近7天',
  '意向度趋势',
  '外呼任务 昨天',
  '外呼线路 昨天',
];

/** An emulated Guanke in a process of its own, a database, and the built command line on both. */
async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
  const daysAgo = (count) => new Date(Date.now() + 8 * 3_600_000 - count * 86_400_000).toISOString().slice(0, 10);
  const [day, dayBefore] = [daysAgo(1), daysAgo(2)];
  const args = ['--day', day, '--day', dayBefore, '--records', String(RECORDS), '--latency', String(LATENCY_MS)];
  const guanke = spawn(process.execPath, [join(root, 'scripts/guanke.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ url }] = await once(guanke, 'message');
  const settings = {
    DATABASE_URL: `file:${folder}/bench.db`,
    FIELDBELL_DATA: folder,
    FIELDBELL_SAMPLE: 'off',
    GUANKE_BASE_URL: url,
    GUANKE_SECRET: 'console-secret',
  };
  return {
    dayBefore,
    settings,
    emulatorS: () => cpuSeconds(guanke.pid),
    /** @returns what the run says of itself, and what the process took */
    async sync(feed, of = day) {
      const began = performance.now();
      const child = spawn(process.execPath, [join(root, 'dist/src/cli.js'), 'sync', feed, '--from', of], {
        env: { ...process.env, ...settings, LOG_LEVEL: 'warn' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      let peakKb = 0;
      let cpuS = 0;
      const watch = setInterval(() => {
        peakKb = Math.max(peakKb, highWaterKb(child.pid));
        cpuS = cpuSeconds(child.pid) || cpuS;
      }, 20);
      const [code] = await once(child, 'close');
      clearInterval(watch);
      const processMs = Math.round(performance.now() - began);
      const { openDatabase } = await import(pathToFileURL(join(root, 'dist/src/store/db.js')).href);
      const db = openDatabase(settings.DATABASE_URL);
      const run = await db.callSync.findFirst({ orderBy: { id: 'desc' } });
      await db.$disconnect();
      if (code !== 0 || run?.state !== 'complete') throw new Error(`fieldbell sync ${feed} ended with ${code}`);
      const { read, added, changed, unchanged } = JSON.parse(run.counts);
      const peakMb = Math.round(peakKb / 1024);
      return { syncMs: run.durationMs, processMs, cpuS, peakMb, read, added, changed, unchanged };
    },
    close() {
      guanke.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The most memory that a process has held, as Linux tells it. */
function highWaterKb(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Seconds of processor that a process has used so far. */
function cpuSeconds(pid) {
  const [user, system] = (read(`/proc/${pid}/stat`).split(') ')[1] ?? '').split(' ').slice(11, 13);
  return (Number(user ?? 0) + Number(system ?? 0)) / 100;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Figures of outbound calls; `line` prints one. */
export function callsFigures(line, percentiles) {
  const about = { records: RECORDS, pageMs: LATENCY_MS };
  return {
    /**
     * Answers from what is kept, 50 people at once, in words and with charts; then the same while another day is read for
     * the first time by another process. Charts that somebody has just asked for are remembered, as in the service.
     */
    async 'calls.answers'() {
      const world = await openWorld();
      const load = (file) => import(pathToFileURL(join(root, 'dist/src', file)).href);
      const { createApp } = await load('app.js');
      const { readConfig } = await load('config.js');
      const { degrade } = await load('render/degrade.js');
      try {
        await world.sync('calls.tasks');
        await world.sync('calls.records');
        const app = await createApp(readConfig({ ...world.settings, LOG_LEVEL: 'error' }));
        const { clock } = app.context;
        const tools = { charts: app.charts, pictures: app.pictures.picture, file: app.pictures.bytes, clock };
        const asker = { personId: null, name: 'bench', role: 'lead', lang: 'zh', subjects: [], from: null };
        const ask = async (text, draws) => {
          const began = performance.now();
          const { message, outcome } = await app.answer({ asker, text });
          await degrade(message, new Set(draws), tools);
          if (outcome !== 'done') throw new Error(`${text}: ${outcome}`);
          return performance.now() - began;
        };
        const charts = ['pictures', 'table'];
        const everybody = (round, draws) =>
          Promise.all(Array.from({ length: PEOPLE }, (_, at) => ask(LINES[(round + at) % LINES.length], draws)));
        /** Rounds of words and of charts in turn, until it is over. */
        const measure = async (during, isOver) => {
          const [text, chart] = [[], []];
          for (let round = 0; !(await isOver(round)); round++) {
            text.push(...(await everybody(round, [])));
            chart.push(...(await everybody(round, charts)));
          }
          line('calls.answers.text', { during, people: PEOPLE, ...percentiles(text), wantedP95: 100 });
          line('calls.answers.chart', { during, people: PEOPLE, ...percentiles(chart), wantedP95: 300 });
        };
        for (let round = 0; round < LINES.length; round++) await everybody(round, charts);
        await measure('rest', (round) => round === 2 * LINES.length);
        const running = () => app.context.db.callSync.count({ where: { state: 'running' } });
        const syncing = world.sync('calls.records', world.dayBefore);
        // Starting a process stops this one for a moment, which is no part of a synchronisation.
        while ((await running()) === 0) await sleep(5);
        await measure('sync', async () => (await running()) === 0);
        line('calls.answers.sync', await syncing);
        await app.close();
      } finally {
        world.close();
      }
    },

    /** A day of records over a slow upstream by the built command line: read and kept for the first time. */
    async 'calls.day'() {
      const world = await openWorld();
      try {
        line('calls.day', { ...about, ...(await world.sync('calls.records')), wantedMs: 6_000, wantedMb: 350 });
      } finally {
        world.close();
      }
    },

    /** The same day again, of which nothing has changed. */
    async 'calls.again'() {
      const world = await openWorld();
      try {
        await world.sync('calls.records');
        const emulatorS = world.emulatorS();
        const again = await world.sync('calls.records');
        const upstreamCpuS = Number((world.emulatorS() - emulatorS).toFixed(1));
        line('calls.again', { ...about, ...again, upstreamCpuS, wantedMs: 3_000, wantedMb: 350 });
      } finally {
        world.close();
      }
    },
  };
}
