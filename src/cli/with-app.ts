import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import type { Context } from '../core/context.ts';

/** Builds the app, does one thing with it, and closes it again. The log goes to standard error. */
export async function withApp<T>(config: Config, use: (app: App) => Promise<T>): Promise<T> {
  // Loaded here: what needs no app does not wait for the server and the pictures.
  const { createApp } = await import('../app.ts');
  const app = await createApp(config, { quiet: true });
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

/** Does one thing with the world that jobs look at, without platforms and server: it is there in a third of the time. */
export async function withContext<T>(config: Config, use: (context: Context) => Promise<T>): Promise<T> {
  const { openCliContext } = await import('../cli-context.ts');
  const { context, close } = await openCliContext(config);
  try {
    return await use(context);
  } finally {
    await close();
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
