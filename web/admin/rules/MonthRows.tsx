import { useLanguage } from '../../shared/language.tsx';
import { Tag } from '../parts/State.tsx';
import { signedYuan, toneOf, yuan } from './money.ts';
import type { MonthJson } from './wire.ts';

/** Each month that was replayed, with its sums under both rules. */
export function MonthRows({ months }: { months: readonly MonthJson[] }) {
  const { say } = useLanguage();
  const kinds = {
    own: say('发布后生效', 'would change'),
    closed: say('已关账，不变', 'closed, stays'),
    other: say('只作对比', 'to compare'),
  };
  return (
    <table class="rows months-effect">
      <thead>
        <tr>
          <th>{say('活动', 'Campaign')}</th>
          <th class="number">{say('合同', 'Contracts')}</th>
          <th class="number">{say('现在', 'Now')}</th>
          <th class="number">{say('这一版', 'This version')}</th>
          <th class="number">{say('差额（元）', 'Difference (yuan)')}</th>
          <th class="number">{say('多得 / 少得', 'More / less')}</th>
        </tr>
      </thead>
      <tbody>
        {months.map((month) => (
          <tr key={month.key}>
            <td class="what">
              {month.title} <Tag tone={month.kind === 'own' ? 'info' : 'plain'}>{kinds[month.kind]}</Tag>
              <span class="mono soft">{month.key}</span>
            </td>
            <td class="number" data-label={say('合同', 'Contracts')}>
              {month.contracts.toLocaleString('en-US')}
            </td>
            <td class="number" data-label={say('现在', 'Now')}>
              {yuan(month.beforeFen)}
            </td>
            <td class="number" data-label={say('这一版', 'This version')}>
              {yuan(month.afterFen)}
            </td>
            <td class={`number ${toneOf(month.afterFen - month.beforeFen)}`} data-label={say('差额', 'Difference')}>
              {signedYuan(month.afterFen - month.beforeFen)}
            </td>
            <td class="number" data-label={say('多得 / 少得', 'More / less')}>
              {month.winners} / {month.losers}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
