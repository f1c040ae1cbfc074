/** A text as somebody sees it: what is markup is gone, what is escaped is itself. */
export interface Seen {
  text: string;
  /** Addresses that stand behind other words. */
  links: string[];
  mentions: string[];
}

/** mrkdwn as the most eager of clients would read it: more than its documentation gives a meaning. */
export function readMarkup(markup: string): Seen {
  const code: string[] = [];
  const kept = markup.replace(/```\n?([\s\S]*?)\n?```/g, (_, inside: string) => `\u0000${code.push(inside) - 1}\u0000`);
  const { text, links, mentions } = readReferences(kept);
  const shown = text
    .replace(/^(?:[ \t]*&gt; ?)+/gm, '')
    .replace(/(?<![\p{L}\p{N}])([*_~`])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/:([\p{L}\p{N}_+'-]*[\p{L}_][\p{L}\p{N}_+'-]*|100|1234):/gu, '☺')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark of a code block
    .replace(/\u0000(\d+)\u0000/g, (_, i: string) => code[Number(i)] ?? '');
  return { text: unescapeEntities(shown), links, mentions };
}

/** `plain_text`, should a client look for references and entities even there. */
export function readPlain(plain: string): Seen {
  const { text, links, mentions } = readReferences(plain);
  return { text: unescapeEntities(text), links, mentions };
}

function readReferences(markup: string): Seen {
  const links: string[] = [];
  const mentions: string[] = [];
  const text = markup.replace(
    /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g,
    (_, kind: string, target: string, label?: string) => {
      if (kind === '') {
        if (label !== undefined) links.push(target);
        return label ?? target;
      }
      mentions.push(kind === '!' ? `!${target}` : target);
      return '';
    },
  );
  return { text, links, mentions };
}

function unescapeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
