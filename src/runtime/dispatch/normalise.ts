/**
 * Typed words in one form: half-width, single blanks, without the bot's name, a leading slash, politeness and closing
 * punctuation. Upper and lower case are kept: ids have their own.
 */
export function normalise(line: string): string {
  return line
    .normalize('NFKC')
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:@\S+\s*)+/, '')
    .replace(/^\/(\S+?)@\S+/, '/$1')
    .replace(/^\/+\s*/, '')
    .replace(/^(?:请问|请|麻烦|帮我|帮忙|给我|查询|查一下|查下|查看|看一下|看下|看看|please |show me |show )+/i, '')
    .replace(/[?!。.~,;、吗呢吧\s]+$/, '')
    .trim();
}

const HAN = /\p{Script=Han}/u;

/** Chinese if any Chinese character was typed; else English if any letter was; else not known. */
export function languageOf(line: string): 'zh' | 'en' | undefined {
  if (HAN.test(line)) return 'zh';
  return /[a-z]{2}/i.test(line) ? 'en' : undefined;
}

export function isHan(text: string): boolean {
  return HAN.test(text);
}
