import { distance } from 'fastest-levenshtein';
import type { Command } from '../../core/command.ts';
import type { Choice } from '../../core/errors.ts';
import type { Lang } from '../../core/message.ts';
import type { Clock } from '../../core/time.ts';
import { isHan, normalise } from './normalise.ts';
import { parse } from './parse.ts';

/**
 * The two or three commands that an unknown line may have meant, nearest first. A mistyped word is put right and the
 * rest of the line kept: `trnd D-1023` → `trend D-1023`; where nothing is near, the likest examples.
 */
export function suggest(line: string, commands: readonly Command[], clock: Clock, lang: Lang): Choice[] {
  const words = normalise(line);
  const choices = new Map<string, Choice & { cost: number }>();
  const offer = (text: string, cost: number) => {
    const parsed = quietly(() => parse(text, commands, clock, lang));
    if (!parsed) return;
    const key = `${parsed.command.name} ${JSON.stringify(parsed.args)}`;
    const known = choices.get(key);
    if (known && known.cost <= cost) return;
    choices.set(key, { label: text, call: { command: parsed.command.name, args: parsed.args }, cost });
  };
  for (const command of commands) {
    for (const alias of command.aliases) {
      const corrected = correct(words, alias.words);
      if (corrected) offer(corrected.text, corrected.cost);
    }
  }
  if (choices.size < 2) {
    for (const command of commands) {
      for (const example of command.examples[lang]) offer(example, 1 + unlikeness(words, example));
    }
  }
  return [...choices.values()]
    .sort((a, b) => a.cost - b.cost)
    .slice(0, 3)
    .map(({ label, call }) => ({ label, call }));
}

/** The line with the alias's words in place of what looks most like them; null where nothing does. */
function correct(words: string, alias: string): { text: string; cost: number } | null {
  let text = words;
  let cost = 0;
  for (const part of alias.split(' ')) {
    const near = isHan(part) ? nearestWindow(text, part) : nearestWord(text, part);
    if (!near) return null;
    text = `${text.slice(0, near.at)}${part}${text.slice(near.at + near.length)}`;
    cost = Math.max(cost, near.cost);
  }
  return { text: text.trim(), cost };
}

interface Near {
  at: number;
  length: number;
  cost: number;
}

function nearestWord(text: string, part: string): Near | null {
  let best: Near | null = null;
  for (const word of text.matchAll(/[a-z][\w.-]*/gi)) {
    const edits = distance(word[0].toLowerCase(), part.toLowerCase());
    const cost = edits / part.length;
    const allowed = part.length <= 4 ? 1 : Math.ceil(part.length / 3);
    if (edits <= allowed && (!best || cost < best.cost)) best = { at: word.index, length: word[0].length, cost };
  }
  return best;
}

function nearestWindow(text: string, part: string): Near | null {
  let best: Near | null = null;
  for (const length of [part.length, part.length - 1, part.length + 1]) {
    if (length < 1) continue;
    for (let at = 0; at + length <= text.length; at++) {
      const window = text.slice(at, at + length);
      const edits = distance(window, part);
      const cost = edits / part.length;
      if (edits <= Math.floor(part.length / 2) && (!best || cost < best.cost)) best = { at, length, cost };
    }
  }
  return best;
}

/** 0: the same characters; 1: none in common. */
function unlikeness(a: string, b: string): number {
  return distance(a.toLowerCase(), b.toLowerCase()) / Math.max(a.length, b.length, 1);
}

function quietly<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
