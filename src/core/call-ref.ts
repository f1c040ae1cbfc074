import { createHash } from 'node:crypto';
import type { Call } from './message.ts';

/** A short name of a call, always the same for the same call: 22 ASCII characters. */
export function callRef(call: Call): string {
  const args = Object.entries(call.args).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([call.command, args, ...(call.turns ? ['turns'] : [])]))
    .digest('base64url')
    .slice(0, 22);
}
