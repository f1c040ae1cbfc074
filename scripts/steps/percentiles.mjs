/** The middle, the 95th of a hundred and the worst of times in milliseconds. */
export function percentiles(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 10) / 10;
  return { asked: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1), unit: 'ms' };
}
