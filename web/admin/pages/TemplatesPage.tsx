import { useLanguage } from '../../shared/language.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';

interface TemplateJson {
  /** `rewards/award-notice` */
  name: string;
  /** Its first line, filled with the sample. */
  says: string;
  /** Languages in which its words were edited. */
  edited: string[];
}

const PARTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  calls: ['外呼', 'Calls'],
  drivers: ['司机', 'Drivers'],
  field: ['现场通知', 'Field'],
  rewards: ['奖励', 'Rewards'],
  sla: ['服务违规', 'Service levels'],
  subscriptions: ['订阅', 'Subscriptions'],
};

const partOf = (name: string) => name.slice(0, name.indexOf('/'));

/** The words that the business edits. */
export function TemplatesPage() {
  const { say } = useLanguage();
  const asked = useCommand<{ templates: TemplateJson[] }>('templates.list', {}, ['audit']);
  return (
    <Page title={say('消息模板', 'Templates')}>
      <WhenThere asked={asked}>
        {({ templates }) =>
          [...new Set(templates.map(({ name }) => partOf(name)))].map((part) => (
            <section key={part} class="section">
              <h2>{say(...(PARTS[part] ?? [part, part]))}</h2>
              <ul class="cards">
                {templates
                  .filter(({ name }) => partOf(name) === part)
                  .map(({ name, says, edited }) => (
                    <li key={name} class="card">
                      <Link class="card-link" to={addressOf(['templates', name], { lang: say('zh', 'en') })}>
                        <span class="card-title">
                          <span>{says}</span>
                          {edited.length > 0 && <Tag tone="info">{say('改过', 'edited')}</Tag>}
                        </span>
                        <span class="mono soft">{name}</span>
                      </Link>
                    </li>
                  ))}
              </ul>
            </section>
          ))
        }
      </WhenThere>
    </Page>
  );
}
