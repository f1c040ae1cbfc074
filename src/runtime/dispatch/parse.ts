import type { Alias, Command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { type Lang, pick } from '../../core/message.ts';
import { cannotRead } from '../../core/reader.ts';
import type { Clock } from '../../core/time.ts';
import { isHan, normalise } from './normalise.ts';

/** A typed line that was understood. */
export interface Parsed {
  command: Command;
  args: Record<string, string>;
}

/**
 * Finds the command that a line names and reads its arguments.
 * Every alias whose parts all occur is a candidate; those that name more of the line come first; the first whose
 * arguments use up the line wins.
 * @returns null where no command is named
 * @throws AskerError where one is named and its arguments cannot be read
 */
export function parse(line: string, commands: readonly Command[], clock: Clock, lang: Lang): Parsed | null {
  const candidates = match(normalise(line), commands);
  let firstError: AskerError | undefined;
  for (const candidate of candidates) {
    try {
      return { command: candidate.command, args: readArgs(candidate, clock, lang) };
    } catch (error) {
      if (!(error instanceof AskerError)) throw error;
      firstError ??= error;
    }
  }
  if (firstError) throw firstError;
  return null;
}

/** Words that begin the line and are meant to come before all others; of several the longest. */
const LEADS = 1_000_000;

interface Candidate {
  command: Command;
  alias: Alias;
  rest: string;
  score: number;
}

function match(words: string, commands: readonly Command[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const command of commands) {
    for (const alias of [...command.aliases, { words: command.name }]) {
      const rest = takeParts(words, alias.words);
      if (rest === null) continue;
      const weight = [...alias.words.replaceAll(' ', '')].reduce((sum, char) => sum + (isHan(char) ? 2 : 1), 0);
      const leads = alias.leads && partPattern(alias.words).exec(words)?.index === 0;
      candidates.push({ command, alias, rest, score: leads ? LEADS + weight : weight });
    }
  }
  return candidates.sort((a, b) => b.score - a.score);
}

/** What is left of the words without the alias's parts; null where one is missing. */
function takeParts(words: string, alias: string): string | null {
  let left = words;
  for (const part of alias.split(' ')) {
    const found = partPattern(part).exec(left);
    if (!found) return null;
    left = `${left.slice(0, found.index)} ${left.slice(found.index + found[0].length)}`;
  }
  return left.replace(/\s+/g, ' ').trim();
}

const patterns = new Map<string, RegExp>();

/** Chinese parts are found anywhere; English ones as whole words, so that `sla` is not found in `slack`. */
function partPattern(part: string): RegExp {
  let pattern = patterns.get(part);
  if (!pattern) {
    const text = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    pattern = new RegExp(isHan(part) ? text : `(?<![a-z0-9_.-])${text}(?![a-z0-9_.-])`, 'i');
    patterns.set(part, pattern);
  }
  return pattern;
}

function readArgs({ command, alias, rest }: Candidate, clock: Clock, lang: Lang): Record<string, string> {
  const args: Record<string, string> = { ...alias.args };
  const example = command.examples[lang][0];
  let left = rest;
  for (const [name, reader] of Object.entries(command.reads ?? {})) {
    if (args[name] !== undefined || !left) continue;
    const found = reader.read(left, clock, lang);
    if (found) {
      args[name] = found.value;
      left = found.rest;
      continue;
    }
    const meant = left.split(' ').find((word) => reader.meant && wholly(reader.meant).test(word));
    if (meant) throw new AskerError(cannotRead(reader, meant, lang), { example });
  }
  if (left) {
    throw new AskerError(pick(lang, `看不懂「${left}」这几个字。`, `I do not know what to do with “${left}”.`), {
      example,
    });
  }
  return args;
}

function wholly(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags);
}
