import { z } from 'zod';
import type { Command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { type Lang, pick } from '../../core/message.ts';

const byZod = z.locales.zhCN().localeError;

const inChinese: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'too_big' && issue.origin === 'string') return `最多 ${issue.maximum} 个字`;
  if (issue.code === 'too_small' && issue.origin === 'string') return `至少 ${issue.minimum} 个字`;
  if (issue.code === 'invalid_value') return `可以是 ${issue.values.join('、')}`;
  return byZod(issue);
};

/**
 * A command's arguments as it takes them.
 * @throws AskerError with what is wrong with them in the asker's language, a line each
 */
export function checkArguments(command: Command, args: unknown, lang: Lang): Record<string, unknown> {
  const checked = command.args.safeParse(args, lang === 'zh' ? { error: inChinese } : undefined);
  if (checked.success) return checked.data;
  throw new AskerError(mistakesOf(checked.error, lang), { example: command.examples[lang][0] });
}

function mistakesOf(error: z.ZodError, lang: Lang): string {
  return error.issues
    .map((issue) => {
      const name = issue.path.join('.');
      if (issue.code === 'unrecognized_keys') {
        return pick(lang, `不认识的参数：${issue.keys.join('、')}。`, `Unknown argument: ${issue.keys.join(', ')}.`);
      }
      return pick(lang, `参数 ${name} 不对：${issue.message}。`, `Argument ${name} is wrong: ${issue.message}.`);
    })
    .join('\n');
}
