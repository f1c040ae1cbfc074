/** The ends of an axis and its step; all ticks are whole steps. */
export interface Axis {
  min: number;
  max: number;
  step: number;
}

export interface AxisOptions {
  /** Bars start at zero, or they lie. */
  fromZero: boolean;
  /** How many steps the axis may have; the number that wastes least is taken. */
  intervals?: readonly number[];
  /** The end that the values cannot pass, e.g. 100 for a rate in %. */
  cap?: number;
  /** Room beyond the values for their labels, as a part of the range. */
  headroom?: number;
}

/** Steps that people read without counting. */
const NICE = [1, 2, 2.5, 4, 5, 10];

/** Below this a step is not told from nothing. */
const SMALLEST = 1e-9;

/** An axis around values, with round steps. Without values it goes from 0 to 1. */
export function axisFor(values: readonly number[], options: AxisOptions): Axis {
  const { fromZero, intervals = [3, 4, 5], cap = Number.POSITIVE_INFINITY, headroom = 0.07 } = options;
  const whole = values.every(Number.isInteger);
  const zero = fromZero || values.length === 0 ? [0] : [];
  const bottom = Math.min(...zero, ...values);
  const top = Math.max(...zero, ...values);
  const range = top - bottom || Math.abs(top) || 1;
  const low = bottom < 0 ? bottom - range * headroom : bottom;
  const high = top > cap || top <= 0 ? top : Math.min(cap, top + range * headroom);
  // Whole numbers up to 2 need no more than two steps.
  const counts = whole && range <= 2 ? [2, ...intervals] : intervals;
  const axes = counts.map((count) => axisOf(low, Math.max(high, low + range * 0.01), count, whole));
  const fits = axes.filter((axis) => axis.max <= cap || top > cap);
  return (fits.length > 0 ? fits : axes).reduce((best, axis) =>
    axis.max - axis.min < best.max - best.min ? axis : best,
  );
}

function axisOf(low: number, high: number, count: number, whole: boolean): Axis {
  const least = Math.max((high - low) / count, whole ? 1 : SMALLEST);
  const power = 10 ** Math.floor(Math.log10(least));
  const steps = [...NICE, ...NICE.map((nice) => nice * 10)].map((nice) => exact(nice * power));
  for (const step of steps.filter((step) => step >= least && (!whole || Number.isInteger(step)))) {
    const nearest = exact(Math.floor(exact(low / step)) * step);
    const min = nearest > low ? exact(nearest - step) : nearest;
    const max = exact(min + count * step);
    if (max >= high) return { min, max, step };
  }
  return { min: low, max: high, step: (high - low) / count };
}

/** Takes the noise of binary fractions off: 0.30000000000000004 → 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
