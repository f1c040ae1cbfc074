import type { Context } from '../../core/context.ts';
import type { Lang, MessageDraft, Tone, Worded } from '../../core/message.ts';

/** A template of `templates/field` with its facts, in the reader's language; with other blocks after its words. */
export function worded(
  name: string,
  tone: Tone,
  { words }: Pick<Context, 'words'>,
  facts: (lang: Lang) => Record<string, unknown>,
  blocks: (lang: Lang) => NonNullable<MessageDraft['blocks']> = () => [],
): Worded {
  return (lang) => {
    const said = words.say(`field/${name}`, lang, facts(lang));
    const text = said.text ? [{ type: 'text' as const, text: said.text }] : [];
    return { title: said.title, tone, lang, blocks: [...text, ...blocks(lang)] };
  };
}
