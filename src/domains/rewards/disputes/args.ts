import { z } from 'zod';
import { type Reader, word } from '../../../core/reader.ts';

const [hashed, plain] = [word(/#\d{1,9}/, { zh: '', en: '' }), word(/\d{1,9}/, { zh: '', en: '' })];

/** The number of a dispute as it is typed: `#3` or `3`. */
export const number: Reader = {
  what: { zh: '申诉编号', en: 'the number of the dispute' },
  read: (...of) => hashed.read(...of) ?? plain.read(...of),
};

export const Dispute = z.coerce
  .string()
  .regex(/^#?\d{1,9}$/)
  .transform((said) => Number(said.replace('#', '')))
  .describe('Number of the dispute, e.g. #3');
