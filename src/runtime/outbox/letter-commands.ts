import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, Message, pick } from '../../core/message.ts';
import { LETTER_STATES, type LetterState, type OutboxStats } from '../../core/outbox.ts';
import { maskAddress, schemeOf } from '../../core/platform.ts';
import { addDays, localMinute, startOf } from '../../core/time.ts';
import { letterPage, letterStory } from './log/store.ts';
import { type LetterRow, letterByKey } from './store.ts';

const PAGE = 50;
const Day = z.iso.date();

/** States as people read them. */
const STATE_NAMES: Record<LetterState, { zh: string; en: string }> = {
  queued: { zh: '等待', en: 'waiting' },
  sending: { zh: '发送中', en: 'sending' },
  sent: { zh: '已发', en: 'sent' },
  held: { zh: '暂存', en: 'held' },
  doubtful: { zh: '存疑', en: 'doubtful' },
  dead: { zh: '失败', en: 'dead' },
  merged: { zh: '已合并', en: 'merged' },
  expired: { zh: '过期', en: 'expired' },
};

/** By when a letter that waits will be out, at the latest. */
function etaOf(letter: LetterRow, stats: OutboxStats | undefined): string | null {
  if (letter.state !== 'queued' && letter.state !== 'sending') return null;
  const line = maskAddress(letter.address ?? letter.to);
  const eta = stats?.byDestination.find(({ to }) => to === line)?.eta ?? letter.notBefore;
  return (letter.notBefore > eta ? letter.notBefore : eta).toISOString();
}

function letterValue(letter: LetterRow, stats: OutboxStats | undefined) {
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  const message = JSON.parse(letter.message) as Message;
  const first = message.blocks.find((block) => block.type === 'text');
  return {
    seq: letter.seq,
    key: letter.key,
    to: maskAddress(letter.to),
    sentTo: letter.sentTo && maskAddress(letter.sentTo),
    class: letter.class,
    state: letter.state,
    reason: letter.reason,
    attempts: letter.attempts,
    repeats: letter.repeats,
    mergedInto: letter.mergedInto,
    title: message.title ?? (first?.type === 'text' ? (first.text.split('\n')[0] ?? '').slice(0, 120) : ''),
    createdAt: iso(letter.createdAt),
    notBefore: iso(letter.notBefore),
    expires: iso(letter.expires),
    sentAt: iso(letter.sentAt),
    eta: etaOf(letter, stats),
    sample: letter.sample,
  };
}

const list = command({
  name: 'outbox.letters',
  summary: {
    zh: '发送记录：发了什么，什么在等，为什么没发出',
    en: 'The delivery log: what went out, what waits, and why',
  },
  aliases: [{ words: '发送记录' }, { words: 'letters' }],
  args: z.strictObject({
    states: z.array(z.enum(LETTER_STATES)).min(1).optional().describe('Only these states'),
    to: z.string().max(200).optional().describe('Only letters to this name, e.g. channel:beijing-sales or person:ID'),
    class: z.enum(['notice', 'broadcast']).optional(),
    text: z.string().trim().min(2).max(100).optional().describe('A part of the key'),
    from: Day.optional().describe('Posted on this day or later'),
    until: Day.optional().describe('Posted on this day or before'),
    before: z.int().positive().optional().describe('Older than this number, to turn the page'),
  }),
  examples: { zh: ['发送记录'], en: ['letters'] },
  role: 'admin',
  audience: 'asker',
  async run({ lang, context }, { from, until, ...args }) {
    const { zone } = context.clock;
    const found = await letterPage(context.db, {
      ...args,
      since: from === undefined ? undefined : startOf(from, zone),
      until: until === undefined ? undefined : startOf(addDays(until, 1), zone),
      limit: PAGE + 1,
    });
    const page = found.slice(0, PAGE);
    const waits = page.some(({ state }) => state === 'queued' || state === 'sending');
    const stats = waits ? await context.outboxStats?.() : undefined;
    const letters = page.map((letter) => letterValue(letter, stats));
    return {
      title: letters.length === 0 ? pick(lang, '没有消息', 'No letters') : pick(lang, '发送记录', 'Delivery log'),
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '时间', 'When') },
            { label: pick(lang, '状态', 'State') },
            { label: pick(lang, '去向', 'To') },
            { label: pick(lang, '内容', 'What') },
          ],
          rows: page
            .slice(0, 20)
            .map((one, at) => [
              localMinute(one.sentAt ?? one.createdAt, zone),
              STATE_NAMES[one.state as LetterState][lang],
              maskAddress(one.to),
              letters[at]?.title ?? '',
            ]),
        },
      ],
      data: { letters, next: found.length > PAGE ? (page.at(-1)?.seq ?? null) : null },
    };
  },
});

const one = command({
  name: 'outbox.letter',
  summary: {
    zh: '一条消息：经过、去向、在各平台的样子',
    en: 'One letter: its story, where it goes, how platforms show it',
  },
  aliases: [],
  args: z.strictObject({
    key: z.string().max(500).describe('Its key'),
    platform: z.string().max(40).optional().describe('As this platform shows it; default: the one that it goes to'),
  }),
  examples: { zh: [], en: [] },
  role: 'admin',
  audience: 'asker',
  async run({ lang, context }, { key, platform }) {
    const letter = await letterByKey(context.db, key);
    if (!letter) throw new AskerError(pick(lang, '没有这条消息。', 'There is no such letter.'));
    const stats = letter.state === 'queued' || letter.state === 'sending' ? await context.outboxStats?.() : undefined;
    const message = Message.parse(JSON.parse(letter.message));
    const goesTo = schemeOf(letter.sentTo ?? letter.address ?? '');
    const shownBy = platform ?? (goesTo && goesTo !== 'channel' ? goesTo : 'console');
    const preview = await context.operator?.preview(message, shownBy);
    const story = await letterStory(context.db, letter.seq);
    return {
      title: message.title ?? letter.key,
      data: asData({
        letter: {
          ...letterValue(letter, stats),
          platformId: letter.platformId,
          address: letter.address && maskAddress(letter.address),
        },
        story: story.map(({ at, state, reason }) => ({ at: at.toISOString(), state, reason })),
        preview: preview ?? null,
      }),
    };
  },
});

export const letterCommands = [list, one];
