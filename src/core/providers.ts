import { z } from 'zod';
import type { Rules } from './context.ts';
import { SetupError } from './errors.ts';
import { sheetOf } from './sheet.ts';

const ChannelName = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a channel of channels.yaml');
const Written = z.strictObject({
  fallback: z.strictObject({ channel: ChannelName, lead: ChannelName }),
  providers: z.array(
    z.strictObject({ name: z.string().trim().min(1), channel: ChannelName.optional(), lead: ChannelName.optional() }),
  ),
});

/** Service providers, and where each is told. */
export interface Providers {
  /** Those that `rules/providers.yaml` names. */
  names: readonly string[];
  /** `channel:…` of a provider's group; one that is not named has the fallback. */
  groupOf(provider: string): string;
  /** `channel:…` of whom an escalation tells. */
  leadOf(provider: string): string;
}

/**
 * Reads `rules/providers.yaml`, or the sample's.
 * @throws SetupError where it is missing or wrong
 */
export async function readProviders(rules: Pick<Rules, 'documents'>, sample = false): Promise<Providers> {
  const name = sample ? 'sample/providers' : 'providers';
  const [document] = await rules.documents(name);
  if (!document) throw new SetupError(`rules/${name}.yaml is missing: it says where providers are told.`);
  const { value, mistakes, lineOf } = sheetOf(document, Written);
  const twice = (value?.providers ?? []).flatMap((one, at, all) =>
    all.findIndex((other) => other.name === one.name) < at
      ? [`${document.file}:${lineOf(['providers', at])} ${one.name} stands there twice`]
      : [],
  );
  if (!value || twice.length > 0) throw new SetupError(`${document.file} is wrong:`, [...mistakes, ...twice]);
  const byName = new Map(value.providers.map((one) => [one.name, one]));
  return {
    names: value.providers.map((one) => one.name),
    groupOf: (provider) => `channel:${byName.get(provider)?.channel ?? value.fallback.channel}`,
    leadOf: (provider) => `channel:${byName.get(provider)?.lead ?? value.fallback.lead}`,
  };
}
