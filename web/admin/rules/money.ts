/** Whole fen as yuan, with cents only where there are any: 25800 → `258`. */
export function yuan(fen: number): string {
  const digits = fen % 100 === 0 ? 0 : 2;
  return (fen / 100).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** With its sign: `+258`, `-58`, `0`. */
export function signedYuan(fen: number): string {
  return `${fen > 0 ? '+' : ''}${yuan(fen)}`;
}

/** The class of a difference. */
export function toneOf(fen: number): string {
  return fen > 0 ? 'good-text' : fen < 0 ? 'bad-text' : 'soft';
}

/** The part of a person's key that people read. */
export function shownName(person: string): string {
  return person.split('_', 1)[0] ?? person;
}
