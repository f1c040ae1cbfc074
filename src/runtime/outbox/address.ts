import type { Rules } from '../../core/context.ts';
import type { SubjectKind } from '../../core/people.ts';
import { type Address, restOf, schemeOf } from '../../core/platform.ts';
import type { People } from '../people/people.ts';

/** Where a letter goes now, or why it has to wait. */
export type Resolved = { address: Address } | { held: string };

const SUBJECTS: readonly string[] = ['housekeeper', 'driver', 'seat'] satisfies SubjectKind[];

/** Turns what a letter names (a channel, a person, a subject upstream, an address) into an address. */
export async function resolve(to: string, people: People, rules: Rules): Promise<Resolved> {
  const scheme = schemeOf(to);
  const rest = restOf(to);
  if (scheme === 'channel') {
    const channel = rules.channel(rest);
    return channel
      ? { address: channel.address }
      : { held: `channel ${rest} has no address: it is not in rules/channels.yaml, or its variable is not set` };
  }
  if (scheme === 'person') {
    const address = await people.addressOf({ personId: rest });
    return address ? { address } : { held: `no linked address: person ${rest}` };
  }
  if (SUBJECTS.includes(scheme)) {
    const address = await people.addressOf({ kind: scheme as SubjectKind, id: rest });
    return address ? { address } : { held: `no linked address: ${scheme} ${rest}` };
  }
  return { address: to };
}
