/** Money is a whole number of fen (0.01 yuan), never a float. */
export type Fen = number;

/**
 * Reads an amount in yuan as whole fen, exactly: by its decimal text, not by multiplying a double.
 * A third decimal is rounded half away from zero. Thousands separators (`,` and full-width `，`), `¥` and `元` are
 * tolerated.
 * @throws RangeError where the text is no amount, or the amount is beyond ±90 trillion yuan.
 */
export function fenFromYuan(yuan: number | string): Fen {
  const text = typeof yuan === 'number' ? plainDecimal(yuan) : yuan.normalize('NFKC').replace(/[,\s¥元]/g, '');
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (!match[2] && !match[3])) throw new RangeError(`not an amount in yuan: ${String(yuan)}`);
  const decimals = (match[3] ?? '').padEnd(3, '0');
  const fen = Number(`${match[2] || '0'}${decimals.slice(0, 2)}`) + (Number(decimals[2]) >= 5 ? 1 : 0);
  if (!Number.isSafeInteger(fen)) throw new RangeError(`amount out of range: ${String(yuan)}`);
  return match[1] === '-' && fen !== 0 ? -fen : fen;
}

/** The shortest decimal text of a double, without an exponent. 100000.00999999999 (a sum of cents) reads as 100000.01. */
function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`not an amount in yuan: ${value}`);
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
}

/** `6160000` → `61,600.00`. */
export function yuan(fen: Fen): string {
  const whole = Math.trunc(Math.abs(fen) / 100);
  const cents = String(Math.abs(fen) % 100).padStart(2, '0');
  return `${fen < 0 ? '-' : ''}${grouped(whole)}.${cents}`;
}

/** `6160000` → `61,600`; `6160050` → `61,600.50`: cents only where there are any. */
export function yuanShort(fen: Fen): string {
  return fen % 100 === 0 ? yuan(fen).slice(0, -3) : yuan(fen);
}

/** Whole yuan, decimals cut rather than rounded. */
export function yuanWhole(fen: Fen): string {
  return `${fen < 0 && Math.abs(fen) >= 100 ? '-' : ''}${grouped(Math.trunc(Math.abs(fen) / 100))}`;
}

// Made once: toLocaleString makes one for each number.
const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `15305` → `15,305`. */
export function grouped(value: number): string {
  // Most of the numbers in a letter are small.
  return Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : grouping.format(value);
}
