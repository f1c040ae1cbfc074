import type { z } from 'zod';

/** What a mistake in a document is and what to do, for the person who wrote it and knows no zod. */
export function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue);
    case 'unrecognized_keys':
      return 'unknown key';
    case 'too_small':
      return issue.origin === 'number'
        ? `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`
        : `must hold at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'number'
        ? `must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`
        : `must hold at most ${issue.maximum}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return issue.message.startsWith('Invalid')
        ? `must be ${issue.values.map((value) => `\`${String(value)}\``).join(' or ')}`
        : issue.message;
    default:
      return issue.message;
  }
}

const WANTED: Readonly<Record<string, string>> = {
  number: 'a number: digits alone, without quotes, commas or units',
  int: 'a whole number: digits alone, without quotes, commas or units',
  string: 'text; put a number or a date in quotes',
  boolean: '`true` or `false`',
  array: 'a list, such as [one, two]',
  object: 'a section of lines `key: value`',
};

function typeWords({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const received = /, received (\w+)$/.exec(message)?.[1];
  // A schema's own words.
  if (!received) return message;
  if (received === 'undefined') return `is missing (${WANTED[expected] ?? expected})`;
  return `${received === 'null' ? 'is empty' : `is ${RECEIVED[received] ?? received}`}: must be ${WANTED[expected] ?? expected}`;
}

const RECEIVED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section',
};
