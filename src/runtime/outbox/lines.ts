import type { Channel, Rules } from '../../core/context.ts';
import { type Address, type ChatPlatform, restOf, schemeOf } from '../../core/platform.ts';
import type { People } from '../people/people.ts';
import { resolve } from './address.ts';
import type { Destinations } from './destination/destinations.ts';
import type { Counted } from './pace.ts';
import type { Quiet } from './quiet.ts';
import type { Found } from './store.ts';

/**
 * Letters that go one after another: those of one address, or of a channel whose robots are pooled (`channel:NAME`). What
 * channels say about their address holds for everything that goes there.
 */
export interface Line {
  key: string;
  /** More than one: pooled robots. */
  addresses: readonly Address[];
  platform: ChatPlatform;
  quiet: Quiet | undefined;
  digest: boolean;
  /** What the channel itself takes in a minute. */
  perMinute: number | undefined;
}

export interface Lines {
  /** The line of a name, or why its letters have to wait. */
  find(to: string): Promise<Found>;
  /** Undefined where it is not there any more: its letters are to be looked up again. */
  open(key: string): Line | undefined;
}

/** What the limits of a parcel to an address of a line are counted for. */
export function countedFor(line: Line, address: Address): Counted[] {
  const { platform, perMinute } = line;
  const own = perMinute === undefined ? [] : [{ count: perMinute, ms: 60_000 }];
  const limits = platform.limits?.(address) ?? [];
  const pooled = line.key !== address;
  return [
    { key: address, limits: pooled ? limits : [...limits, ...own] },
    { key: line.key, limits: pooled ? own : [] },
    { key: `${platform.name}:`, limits: platform.limitsOfAll ?? [] },
  ].filter((one) => one.limits.length > 0);
}

export function openLines(tools: {
  people: People;
  rules: Rules;
  destinations: Destinations;
  platforms: ReadonlyMap<string, ChatPlatform>;
}): Lines {
  const { people, rules, destinations, platforms } = tools;
  const addressesOf = (channel: Channel) => [channel.address, ...(channel.robots ?? [])].map(destinations.now);
  const pooledChannel = (to: string) => {
    const channel = schemeOf(to) === 'channel' ? rules.channel(restOf(to)) : undefined;
    return channel?.robots?.length ? channel : undefined;
  };
  const noPlatform = (address: Address) =>
    `no platform carries ${schemeOf(address) || 'an address without a scheme'}: — turn it on in the settings`;

  return {
    async find(to) {
      const pool = pooledChannel(to);
      if (pool) {
        const addresses = addressesOf(pool);
        const [first = ''] = addresses;
        if (!platforms.has(schemeOf(first))) return { held: noPlatform(first) };
        if (addresses.every(destinations.gone)) return { held: destinations.gone(first) ?? '' };
        return { line: to };
      }
      const target = await resolve(to, people, rules);
      if ('held' in target) return target;
      const address = destinations.now(target.address);
      if (!platforms.has(schemeOf(address))) return { held: noPlatform(address) };
      const gone = destinations.gone(address);
      return gone ? { held: gone } : { line: address };
    },
    open(key) {
      const pool = pooledChannel(key);
      const addresses = (pool ? addressesOf(pool) : [destinations.now(key)]).filter((one) => !destinations.gone(one));
      const platform = platforms.get(schemeOf(addresses[0] ?? ''));
      if (!platform || (!pool && addresses[0] !== key)) return undefined;
      const channels = pool
        ? [pool]
        : rules.channels().filter((one) => !one.robots?.length && addressesOf(one)[0] === key);
      const least = Math.min(...channels.flatMap(({ perMinute }) => perMinute ?? []));
      return {
        key,
        addresses: addresses.filter((one) => schemeOf(one) === platform.name),
        platform,
        quiet: channels.find(({ quiet }) => quiet)?.quiet,
        digest: channels.some(({ digest }) => digest === true),
        perMinute: Number.isFinite(least) ? least : undefined,
      };
    },
  };
}
