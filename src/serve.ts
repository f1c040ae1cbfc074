import type { AddressInfo } from 'node:net';
import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { SetupError } from './core/errors.ts';
import { hasSession } from './runtime/people/store.ts';

/** A stop that takes longer than this is ended: something hangs. */
const STOP_MS = 15_000;

/** Runs everything until SIGINT or SIGTERM, then stops it in reverse. */
export async function serve(config: Config): Promise<void> {
  const app = await createApp(config);
  const stop = stopOnSignal(app);
  try {
    await app.start();
  } catch (error) {
    await app.close();
    throw explain(error, config);
  }
  await greet(app);
  await stop;
}

function stopOnSignal(app: App): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = () => {
      // A second Ctrl-C, or npm passing the first one on: the first is being obeyed.
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), STOP_MS).unref();
      app.close().then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** What a person at the terminal wants to know: where it is, and what to try. */
async function greet(app: App): Promise<void> {
  const { config, sample } = app;
  if (!config.parts.includes('http')) return;
  const { port } = (await app.http()).server.address() as AddressInfo;
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  const home = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const lines = ['', `  Fieldbell  ${home}/`, ''];
  if (sample.active()) {
    lines.push(
      '  This is a sample workspace (示例数据): people, drivers, contracts and calls are invented.',
      '  Open the address, choose who you are, and try:',
      '',
      '    司机 D-1023 近7天趋势',
      '    今日外呼',
      '    我的奖励',
      '',
      '  Remove it: npm run fieldbell -- sample remove',
    );
  } else if (config.adminPassword === undefined) {
    const admin = await app.people.administrator();
    if (await hasSession(app.context.db, admin.id, app.context.clock.now()))
      lines.push('  Sign in with a code: npm run fieldbell -- people code admin');
    else lines.push(`  First sign-in, once, within a day: ${home}/#code=${await app.people.code(admin.id, 24)}`);
  }
  lines.push('  Stop with Ctrl-C.', '');
  process.stderr.write(`${lines.join('\n')}\n`);
}

function explain(error: unknown, config: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new SetupError(
      `Port ${config.port} on ${config.host} is taken: Fieldbell may be running already. Stop it, or set FIELDBELL_PORT.`,
    );
  }
  if (code === 'EACCES') return new SetupError(`Fieldbell may not listen on port ${config.port}: set FIELDBELL_PORT.`);
  return error;
}
