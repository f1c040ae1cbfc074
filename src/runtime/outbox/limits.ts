import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { RuleDocument } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';
import type { Address, ChatPlatform, Limit } from '../../core/platform.ts';

const OneLimit = z.strictObject({
  /** `address`: each conversation by itself; `group`: each group alone; `all`: all conversations of the platform together. */
  per: z.enum(['address', 'group', 'all']),
  count: z.int().positive(),
  seconds: z.number().positive().max(3600, 'at most 3600: departures are kept for an hour'),
});
const LimitsDocument = z.strictObject({ limits: z.record(z.string(), z.array(OneLimit)) });
type ConfiguredLimit = z.output<typeof OneLimit>;

/** `rules/limits.yaml`: what platforms take, where the house wants it otherwise than they do by themselves. */
export type ConfiguredLimits = ReadonlyMap<string, readonly ConfiguredLimit[]>;

/**
 * Reads the limits.
 * @param known names of the platforms
 * @throws SetupError where the document is wrong
 */
export function limitsFrom(documents: readonly RuleDocument[], known: readonly string[]): ConfiguredLimits {
  const limits = new Map<string, readonly ConfiguredLimit[]>();
  for (const { file, text } of documents) {
    const read = LimitsDocument.safeParse(parseDocument(text).toJS());
    const mistakes = read.success
      ? Object.keys(read.data.limits)
          .filter((name) => !known.includes(name))
          .map((name) => `${name}: no such platform; there are ${known.join(', ')}`)
      : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    if (mistakes.length > 0) throw new SetupError(`${file} is wrong:`, mistakes);
    for (const [name, list] of Object.entries(read.data?.limits ?? {})) limits.set(name, list);
  }
  return limits;
}

/** The platform with the configured limits in the place of its own; the same one where none are. */
export function withLimits(platform: ChatPlatform, configured: ConfiguredLimits): ChatPlatform {
  const list = configured.get(platform.name);
  if (!list) return platform;
  const of = (...kinds: ConfiguredLimit['per'][]): Limit[] =>
    list.filter(({ per }) => kinds.includes(per)).map(({ count, seconds }) => ({ count, ms: seconds * 1000 }));
  return Object.create(platform, {
    limits: { value: (to: Address) => of('address', ...(isGroup(to) ? ['group' as const] : [])) },
    limitsOfAll: { value: of('all') },
  }) as ChatPlatform;
}

/** Telegram's groups have negative ids or names; AI bot's persons begin with @. */
function isGroup(to: Address): boolean {
  return /^telegram:[-@]|^wecom-bot:(?!@)|^slack:[CG]|^wecom-robot:|^console:(?!@)/.test(to);
}
