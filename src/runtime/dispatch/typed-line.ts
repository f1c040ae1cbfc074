import type { Alias, Command } from '../../core/command.ts';
import type { Call, Lang } from '../../core/message.ts';
import { isHan } from './normalise.ts';

/** The line that makes the same call when typed: what a button says it does, and what to type where there are no buttons. */
export function typedLine(call: Call, commands: readonly Command[], lang: Lang): string {
  const command = commands.find((one) => one.name === call.command);
  const implied = ({ args = {} }: Alias) => Object.entries(args).filter(([name, value]) => call.args[name] === value);
  const fitting =
    command?.aliases.filter((alias) => implied(alias).length === Object.keys(alias.args ?? {}).length) ?? [];
  const mostImplied = fitting.toSorted((a, b) => implied(b).length - implied(a).length);
  const alias = mostImplied.find(({ words }) => isHan(words) === (lang === 'zh')) ?? mostImplied[0];
  const order = Object.keys(command?.reads ?? {}).reverse();
  const args = Object.entries(call.args)
    .filter(([name]) => alias?.args?.[name] === undefined)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .flatMap(([, value]) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []));
  return [alias?.words ?? call.command, ...args.map((arg) => (lang === 'zh' ? inChinese(arg) : arg))].join(' ');
}

/** Periods as people type them. */
function inChinese(arg: string): string {
  return arg.replace(/^last_24_hours$/, '近24小时').replace(/^last_(\d+)_days$/, '近$1天');
}
