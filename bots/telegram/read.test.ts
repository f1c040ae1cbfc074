import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readUpdate } from './read.ts';

const SELF = { id: 700100, username: 'fieldbell_bot' };
const fixture = (file: string) => JSON.parse(readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8'));

describe('an update', () => {
  it.each(fixture('heard.json') as { name: string; update: never; heard: object }[])(
    'is heard: $name',
    ({ update, heard }) => expect(readUpdate(update, SELF)).toEqual(heard),
  );

  it.each(fixture('ignored.json') as { why: string; update: never }[])('is not for us: $why', ({ update }) =>
    expect(readUpdate(update, SELF)).toBeUndefined(),
  );

  it('takes back a question that was asked under a button', () => {
    const [asked] = fixture('heard.json').filter(({ name }: { name: string }) => name === 'press that asks back');
    const { message } = asked.update.callback_query;
    const cancelled = {
      ...asked.update.callback_query,
      data: '!dispute',
      message: { ...message, reply_markup: { inline_keyboard: asked.heard.callback.keyboard.rows } },
    };
    expect(readUpdate({ ...asked.update, callback_query: cancelled }, SELF)?.callback?.keyboard?.rows).toEqual([
      [{ text: '申诉', callback_data: '?dispute' }],
      [{ text: '为什么', callback_data: 'why' }],
    ]);
  });
});
