import { PALETTE } from './palette.ts';

/** Plain data, as it goes through JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A Chart.js 4 configuration without functions: every renderer that knows Chart.js and datalabels draws the same. */
export interface ChartJsConfig {
  type: 'bar';
  data: { labels: (string | string[])[]; datasets: JsonObject[] };
  options: JsonObject;
}

/**
 * Sizes are pixels of the file. It is 1200 wide and shown about 280 wide on a phone: a letter of 30 px becomes one of
 * 7 points there, which is the least that is read at arm's length.
 */
export const SIZE = {
  width: 1200,
  height: 675,
  margin: 28,
  title: 48,
  label: 32,
  tick: 30,
  foot: 26,
  line: 1.25,
} as const;

const FAMILY = "'Noto Sans SC', 'Noto Sans CJK SC', 'Noto Sans', sans-serif";

export function font(size: number, weight: 'normal' | 'bold' = 'normal'): JsonObject {
  return { size, weight, family: FAMILY, lineHeight: SIZE.line };
}

/** A label's outline in the background's colour keeps it legible over bars and lines. */
export const HALO: JsonObject = { textStrokeColor: PALETTE.background, textStrokeWidth: 7 };
