import type { DriverRecord } from './store.ts';

/** An invented driver: orders on an ordinary day, the share brought on time, and what is special about him. */
export interface SampleDriver extends DriverRecord {
  perDay: number;
  onTime: number;
  /** Orders a day more, every day of the last fortnight before the first fill. */
  drift?: number;
  /** Days before the first fill on which he did not work. */
  off?: readonly number[];
}

const DSPS = { 'DSP-A': [19, 0.92], 'DSP-B': [16, 0.89], 'DSP-C': [13, 0.94] } as const;

function invented(id: string, name: string, dsp: keyof typeof DSPS, special: Partial<SampleDriver> = {}): SampleDriver {
  const [perDay, onTime] = DSPS[dsp];
  return { id, name, dsp, sample: true, perDay, onTime, ...special };
}

/** Two of them have one name, at different DSPs. */
export const SAMPLE_DRIVERS: readonly SampleDriver[] = [
  invented('D-1023', '王师傅', 'DSP-A', { perDay: 22, onTime: 0.94, drift: 1.7 }),
  invented('D-1031', '李伟', 'DSP-A', { perDay: 32, onTime: 0.86, drift: -1.2 }),
  invented('D-1056', '刘洋', 'DSP-A', { onTime: 0.9 }),
  invented('D-1088', '陈静', 'DSP-A', { perDay: 23, off: [3, 11, 25] }),
  invented('D-1107', '张三', 'DSP-A'),
  invented('D-2044', '张三', 'DSP-B', { perDay: 21 }),
  invented('D-2063', '赵磊', 'DSP-B', { onTime: 0.81 }),
  invented('D-2091', '周敏', 'DSP-B', { perDay: 14, off: [6, 13, 20, 27, 34, 41] }),
  invented('D-2210', '王师明', 'DSP-B'),
  invented('D-3005', '吴刚', 'DSP-C', { perDay: 16 }),
  invented('D-3012', '孙丽', 'DSP-C'),
  invented('D-3020', '马超', 'DSP-C', { perDay: 10, onTime: 0.97 }),
];
