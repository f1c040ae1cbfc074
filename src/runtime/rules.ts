import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Channel, RuleDocument, Rules } from '../core/context.ts';
import { SetupError } from '../core/errors.ts';

const Address = z.string().regex(/^[a-z-]+:.+$/, 'must be SCHEME:REST, e.g. console:lobby');
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day, e.g. "22:00"');

/** A channel as it is written: addresses may hold `${NAME}`. */
export const WrittenChannel = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  address: Address,
  title: z.string().optional(),
  lang: z.enum(['zh', 'en']).optional(),
  robots: z.array(Address).optional(),
  perMinute: z.int().positive().optional(),
  digest: z.boolean().optional(),
  quiet: z
    .strictObject({ from: TimeOfDay, to: TimeOfDay })
    .refine(({ from, to }) => from !== to, 'from and to are the same: that would be always, or never')
    .optional(),
});
export type WrittenChannel = z.output<typeof WrittenChannel>;

const Channels = z.strictObject({ channels: z.array(WrittenChannel) });

/** What the administrator has made of channels: another one in its place, or none. */
export interface ChannelEdits {
  edited: readonly WrittenChannel[];
  removed: readonly string[];
}

/** A channel with where it is written; not `ready`: a variable of its address is not set. */
export interface KnownChannel {
  written: WrittenChannel;
  from: 'file' | 'edit' | 'sample';
  ready: boolean;
}

export interface OpenRules extends Rules {
  showSample(shown: boolean): void;
  /** Reads again what the administrator has edited. */
  reload(): Promise<void>;
  known(): readonly KnownChannel[];
}

/**
 * The documents below `rules/`: the one place where they are read.
 * @param variables what `${NAME}` in `channels.yaml` stands for
 * @param edits what the administrator has edited since
 * @throws SetupError where `channels.yaml` is wrong
 */
export async function openRules(
  folder: string,
  variables: Record<string, string>,
  edits: () => Promise<ChannelEdits> = async () => ({ edited: [], removed: [] }),
): Promise<OpenRules> {
  const own = await readChannels(join(folder, 'channels.yaml'));
  const sample = await readChannels(join(folder, 'sample', 'channels.yaml'));
  let shown = false;
  let edit = await edits();
  let known: KnownChannel[] = [];
  let all: Channel[] = [];
  function gather(): void {
    const taken = new Set([...edit.edited.map(({ name }) => name), ...edit.removed]);
    const from = (list: readonly WrittenChannel[], source: KnownChannel['from']) =>
      list.map((written) => ({ written, from: source, ready: filledIn(written, variables, source) !== null }));
    const files = own.filter(({ name }) => !taken.has(name));
    for (const { name } of own) taken.add(name);
    const samples = shown ? sample.filter(({ name }) => !taken.has(name)) : [];
    known = [...from(files, 'file'), ...from(edit.edited, 'edit'), ...from(samples, 'sample')];
    all = known.flatMap((one) => filledIn(one.written, variables, one.from) ?? []);
  }
  gather();
  return {
    documents: (name) => documents(folder, name),
    channel: (name) => all.find((channel) => channel.name === name),
    channels: () => all,
    known: () => known,
    async reload() {
      edit = await edits();
      gather();
    },
    showSample(show) {
      shown = show;
      gather();
    },
  };
}

/** A channel whose variable is not set does not exist on this machine; letters to it are held and say so. */
function filledIn(
  written: WrittenChannel,
  variables: Record<string, string>,
  from: KnownChannel['from'],
): Channel | null {
  const [address, ...robots] = [written.address, ...(written.robots ?? [])].flatMap((one) => filled(one, variables));
  return address ? { ...written, address, robots, sample: from === 'sample' } : null;
}

/** `rules/<name>.yaml` and every `rules/<name>/*.yaml`, in the order of their names. */
async function documents(folder: string, name: string): Promise<RuleDocument[]> {
  const files = await readdir(join(folder, name)).catch(() => []);
  const paths = [`${name}.yaml`, ...files.filter((file) => file.endsWith('.yaml')).map((file) => `${name}/${file}`)];
  const read = await Promise.all(
    paths.map(async (file) => ({ file: `rules/${file}`, text: await textOf(join(folder, file)) })),
  );
  return read.filter((document): document is RuleDocument => document.text !== null);
}

async function readChannels(file: string): Promise<WrittenChannel[]> {
  const text = await textOf(file);
  if (text === null) return [];
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new SetupError(
      `${file} cannot be read:`,
      document.errors.map((e) => e.message),
    );
  const read = Channels.safeParse(document.toJS());
  if (!read.success) {
    throw new SetupError(
      `${file} is wrong:`,
      read.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`),
    );
  }
  const names = read.data.channels.map((channel) => channel.name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0)
    throw new SetupError(
      `${file} is wrong:`,
      twice.map((name) => `channel ${name} stands there twice`),
    );
  return read.data.channels;
}

/** The address with its `${NAME}`s filled in; none where one is not set. */
function filled(address: string, variables: Record<string, string>): string[] {
  let complete = true;
  const text = address.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    complete &&= !!variables[name];
    return variables[name] ?? '';
  });
  return complete ? [text] : [];
}

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
