/** Why a letter waits or was given up: the server's words, which are kept with the letter, in Chinese. */
const WORDS: readonly [RegExp, string][] = [
  [/^no linked address: (.+)$/, '还没有关联账号：$1'],
  [/^channel (\S+) has no address.*$/, '频道 $1 没有去向：没有这个频道，或变量未设'],
  [/^no platform carries (\S*):.*$/, '没有启用能发 $1 的平台'],
  [/^the destination is gone \((.*)\).*$/, '去向已失效（$1），修好后重发'],
  [/^cancelled by (.+)$/, '$1 取消了'],
  [/^released by hand$/, '人工放行'],
  [/^sent again by hand$/, '人工重发'],
  [/^too late to be worth sending$/, '过了时间，不再发'],
  [/^rate limit$/, '到了平台限额，稍后发'],
  [/^the process ended while sending.*$/, '发送时进程中断，可能已到'],
  [/^no answer within (.+)$/, '平台 $1 内没有回应，可能已到'],
  [/^it cannot be drawn: (.+)$/, '画不出来：$1'],
];

export function reasonWords(reason: string, lang: 'zh' | 'en'): string {
  const found = lang === 'zh' ? WORDS.find(([pattern]) => pattern.test(reason)) : undefined;
  return found ? reason.replace(found[0], found[1]) : reason;
}
