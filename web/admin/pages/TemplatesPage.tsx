import { useLanguage } from '../../shared/language.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';

/** The words that the business edits. */
export function TemplatesPage() {
  const { say } = useLanguage();
  const asked = useCommand<{ templates: { name: string; edited: string[] }[] }>('templates.list', {}, ['audit']);
  return (
    <Page title={say('消息模板', 'Templates')}>
      <WhenThere asked={asked}>
        {({ templates }) => (
          <ul class="cards">
            {templates.map(({ name, edited }) => (
              <li key={name} class="card">
                <Link class="card-link" to={addressOf(['templates', name], { lang: say('zh', 'en') })}>
                  <span class="card-title">
                    <span class="mono">{name}</span>
                    {edited.length > 0 && <Tag tone="info">{say('改过', 'edited')}</Tag>}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </WhenThere>
    </Page>
  );
}
