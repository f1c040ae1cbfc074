import type { Series } from '../core/message.ts';

/** One palette for pictures and pages; safe for colour-blind readers: hue is never the only difference. */
export const PALETTE = {
  subject: '#1677FF',
  /** The subject's bars where lines run over them, which would be lost on the full blue. */
  'subject-tint': '#8FC0FF',
  'subject-dark': '#0B4DA8',
  'subject-2': '#69B1FF',
  comparison: '#BFBFBF',
  trend: '#334155',
  target: '#64748B',
  good: '#389E0D',
  warn: '#D46B08',
  bad: '#CF1322',
  text: '#1F2329',
  muted: '#646A73',
  /** A comparison that fills a plane behind the subject. */
  pale: '#DCDFE4',
  /** Over bars and under lines; letters and bars shine through. */
  band: 'rgba(51, 65, 85, 0.14)',
  grid: '#EBEDF0',
  background: '#FFFFFF',
} as const satisfies Record<Series['role'], string> & Record<string, string>;

/** Words in a series' colour: pale colours are darkened until they can be read on white. */
export function inkOf(role: Series['role']): string {
  if (role === 'comparison') return '#7A7F87';
  return role === 'subject-2' ? '#3C89E8' : PALETTE[role];
}
