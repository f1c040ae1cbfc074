import type { RuleDocument } from '../../core/context.ts';
import { sheetOf } from '../../core/sheet.ts';
import { CampaignDocument } from './campaign-document.ts';
import type { Said } from './rule-words.ts';

/** Something in a document that is allowed, and that its author may not have meant. */
export interface Finding {
  kind: 'less-for-more' | 'paid-twice' | 'never-won' | 'over-budget' | 'nothing-replayed';
  /** Where in the document; null: it showed in the replay. */
  line: number | null;
  words: Said;
}

/** Cliffs of a sound document: more that pays less, and one event that pays twice. */
export function cliffsOf(document: RuleDocument): Finding[] {
  const sheet = sheetOf(document, CampaignDocument);
  if (!sheet.value || sheet.value.awards === 'none') return [];
  const { numbered = [], every = [], tiers, perAddress = [] } = sheet.value.awards;
  const found: Finding[] = [];
  const add = (kind: Finding['kind'], path: (string | number)[], zh: string, en: string) =>
    found.push({ kind, line: sheet.lineOf(['awards', ...path]), words: { zh, en } });
  const falls = (steps: readonly { name: string; pays: number }[], path: (string | number)[]) =>
    steps.forEach((step, at) => {
      const below = steps[at - 1];
      if (!below || step.pays >= below.pays) return;
      add(
        'less-for-more',
        [...path, at, 'pays'],
        `${step.name} 门槛更高，却只付 ${step.pays} 元，少于 ${below.name} 的 ${below.pays} 元`,
        `${step.name} asks for more and pays ${step.pays} yuan, less than ${below.name} (${below.pays})`,
      );
    });
  falls(tiers?.steps ?? [], ['tiers', 'steps']);
  numbered.forEach(({ bands }, at) => {
    falls(bands, ['numbered', at, 'bands']);
  });
  const overlap = (a: string, b: string) => a === b || a === 'all' || b === 'all';
  const both = (rules: readonly { name: string; of: string }[], section: string) =>
    rules.forEach((rule, at) => {
      for (const earlier of rules.slice(0, at).filter(({ of }) => overlap(of, rule.of))) {
        add(
          'paid-twice',
          [section, at],
          `同一份合同可同时得到 ${earlier.name} 和 ${rule.name}`,
          `one contract can win both ${earlier.name} and ${rule.name}`,
        );
      }
    });
  both(every, 'every');
  both(perAddress, 'perAddress');
  const [lucky] = every;
  if (numbered.length > 0 && lucky) {
    add(
      'paid-twice',
      ['every', 0],
      `同一份合同可同时按活动单号和按 ${lucky.name} 获奖`,
      `one contract can win by its running number and ${lucky.name}, too`,
    );
  }
  return found;
}
