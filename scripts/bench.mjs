// `npm run bench`: measures on this machine and prints one JSON line per figure. Names as arguments choose some of them.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adminFigures } from './steps/bench-admin.mjs';
import { callsFigures } from './steps/bench-calls.mjs';
import { driversFigures } from './steps/bench-drivers.mjs';
import { setUp } from './steps/index.mjs';
import { percentiles } from './steps/percentiles.mjs';
import { root } from './steps/run.mjs';

const load = (file) => import(pathToFileURL(join(root, 'dist', file)).href);
const line = (figure, values) => console.log(JSON.stringify({ figure, ...values, cores: cpus().length }));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const figures = {
  /** Pure deciding: contracts a second over 500,000 contracts of 5,000 people. */
  async 'rewards.decide'() {
    const { benchDecide } = await load('src/domains/rewards/decide.bench.js');
    const { campaignsFrom } = await load('src/domains/rewards/campaign.js');
    const file = 'rules/rewards/beijing-2025-10.yaml';
    const [campaign] = campaignsFrom([{ file, text: readFileSync(join(root, file), 'utf8') }]).campaigns;
    const { perSecond } = benchDecide(campaign);
    line('rewards.decide', { contractsPerSecond: perSecond, wanted: 200_000 });
  },

  /** A month of 100,000 contracts of 1,000 people in the database: kept, settled with all letters, settled again; then asked about. */
  async 'rewards.settle'() {
    const { createApp } = await load('src/app.js');
    const { readConfig } = await load('src/config.js');
    const { fixedClock } = await load('src/core/time.js');
    const { benchSettle } = await load('src/domains/rewards/settle.bench.js');
    const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
    const config = readConfig({
      DATABASE_URL: `file:${folder}/bench.db`,
      FIELDBELL_DATA: folder,
      LOG_LEVEL: 'error',
      FIELDBELL_SAMPLE: 'off',
    });
    const clock = fixedClock('Asia/Shanghai', new Date('2025-10-21T10:00:00+08:00'));
    const app = await createApp(config, { clock });
    line('rewards.settle', {
      contracts: 100_000,
      ...(await benchSettle(app.context, { campaign: 'BJ-2025-10', month: '2025-10' })),
      wantedS: 10,
    });
    const asker = { personId: null, name: 'bench', role: 'lead', lang: 'zh', subjects: [], from: null };
    const took = [];
    for (let at = 0; at < 100; at++) {
      const call = { command: 'rewards.why', args: { contract: String(1_000_000_000 + ((at * 7_919) % 100_000)) } };
      const began = performance.now();
      const { outcome } = await app.answer({ asker, call });
      took.push(performance.now() - began);
      if (outcome !== 'done') throw new Error(`rewards.why: ${outcome}`);
    }
    took.sort((a, b) => a - b);
    line('rewards.why', { p50Ms: Number(took[49].toFixed(1)), p95Ms: Number(took[94].toFixed(1)), wantedMs: 150 });
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  },

  /** 10,000 open orders evaluated once by working hours. */
  async 'sla.evaluate'() {
    const { benchEvaluate } = await load('src/domains/sla/levels/evaluate.bench.js');
    line('sla.evaluate', { orders: 10_000, ...benchEvaluate(), wantedMs: 1_000 });
  },

  /**
   * A Monday morning: 2,000 violations of 200 providers saved and told, with the reports and the ranking of the week; then
   * delivered to robots that take 20 a minute, 150 groups of their own and one for the others, with a clock that is
   * turned: the end that the outbox foresaw against the real one. And the watch over 10,000 open orders.
   */
  async 'sla.morning'() {
    const { planMorning, deliverForeseen, benchWatch } = await load('src/domains/sla/morning.bench.js');
    const { startRobots } = await load('src/domains/sla/robots.bench.js');
    const { createApp } = await load('src/app.js');
    const { readConfig } = await load('src/config.js');
    const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
    const rules = join(folder, 'rules');
    cpSync(join(root, 'rules'), rules, { recursive: true });
    const own = Array.from({ length: 150 }, (_, n) => n);
    const channel = (name) => `  - { name: ${name}, address: "wecom-robot:${name}-key" }\n`;
    const channels = ['admins', 'providers', 'service-leads', ...own.map((n) => `group-${n}`)].map(channel).join('');
    writeFileSync(join(rules, 'channels.yaml'), `channels:\n${channels}`);
    const providers = Array.from({ length: 200 }, (_, n) =>
      n < 150 ? `  - { name: 服务商${n}, channel: group-${n} }\n` : `  - { name: 服务商${n} }\n`,
    ).join('');
    const fallback = 'fallback: { channel: providers, lead: service-leads }\n';
    writeFileSync(join(rules, 'providers.yaml'), `${fallback}providers:\n${providers}`);
    let now = Date.parse('2026-11-23T09:00:00+08:00');
    const clock = { zone: 'Asia/Shanghai', now: () => new Date(now), advance: (ms) => (now += ms) };
    const robots = await startRobots(clock);
    const settings = {
      ...{ DATABASE_URL: `file:${folder}/bench.db`, FIELDBELL_DATA: folder, LOG_LEVEL: 'error' },
      ...{ FIELDBELL_SAMPLE: 'off', FIELDBELL_RULES: rules, WECOM_API_BASE: robots.url },
    };
    const app = await createApp(readConfig(settings), { clock });
    line('sla.morning', {
      ...(await planMorning(app.context, { providers: 200, violations: 2_000 })),
      wantedMs: 5_000,
    });
    const delivered = await deliverForeseen(app.dispatcher, clock, 2_000);
    line('sla.delivery', { ...delivered, ...robots.counts, wantedOff: 0.1 });
    line('sla.watch', { ...(await benchWatch(app.context)), wantedMs: 1_000 });
    await app.close();
    await robots.close();
    rmSync(folder, { recursive: true, force: true });
  },

  /** The delivery log with 100,000 letters, as the admin page asks for it: ms over HTTP, the middle and the worst of 20. */
  async log() {
    const { createApp } = await load('src/app.js');
    const { readConfig } = await load('src/config.js');
    const { fillLog } = await load('src/runtime/outbox/log/log.bench.js');
    const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
    const settings = {
      DATABASE_URL: `file:${folder}/bench.db`,
      FIELDBELL_DATA: folder,
      LOG_LEVEL: 'error',
      FIELDBELL_SAMPLE: 'off',
    };
    const app = await createApp(readConfig({ ...settings, FIELDBELL_API_TOKENS: 'bench:bench-token-1:admin' }));
    const { db, clock } = app.context;
    await fillLog(db, clock.now());
    const http = await app.http();
    const headers = { authorization: 'Bearer bench-token-1', 'content-type': 'application/json' };
    const measure = async (name, command, args) => {
      const took = [];
      for (let at = 0; at < 20; at++) {
        const began = performance.now();
        const answer = await http.inject({
          method: 'POST',
          url: `/api/commands/${command}`,
          headers,
          payload: JSON.stringify(args),
        });
        if (answer.statusCode !== 200) throw new Error(answer.body);
        took.push(performance.now() - began);
      }
      took.sort((a, b) => a - b);
      line(`log.${name}`, { letters: 100_000, p50Ms: Number(took[10].toFixed(1)), maxMs: Number(took[19].toFixed(1)) });
    };
    await measure('first-page', 'outbox.letters', {});
    await measure('deep-page', 'outbox.letters', { before: 500 });
    await measure('one-state', 'outbox.letters', { states: ['dead'], before: 50_000 });
    await measure('one-channel', 'outbox.letters', { to: 'channel:bench-7' });
    await measure('part-of-a-key', 'outbox.letters', { text: 'bench/99' });
    await measure('one-day', 'outbox.letters', { from: clock.now().toISOString().slice(0, 10), states: ['held'] });
    await measure('one-letter', 'outbox.letter', { key: 'bench/4711' });
    await measure('stats', 'outbox.stats', {});
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  },

  /** From the typed line to what a platform is given, on the sample workspace; charts are drawn, not remembered. */
  async answers() {
    const { createApp } = await load('src/app.js');
    const { readConfig } = await load('src/config.js');
    const { degrade } = await load('src/render/degrade.js');
    const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
    const settings = { DATABASE_URL: `file:${folder}/bench.db`, FIELDBELL_DATA: folder, LOG_LEVEL: 'error' };
    const app = await createApp(readConfig(settings));
    await app.sample.open('on', false);
    const { clock } = app.context;
    const people = await app.people.list();
    const { askerOf } = await load('src/runtime/people/people.js');
    const lead = askerOf(people.find((person) => person.role === 'lead'));
    const day = (back) => new Date(clock.now().getTime() - back * 86_400_000).toISOString().slice(0, 10);
    const tools = { charts: app.charts, pictures: app.pictures.picture, file: app.pictures.bytes, clock };
    const ask = async (text, draws) => {
      const began = performance.now();
      const { message, outcome } = await app.answer({ asker: lead, text });
      await degrade(message, new Set(draws), tools);
      if (outcome !== 'done') throw new Error(`${text}: ${outcome}`);
      return performance.now() - began;
    };
    const questions = [];
    for (let back = 1; back <= 30; back++) {
      questions.push(`外呼 ${day(back)}`, `司机 D-1023 ${day(back + 6)}..${day(back)} 趋势`, `calls ${day(back)}`);
    }
    questions.push('奖励排行', '本月外呼', 'help', 'whoami', 'help 趋势');
    const run = async (draws) => {
      const times = [];
      for (const question of questions) times.push(await ask(question, draws));
      return times;
    };
    await run([]);
    line('answer.text', { ...percentiles(await run([])), wantedP95: 100 });
    line('answer.chart', { ...percentiles(await run(['pictures', 'table'])), wantedP95: 300 });
    await app.close();
    rmSync(folder, { recursive: true });
  },

  ...driversFigures(line),

  ...callsFigures(line, percentiles),
  ...adminFigures({ load, line }),

  /** Accepting letters, durable when acknowledged; sending to platforms without and with limits, over the real dispatcher. */
  async outbox() {
    const { benchOutbox } = await load('src/runtime/outbox/outbox.bench.js');
    const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
    await benchOutbox(`file:${folder}/bench.db`, line);
    rmSync(folder, { recursive: true });
  },

  /** A second `npm start`: from the command to a ready server, and what it holds in memory when idle. */
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'fieldbell-bench-'));
    const env = {
      ...process.env,
      FIELDBELL_DATA: folder,
      DATABASE_URL: `file:${folder}/bench.db`,
      FIELDBELL_PORT: '18787',
    };
    const times = [];
    for (let turn = 0; turn < 4; turn++) {
      const began = performance.now();
      const child = spawn('npm', ['start'], { cwd: root, env, stdio: 'ignore', detached: true });
      while (
        !(await fetch('http://127.0.0.1:18787/ready').then(
          (answer) => answer.ok,
          () => false,
        ))
      )
        await wait(10);
      times.push(performance.now() - began);
      if (turn === 3) {
        await wait(15_000);
        line('idle.memory', { rssMb: Math.round(residentKb(child.pid) / 1024), wanted: 300 });
      }
      process.kill(-child.pid, 'SIGINT');
      await new Promise((resolve) => child.on('exit', resolve));
    }
    // The first fills the sample workspace.
    line('start.ready', { ms: times.slice(1).map(Math.round), firstMs: Math.round(times[0]), wanted: 2000 });
    rmSync(folder, { recursive: true });
  },
};

/** Resident memory of a process and its children, in kB, as Linux tells it. */
function residentKb(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return children.reduce((sum, child) => sum + residentKb(Number(child)), own);
}

await setUp();
const chosen = process.argv.slice(2);
for (const [name, measure] of Object.entries(figures))
  if (chosen.length === 0 || chosen.includes(name)) await measure();
