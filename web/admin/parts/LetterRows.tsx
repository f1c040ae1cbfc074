import { useLanguage } from '../../shared/language.tsx';
import { reasonWords } from '../reasons.ts';
import { addressOf, Link } from '../route.tsx';
import { useWhen } from '../when.ts';
import type { Letter } from '../wire.ts';
import { LetterTag } from './State.tsx';

interface LetterRowsProps {
  letters: readonly Letter[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Letters, one a row; each may be chosen. */
export function LetterRows({ letters, chosen, onChoose }: LetterRowsProps) {
  const { lang, say } = useLanguage();
  const all = letters.length > 0 && letters.every(({ key }) => chosen.has(key));
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose(next);
  };
  return (
    <table class="rows letters">
      <thead>
        <tr>
          <th class="pick">
            <input
              type="checkbox"
              aria-label={say('全选', 'Choose all')}
              checked={all}
              onChange={() => onChoose(all ? new Set() : new Set(letters.map(({ key }) => key)))}
            />
          </th>
          <th>{say('内容', 'What')}</th>
          <th>{say('去向', 'To')}</th>
          <th>{say('状态', 'State')}</th>
          <th>{say('时间', 'When')}</th>
        </tr>
      </thead>
      <tbody>
        {letters.map((letter) => (
          <tr key={letter.key}>
            <td class="pick">
              <input
                type="checkbox"
                aria-label={say(`选 ${letter.title || letter.key}`, `Choose ${letter.title || letter.key}`)}
                checked={chosen.has(letter.key)}
                onChange={() => toggle(letter.key)}
              />
            </td>
            <td class="what">
              <Link to={addressOf(['delivery', letter.key])}>{letter.title || say('（没有标题）', '(no title)')}</Link>
              <span class="mono soft clip">{letter.key}</span>
            </td>
            <td class="to mono clip">{letter.to}</td>
            <td class="state">
              <LetterTag state={letter.state} />
              {letter.reason && letter.state !== 'sent' && (
                <span class="soft reason">{reasonWords(letter.reason, lang)}</span>
              )}
            </td>
            <td class="when">
              <When letter={letter} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function When({ letter }: { letter: Letter }) {
  const { say } = useLanguage();
  const when = useWhen();
  if (letter.sentAt) return <>{when(letter.sentAt)}</>;
  if (letter.eta) return <>{say(`约 ${when(letter.eta)}`, `about ${when(letter.eta)}`)}</>;
  return <>{when(letter.createdAt)}</>;
}
