import { useLanguage } from '../../shared/language.tsx';
import { letterState } from '../letterStates.ts';
import type { AlertState, LetterState } from '../wire.ts';

/** A word with its colour; the word says it, the colour helps. */
export function Tag({ tone, children }: { tone: string; children: string }) {
  return <span class={`tag tag-${tone}`}>{children}</span>;
}

export function LetterTag({ state }: { state: LetterState }) {
  const { say } = useLanguage();
  const one = letterState(state);
  return <Tag tone={one.tone}>{say(one.zh, one.en)}</Tag>;
}

const RUNS: Record<string, { zh: string; en: string; tone: string }> = {
  running: { zh: '运行中', en: 'Running', tone: 'info' },
  done: { zh: '完成', en: 'Done', tone: 'good' },
  failed: { zh: '失败', en: 'Failed', tone: 'bad' },
  interrupted: { zh: '中断', en: 'Interrupted', tone: 'warn' },
  skipped: { zh: '跳过', en: 'Skipped', tone: 'plain' },
};

export function RunTag({ state }: { state: string }) {
  const { say } = useLanguage();
  const one = RUNS[state] ?? { zh: state, en: state, tone: 'plain' };
  return <Tag tone={one.tone}>{say(one.zh, one.en)}</Tag>;
}

const ALERTS: Record<AlertState, { zh: string; en: string; tone: string }> = {
  open: { zh: '无人处理', en: 'nobody has it', tone: 'bad' },
  taken: { zh: '处理中', en: 'taken', tone: 'info' },
  handled: { zh: '已处理', en: 'handled', tone: 'good' },
  closed: { zh: '已结束', en: 'over', tone: 'plain' },
};

export function AlertTag({ state }: { state: AlertState }) {
  const { say } = useLanguage();
  const one = ALERTS[state];
  return <Tag tone={one.tone}>{say(one.zh, one.en)}</Tag>;
}
