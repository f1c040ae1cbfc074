import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Console, createConsole } from '../bots/console/index.ts';
import { jobs } from '../jobs/index.ts';
import { dryRun } from './app-dry-run.ts';
import { createHttp } from './app-http.ts';
import { createOperator } from './app-operator.ts';
import { rehearse } from './app-rehearsal.ts';
import type { Config } from './config.ts';
import { commands, openContext } from './context.ts';
import type { Command } from './core/command.ts';
import type { Context } from './core/context.ts';
import { armCrashPoint } from './core/crash-point.ts';
import { AskerError } from './core/errors.ts';
import { type Message, textMessage } from './core/message.ts';
import type { DryRun } from './core/operator.ts';
import type { Letter } from './core/outbox.ts';
import { type ChatPlatform, type Drawable, restOf, schemeOf } from './core/platform.ts';
import type { Feed } from './core/source.ts';
import { type Clock, systemClock, today } from './core/time.ts';
import { domains } from './domains/index.ts';
import { readCampaigns } from './domains/rewards/index.ts';
import { openLog } from './log.ts';
import { openPlatforms, PLATFORMS } from './platforms.ts';
import { type ChartRenderer, createChartRenderer } from './render/chart.ts';
import { degrade } from './render/degrade.ts';
import { openPictures, type Pictures } from './render/pictures.ts';
import { watchEdits } from './runtime/channels/watch.ts';
import { openConsoleHistory } from './runtime/console/log.ts';
import { type Answer, createAnswerer, type Question } from './runtime/dispatch/answer.ts';
import { createReceiver } from './runtime/dispatch/receive.ts';
import { createSay } from './runtime/dispatch/say.ts';
import { typedLine } from './runtime/dispatch/typed-line.ts';
import { forgetOld, keepCalls } from './runtime/inbound/store.ts';
import { createJobAlarm } from './runtime/jobs/alarm.ts';
import { isLive, thisRunner } from './runtime/jobs/runner.ts';
import { createScheduler, type Scheduler } from './runtime/jobs/scheduler.ts';
import { forgetRuns } from './runtime/jobs/store.ts';
import { openLeases } from './runtime/leases/leases.ts';
import { createDispatcher, type Dispatcher } from './runtime/outbox/dispatcher.ts';
import { limitsFrom, withLimits } from './runtime/outbox/limits.ts';
import { createPace, leaveToAnswer } from './runtime/outbox/pace.ts';
import { openPeople, type People } from './runtime/people/people.ts';
import { createSample, type Sample } from './runtime/sample.ts';
import { openUploads } from './runtime/uploads/store.ts';
import { openDatabase } from './store/db.ts';
import { migrate } from './store/migrate.ts';

/** Longer than the address of any picture is good. */
const PICTURES_KEPT_DAYS = 60;

/** Platforms that need no settings of their own. */
const ALWAYS_ON = ['console', 'wecom-robot'];

/** Everything that Fieldbell is, built and not started. */
export interface App {
  config: Config;
  context: Context;
  commands: readonly Command[];
  feeds: readonly Feed[];
  people: People;
  sample: Sample;
  charts: ChartRenderer;
  pictures: Pictures;
  console: Console;
  dispatcher: Dispatcher;
  scheduler: Scheduler;
  answer(question: Question): Promise<Answer>;
  /** What a job would say, to whom; nothing is sent and nothing changes. */
  dryRun(name: string, args?: Record<string, unknown>, at?: Date): Promise<DryRun>;
  /** @throws AskerError where there is no such campaign */
  requireCampaign(key: string): Promise<void>;
  http(): Promise<FastifyInstance>;
  /** Each part → `ok`, `off …`, or what is wrong. */
  ready(): Promise<Record<string, string>>;
  start(): Promise<void>;
  /** Stops what was started, in reverse, and closes the database. */
  close(): Promise<void>;
}

export interface AppOverrides {
  clock?: Clock;
  log?: Logger;
  /** For the command line: warnings and errors alone. */
  quiet?: boolean;
}

/**
 * Builds everything and starts nothing but the database, which it brings to its newest form.
 * @throws SetupError where settings or rules are wrong
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  armCrashPoint(config.crashAt);
  const log = overrides.log ?? openLog(config, { quiet: overrides.quiet ?? false });
  const clock = overrides.clock ?? systemClock(config.zone);
  const stopping = new AbortController();
  const waiting = new SharedArrayBuffer(4);
  await migrate(config.databaseUrl);
  const db = openDatabase(config.databaseUrl, { role: 'main', waiting });
  const context = await openContext(config, { db, clock, log, signal: stopping.signal, wake: () => dispatcher.wake() });

  const people = openPeople(db, clock);
  const sample = createSample(context, people, domains, context.rules.showSample);
  const charts = createChartRenderer({ quickchartUrl: config.quickchartUrl, log });
  const pictures = openPictures(join(config.dataFolder, 'pictures'));

  const answer = createAnswerer(commands, context);

  const isSampleRoom = (room: string) => {
    const person = room.startsWith('@sample-');
    return person || context.rules.channels().some((one) => one.sample && restOf(one.address) === room);
  };
  const history = openConsoleHistory(db, clock, pictures, 'Fieldbell', isSampleRoom);
  const consolePlatform = createConsole(history);
  const alarm = (text: string): void => {
    log.error({ part: 'alarm' }, text);
    const key = `alarm/${today(clock)}/${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    const letter: Letter = { key, to: 'channel:admins', class: 'notice', message: textMessage(text) };
    context.outbox.post(letter).catch((error: unknown) => log.error({ err: error }, 'an alarm could not be posted'));
  };
  const alive = (runner: string) => isLive({ runner, heartbeatAt: clock.now() }, clock.now());
  const others = await openPlatforms(config, {
    leases: openLeases(db, clock, thisRunner, alive),
    uploads: openUploads(db, clock),
    clock,
    log,
    alarm,
  });
  const limits = limitsFrom(await context.rules.documents('limits'), PLATFORMS);
  const platforms = new Map(
    [consolePlatform as ChatPlatform, ...others].map((one) => [one.name, withLimits(one, limits)]),
  );

  const degraded = (message: Message, draws: ReadonlySet<Drawable>) =>
    degrade(message, draws, {
      charts,
      pictures: pictures.picture,
      file: pictures.bytes,
      clock,
      typed: (button, lang) => typedLine(button.call, commands, lang),
      failed: (error, what) => log.warn({ err: error }, `${what} could not be drawn`),
    });
  const parcels = async (platform: ChatPlatform, message: Message): Promise<unknown[]> => {
    const drawn = await degraded(message, platform.draws);
    const buttons = drawn.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
    await keepCalls(db, buttons, clock.now());
    return platform.draw(drawn);
  };
  const pace = createPace(db, clock);
  const say = createSay({
    parcels,
    leave: (platform, to) => leaveToAnswer(pace, platform, to),
    signal: stopping.signal,
  });
  const dispatcher = createDispatcher(
    {
      db,
      clock,
      log: log.child({ part: 'outbox' }),
      people,
      rules: context.rules,
      platforms,
      parcels,
      pace,
      runner: thisRunner,
    },
    alive,
  );
  context.outboxStats = () => dispatcher.forecast();
  const scheduler = createScheduler({
    jobs,
    context: { db, clock, log: log.child({ part: 'jobs' }) },
    worker: { entry: new URL('../jobs/worker.js', import.meta.url), config, waiting },
    onWake: () => dispatcher.wake(),
    alarm: createJobAlarm(context),
  });

  const edits = watchEdits(context, async () => {
    await context.rules.reload();
    await context.words.reload();
    dispatcher.rulesChanged();
  });
  context.operator = createOperator({
    ...{ context, scheduler, platforms, pictures, degraded },
    rulesChanged: edits.changed,
    dryRun: (wanted) => dryRun(wanted, { config, context, sampleShown: sample.active() }),
    rehearse: (day, preview) =>
      rehearse(day, { config, context, platforms, preview, sampleShown: () => sample.active() }),
  });

  const configured = () =>
    platforms.size > ALWAYS_ON.length ||
    Boolean(config.metabase || config.guanke || config.mysqlUrl) ||
    context.rules.channels().some((channel) => schemeOf(channel.address) !== 'console');
  let server: FastifyInstance | undefined;

  const app: App = {
    config,
    context,
    commands,
    feeds: domains.flatMap((domain) => domain.feeds),
    people,
    sample,
    charts,
    pictures,
    console: consolePlatform,
    dispatcher,
    scheduler,
    answer,
    dryRun: (name, args = {}, at) => dryRun({ name, args, at }, { config, context, sampleShown: sample.active() }),
    async requireCampaign(key) {
      const { campaigns } = await readCampaigns(context);
      if (campaigns.some((campaign) => campaign.key === key)) return;
      throw new AskerError(`no campaign ${key}; there are: ${campaigns.map((one) => one.key).join(', ')}`);
    },
    async http() {
      server ??= await createHttp({ ...app, history, log, platforms: platforms.values() });
      return server;
    },
    async ready() {
      const rules = await readCampaigns(context);
      const channels = context.rules.channels().filter((channel) => schemeOf(channel.address) === 'wecom-robot');
      const late = (await scheduler.listJobs()).filter((job) => job.last?.state === 'failed').map((job) => job.name);
      return {
        database: await db.$queryRaw`SELECT 1`.then(
          () => 'ok',
          () => 'cannot be read',
        ),
        rules: rules.mistakes.length === 0 ? 'ok' : rules.mistakes.join('; '),
        jobs: late.length === 0 ? 'ok' : `failed last time: ${late.join(', ')}`,
        metabase: (await context.sources.metabase?.health()) ?? 'off',
        guanke: (await context.sources.guanke?.health()) ?? 'off',
        mysql: (await context.sources.mysql?.health()) ?? 'off',
        ...Object.fromEntries([...platforms.values()].map((one) => [one.name, one.health?.() ?? 'ok'])),
        'wecom-robot': channels.length > 0 ? 'ok' : 'off: no robot channel in rules/channels.yaml has its variable set',
      };
    },
    async start() {
      const { parts } = config;
      edits.start();
      await sample.open(config.sample, configured());
      if (parts.includes('bots')) {
        for (const platform of platforms.values()) {
          const receive = createReceiver(platform, { answer, people, say, context, dataFolder: config.dataFolder });
          await platform.start?.(receive, stopping.signal);
        }
      }
      if (parts.includes('dispatch')) await dispatcher.start();
      if (parts.includes('jobs')) {
        await scheduler.start();
        // A new sample's good news is there in the first minute, not at the job's next time.
        const ran = await scheduler.listRuns({ name: 'rewards.settle', limit: 1 });
        if (sample.active() && ran.length === 0) {
          void scheduler.runJob('rewards.settle').catch((error: unknown) => log.warn({ err: error }));
        }
      }
      if (parts.includes('http')) {
        await (await app.http()).listen({ host: config.host, port: config.port });
      }
      // Not waited for: the server is ready without it.
      sample.refresh().catch((error: unknown) => log.warn({ err: error }, 'the sample could not be brought up to now'));
      // Not waited for: what nobody asks for any more is forgotten.
      const days = (count: number) => new Date(clock.now().getTime() - count * 86_400_000);
      Promise.all([
        forgetOld(db, days(7), days(90)),
        forgetRuns(db, days(30)),
        pictures.prune(days(PICTURES_KEPT_DAYS)),
      ]).catch((error: unknown) => log.warn({ err: error }, 'old records could not be removed'));
      log.info({ host: hostname(), parts, sample: sample.active() }, 'Fieldbell is up');
    },
    async close() {
      edits.stop();
      await server?.close();
      await scheduler.stop();
      await dispatcher.stop();
      stopping.abort();
      await Promise.all([...platforms.values()].map((platform) => platform.stop?.()));
      await db.$disconnect();
    },
  };
  if (config.sample !== 'off') await sample.resume();
  return app;
}
