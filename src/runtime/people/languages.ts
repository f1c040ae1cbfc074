import type { Rules } from '../../core/context.ts';
import type { Lang } from '../../core/message.ts';
import type { Languages } from '../../core/outbox.ts';
import { restOf, schemeOf } from '../../core/platform.ts';
import { localesOf } from './store.ts';

/** Reads languages from channels and people. An address has the language of the channel that has it, or of its owner. */
export function openLanguages(rules: Pick<Rules, 'channel' | 'channels'>): Languages {
  return async (all, db) => {
    const known = new Map<string, Lang>();
    const others: string[] = [];
    for (const to of new Set(all)) {
      const channel =
        schemeOf(to) === 'channel'
          ? rules.channel(restOf(to))
          : rules.channels().find(({ address, robots = [] }) => [address, ...robots].includes(to));
      if (channel?.lang) known.set(to, channel.lang);
      else if (!channel && schemeOf(to) !== 'channel') others.push(to);
    }
    if (others.length > 0) for (const [to, locale] of await localesOf(db, others)) known.set(to, locale as Lang);
    return known;
  };
}
