import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Check } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { WhenThere } from '../parts/Page.tsx';
import { useCommand } from '../useCommand.ts';
import { MonthRows } from './MonthRows.tsx';
import { shownName, signedYuan, toneOf, yuan } from './money.ts';
import { RuleTrace } from './RuleTrace.tsx';
import type { CampaignJson, CampaignsJson, DifferenceJson, DocumentJson, EffectJson } from './wire.ts';

/** Persons shown before one asks for all. */
const FIRST = 50;

interface RuleEffectProps {
  whole: DocumentJson;
  version: number;
  onPublished: () => Promise<void>;
}

/** What an edition would change, month by month and person by person; whoever has seen it may publish it. */
export function RuleEffect({ whole, version, onPublished }: RuleEffectProps) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [months, setMonths] = useState<readonly string[]>([]);
  const { document } = whole;
  const asked = useCommand<EffectJson>('rewards.diff', { document, version, ...(months.length > 0 && { months }) });
  const campaigns = useCommand<CampaignsJson>('rewards.campaigns');
  const publish = async () => {
    if (await run(() => ask('rewards.publish', { document, version }))) await onPublished();
  };
  return (
    <>
      <Months all={campaigns.answer?.data.campaigns ?? []} chosen={months} onChoose={setMonths} />
      <WhenThere asked={asked}>
        {(effect) =>
          effect.mistakes ? (
            <div class="failed" role="alert">
              <ul>
                {effect.mistakes.map((one) => (
                  <li key={one.text}>
                    {say(`第 ${one.line} 行`, `line ${one.line}`)} {one.text}
                  </li>
                ))}
              </ul>
            </div>
          ) : (
            <>
              <Totals effect={effect} />
              <Findings effect={effect} />
              <MonthRows months={effect.months} />
              <People effect={effect} document={document} version={version} />
              {whole.published !== version && (
                <div class="chosen">
                  <span>
                    {say(
                      `第 ${version} 版，与现在生效的规则比较`,
                      `Version ${version}, compared with the rules that hold`,
                    )}
                  </span>
                  <Confirm
                    kind="main"
                    words={say('发布', 'Publish')}
                    question={say(
                      `发布后立即按第 ${version} 版计奖：${effect.winners} 人多得，${effect.losers} 人少得，共 ${signedYuan(effect.afterFen - effect.beforeFen)} 元。`,
                      `Version ${version} holds at once: ${effect.winners} get more, ${effect.losers} less, ${signedYuan(effect.afterFen - effect.beforeFen)} yuan in all.`,
                    )}
                    onDo={publish}
                  />
                </div>
              )}
            </>
          )
        }
      </WhenThere>
    </>
  );
}

/** Which months are replayed. */
function Months(props: {
  all: readonly CampaignJson[];
  chosen: readonly string[];
  onChoose: (months: readonly string[]) => void;
}) {
  const { all, chosen, onChoose } = props;
  const { say } = useLanguage();
  const words =
    chosen.length === 0
      ? say(
          '回放哪些月份：自动（本活动的，没有就取同城最近的）',
          'Months to replay: its own, else the latest of the city',
        )
      : say(`回放 ${chosen.length} 个月`, `${chosen.length} months replayed`);
  return (
    <details class="card run-form">
      <summary>{words}</summary>
      <div class="rule-months">
        {all.map(({ key, title }) => (
          <Check
            key={key}
            checked={chosen.includes(key)}
            onChange={(on) => onChoose(on ? [...chosen, key] : chosen.filter((one) => one !== key))}
          >
            {title} <span class="soft">{key}</span>
          </Check>
        ))}
      </div>
    </details>
  );
}

function Totals({ effect }: { effect: EffectJson }) {
  const { say } = useLanguage();
  const change = effect.afterFen - effect.beforeFen;
  const figures: [string, string, string][] = [
    [say('现在的规则', 'As it holds'), yuan(effect.beforeFen), ''],
    [say('这一版', 'This version'), yuan(effect.afterFen), ''],
    [say('差额（元）', 'Difference (yuan)'), signedYuan(change), change === 0 ? '' : toneOf(change)],
    [say('多得 / 少得（人）', 'More / less (people)'), `${effect.winners} / ${effect.losers}`, ''],
  ];
  return (
    <ul class="figures-row">
      {figures.map(([words, value, tone]) => (
        <li key={words}>
          <span class="figure">
            <span class="soft">{words}</span>
            <span class={`figure-value ${tone}`}>{value}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Findings({ effect }: { effect: EffectJson }) {
  const { lang, say } = useLanguage();
  if (effect.findings.length === 0) return null;
  return (
    <section class="card card-note" aria-label={say('值得一看', 'Worth a look')}>
      <ul class="rule-findings">
        {effect.findings.map((one) => (
          <li key={one.words.zh}>
            {one.line !== null && <span class="soft">{say(`第 ${one.line} 行`, `line ${one.line}`)}</span>}{' '}
            {one.words[lang]}
          </li>
        ))}
      </ul>
    </section>
  );
}

function People({ effect, document, version }: { effect: EffectJson; document: string; version: number }) {
  const { say } = useLanguage();
  const [all, setAll] = useState(false);
  const [traced, setTraced] = useState<DifferenceJson | null>(null);
  const shown = all ? effect.people : effect.people.slice(0, FIRST);
  if (effect.people.length === 0) return <p class="empty">{say('没有人得奖。', 'Nobody wins anything.')}</p>;
  return (
    <>
      <table class="rows people-effect">
        <thead>
          <tr>
            <th>{say('管家', 'Housekeeper')}</th>
            <th class="number">{say('现在', 'Now')}</th>
            <th class="number">{say('这一版', 'This version')}</th>
            <th class="number">{say('差额（元）', 'Difference (yuan)')}</th>
            <th>
              <span class="only-heard">{say('过程', 'How')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.personId}>
              <td class="what">{shownName(one.person)}</td>
              <td class="number" data-label={say('现在', 'Now')}>
                {yuan(one.beforeFen)}
              </td>
              <td class="number" data-label={say('这一版', 'This version')}>
                {yuan(one.afterFen)}
              </td>
              <td class={`number ${toneOf(one.afterFen - one.beforeFen)}`} data-label={say('差额', 'Difference')}>
                {signedYuan(one.afterFen - one.beforeFen)}
              </td>
              <td class="act">
                <Button
                  kind="quiet"
                  label={say(`${shownName(one.person)} 的计算过程`, `How ${shownName(one.person)} gets it`)}
                  onPress={() => setTraced(one)}
                >
                  {say('怎么算的', 'How')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && effect.people.length > FIRST && (
        <div class="pager">
          <Button onPress={() => setAll(true)}>
            {say(`全部 ${effect.people.length} 人`, `All ${effect.people.length}`)}
          </Button>
        </div>
      )}
      {traced && (
        <RuleTrace
          person={traced}
          months={effect.months}
          document={document}
          version={version}
          onClose={() => setTraced(null)}
        />
      )}
    </>
  );
}
