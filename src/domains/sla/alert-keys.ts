import type { SlaRules } from './rules.ts';
import type { Violation } from './store.ts';

/** The key of the alert of a violation that a source tells. */
export function violationKey({ id }: Pick<Violation, 'id'>): string {
  return `sla/violation/${id}`;
}

/** The key of an alert of a level that we compute; its breach is a violation as well. */
export function levelKey(level: string, order: string, what: string): string {
  return `sla/level/${level}/${order}/${what}`;
}

/** 违规类型 of a breach. */
export function kindOfBreach(title: { zh: string }): string {
  return `${title.zh}超时`;
}

/** The key of a violation's alert, whether it was told by a source or computed. */
export function alertKeys({ levels }: Pick<SlaRules, 'levels'>) {
  const names = new Map(levels.map(({ name, title }) => [kindOfBreach(title), name]));
  return (one: Pick<Violation, 'id' | 'source' | 'kind' | 'orderNum'>): string => {
    const level = one.source === 'rules' ? names.get(one.kind) : undefined;
    return level === undefined ? violationKey(one) : levelKey(level, one.orderNum, 'breach');
  };
}
