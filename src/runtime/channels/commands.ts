import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, pick } from '../../core/message.ts';
import { maskAddress } from '../../core/platform.ts';
import { destinationAt } from '../outbox/destination/store.ts';
import { lastSentTo } from '../outbox/log/store.ts';
import { type KnownChannel, type OpenRules, WrittenChannel } from '../rules.ts';
import { channelEdits, saveChannelEdit } from './store.ts';

/** The administrator's own; a worker thread has the same. */
const rulesOf = ({ context }: Ask) => context.rules as OpenRules;

/** Without the keys of robots: `wecom-robot:…1a2b`; a `${NAME}` is no secret. */
function shown(written: WrittenChannel) {
  const address = (one: string) => (one.includes('${') ? one : maskAddress(one));
  return {
    ...written,
    address: address(written.address),
    ...(written.robots && { robots: written.robots.map(address) }),
  };
}

async function stateOf(ask: Ask, { written, from, ready }: KnownChannel, version: number) {
  const { db, rules, clock } = ask.context;
  const open = ready ? rules.channel(written.name) : undefined;
  const destination = open ? await destinationAt(db, open.address) : null;
  const paused = destination?.pausedUntil && destination.pausedUntil > clock.now() ? destination.pausedUntil : null;
  const last = await lastSentTo(db, `channel:${written.name}`);
  return {
    ...shown(written),
    from,
    version,
    ready,
    gone: destination?.disabledAt ? (destination.reason ?? '') : null,
    pausedUntil: paused?.toISOString() ?? null,
    lastSentAt: last?.toISOString() ?? null,
  };
}

const list = command({
  name: 'channels.list',
  summary: { zh: '频道：去向、限速、静默时段、是否正常', en: 'Channels: where to, limits, quiet hours, health' },
  aliases: [{ words: '频道列表' }, { words: 'channels' }],
  args: z.strictObject({}),
  examples: { zh: ['频道列表'], en: ['channels'] },
  role: 'admin',
  audience: 'asker',
  async run(ask) {
    const { lang, context } = ask;
    const versions = new Map((await channelEdits(context.db)).map((row) => [row.name, row.version]));
    const channels = await Promise.all(
      rulesOf(ask)
        .known()
        .map((one) => stateOf(ask, one, versions.get(one.written.name) ?? 0)),
    );
    const health = (one: (typeof channels)[number]) =>
      !one.ready
        ? pick(lang, '变量未设', 'variable not set')
        : one.gone !== null
          ? pick(lang, '已失效', 'gone')
          : one.pausedUntil
            ? pick(lang, '平台限流中', 'paused')
            : pick(lang, '正常', 'ok');
    return {
      title: pick(lang, `频道 ${channels.length}`, `${channels.length} channels`),
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '频道', 'Channel') },
            { label: pick(lang, '去向', 'To') },
            { label: pick(lang, '状态', 'State') },
          ],
          rows: channels.map((one) => [one.title ?? one.name, one.address, health(one)]),
        },
      ],
      data: asData({ channels, platforms: context.operator?.platforms() ?? [] }),
    };
  },
});

const save = command({
  name: 'channels.save',
  summary: { zh: '新增或修改频道，立即生效', en: 'Adds or edits a channel; it holds at once' },
  aliases: [],
  args: WrittenChannel.extend({
    title: z.string().trim().min(1).max(80).optional().describe('What people call it'),
    address: WrittenChannel.shape.address.optional().describe('e.g. wecom-robot:KEY; absent: as it is'),
    version: z.int().min(0).describe('The version that was edited; 0 for a new one, or one of channels.yaml'),
  }),
  examples: { zh: [], en: [] },
  role: 'admin',
  writes: true,
  async run(ask, { version, ...edit }) {
    const { asker, lang, context } = ask;
    const before = rulesOf(ask)
      .known()
      .find(({ written }) => written.name === edit.name);
    const address = edit.address ?? before?.written.address;
    if (!address) throw new AskerError(pick(lang, '新频道要写明去向。', 'A new channel needs an address.'));
    const robots = edit.robots ?? before?.written.robots;
    const after = WrittenChannel.parse({ ...edit, address, ...(robots && { robots }) });
    const by = { editedAt: context.clock.now(), editedBy: asker.name };
    await context.db.$transaction(async (tx) => {
      if (!(await saveChannelEdit(tx, edit.name, version, after, by))) throw new AskerError(stale(ask, edit.name));
      await ask.record(
        { subject: `channel:${edit.name}`, ...(before && { before: shown(before.written) }), after: shown(after) },
        tx,
      );
    });
    await (context.operator?.rulesChanged() ?? rulesOf(ask).reload());
    const saved = rulesOf(ask)
      .known()
      .find(({ written }) => written.name === edit.name);
    return {
      title: pick(
        lang,
        `频道 ${edit.title ?? edit.name} 已保存，已生效`,
        `Channel ${edit.title ?? edit.name} is saved and holds`,
      ),
      tone: 'good',
      ...(saved && { data: asData({ channel: await stateOf(ask, saved, version + 1) }) }),
    };
  },
});

const remove = command({
  name: 'channels.remove',
  summary: { zh: '移除频道；发往它的消息会暂存', en: 'Removes a channel; letters to it are held' },
  aliases: [],
  args: z.strictObject({ name: z.string(), version: z.int().min(0).describe('The version that was looked at') }),
  examples: { zh: [], en: [] },
  role: 'admin',
  writes: true,
  async run(ask, { name, version }) {
    const { asker, lang, context } = ask;
    const before = rulesOf(ask)
      .known()
      .find(({ written }) => written.name === name);
    if (!before) throw new AskerError(pick(lang, `没有频道 ${name}。`, `There is no channel ${name}.`));
    const by = { editedAt: context.clock.now(), editedBy: asker.name };
    await context.db.$transaction(async (tx) => {
      if (!(await saveChannelEdit(tx, name, version, null, by))) throw new AskerError(stale(ask, name));
      await ask.record({ subject: `channel:${name}`, before: shown(before.written) }, tx);
    });
    await (context.operator?.rulesChanged() ?? rulesOf(ask).reload());
    return { title: pick(lang, `频道 ${name} 已移除`, `Channel ${name} is removed`), tone: 'good' };
  },
});

const test = command({
  name: 'channels.test',
  summary: { zh: '给频道发一条试发消息', en: 'Sends a channel a test message' },
  aliases: [],
  args: z.strictObject({
    name: z.string().describe('The channel'),
    text: z.string().trim().max(500).optional().describe('What to say'),
  }),
  examples: { zh: [], en: [] },
  role: 'admin',
  writes: true,
  async run(ask, { name, text }) {
    const { asker, lang, context } = ask;
    if (
      !rulesOf(ask)
        .known()
        .some(({ written }) => written.name === name)
    )
      throw new AskerError(pick(lang, `没有频道 ${name}。`, `There is no channel ${name}.`));
    const key = `test/${name}/${context.clock.now().toISOString()}`;
    const title = pick(lang, `试发：频道 ${name}`, `Test: channel ${name}`);
    const said =
      text ||
      pick(
        lang,
        `${asker.name} 在管理页试发，看到就说明频道正常。`,
        `${asker.name} tries this channel from the admin page; if you see it, it works.`,
      );
    await context.outbox.post({
      key,
      to: `channel:${name}`,
      class: 'notice',
      message: { title, blocks: [{ type: 'text', text: said }], lang },
    });
    await ask.record({ subject: `channel:${name}`, after: { test: key } });
    return { title: pick(lang, '已放进发件箱', 'It is in the outbox'), tone: 'good', data: { key } };
  },
});

function stale({ lang }: Ask, name: string): string {
  return pick(
    lang,
    `频道 ${name} 刚被别人改过。看一下最新的内容，再改一次。`,
    `Somebody else has just edited channel ${name}. Look at what it is now, and edit again.`,
  );
}

export const channelCommands = [list, save, remove, test];
