import { useLanguage } from '../../shared/language.tsx';
import { fieldWords } from '../auditWords.ts';

/** What differs, value by value. */
export function Difference({ before, after }: { before: unknown; after: unknown }) {
  const { say } = useLanguage();
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
  if (names.length === 0) return null;
  return (
    <dl class="difference">
      {names.map((name) => (
        <div key={name}>
          <dt>{fieldWords(name, say)}</dt>
          <dd>
            {was[name] !== undefined && (
              <del>
                <span class="only-heard">{say('原来', 'before')}</span>
                {was[name]}
              </del>
            )}{' '}
            {is[name] !== undefined && (
              <ins>
                <span class="only-heard">{say('现在', 'after')}</span>
                {is[name]}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function fieldsOf(value: unknown): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return { '': words(value) };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, words(inner)]));
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
