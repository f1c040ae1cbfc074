import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';

/** Builds the app, does one thing with it, and closes it again. The log goes to standard error. */
export async function withApp<T>(config: Config, use: (app: App) => Promise<T>): Promise<T> {
  const app = await createApp(config, { quiet: true });
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

/** One JSON value on a line of standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
