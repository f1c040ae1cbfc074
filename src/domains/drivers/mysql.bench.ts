import type { Context } from '../../core/context.ts';
import { driversSync } from './sync.ts';

/** A whole read of the mapped tables, and a second one of what has changed since: milliseconds and rows. */
export async function benchSync(context: Context): Promise<{ ms: number; read: number }> {
  const began = performance.now();
  const { counts } = await driversSync.run(context, { trigger: 'hand' });
  return { ms: Math.round(performance.now() - began), read: counts['read'] ?? 0 };
}
