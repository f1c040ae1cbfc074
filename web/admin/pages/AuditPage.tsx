import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { AUDIT_KINDS, actionWords } from '../auditWords.ts';
import { Difference } from '../parts/Difference.tsx';
import { Choice, Field } from '../parts/Field.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, go, useRoute } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { AuditEntry } from '../wire.ts';

const ALL = { value: '', zh: '全部', en: 'Everything' };
const KINDS = [ALL, ...Object.entries(AUDIT_KINDS).map(([value, [zh, en]]) => ({ value, zh, en }))];

/** Who signed in, and who changed what: as it was before, as it is after. */
export function AuditPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const { query } = useRoute();
  const given = { action: query.get('action') ?? undefined, subject: query.get('subject') ?? undefined };
  const before = Number(query.get('before')) || undefined;
  const args = {
    ...(given.action && { action: given.action }),
    ...(given.subject && { subject: given.subject }),
    ...(before && { before }),
  };
  const asked = useCommand<{ entries: AuditEntry[]; next: number | null }>('audit.list', args, before ? [] : ['audit']);
  const show = (change: Record<string, string | undefined>) =>
    go(addressOf(['audit'], { ...given, ...change }), { replace: true });
  return (
    <Page title={say('审计', 'Audit')}>
      <div class="filters">
        <Choice
          label={say('种类', 'Kind')}
          value={given.action ?? ''}
          options={KINDS.map((one) => ({ value: one.value, words: say(one.zh, one.en) }))}
          onChange={(action) => show({ action })}
        />
        <Field
          type="search"
          label={say('对象', 'Subject')}
          value={given.subject ?? ''}
          placeholder="channel:lobby"
          onInput={(subject) => show({ subject })}
        />
      </div>
      <WhenThere asked={asked} empty={({ entries }) => entries.length === 0 && say('没有记录。', 'Nothing recorded.')}>
        {({ entries, next }) => (
          <>
            <ol class="audit">
              {entries.map((one) => (
                <li key={one.seq}>
                  <p class="audit-head">
                    <span class="when">{when(one.at)}</span> <b>{one.name}</b>{' '}
                    <Tag tone={one.action.endsWith('refused') ? 'bad' : 'plain'}>{actionWords(one.action, say)}</Tag>{' '}
                    <span class="mono soft">{one.subject}</span>
                  </p>
                  {(one.before !== null || one.after !== null) && <Difference before={one.before} after={one.after} />}
                </li>
              ))}
            </ol>
            <div class="pager">
              {before && <Button onPress={() => window.history.back()}>{say('较新的', 'Newer')}</Button>}
              {next !== null && (
                <Button onPress={() => go(addressOf(['audit'], { ...given, before: String(next) }))}>
                  {say('较早的', 'Older')}
                </Button>
              )}
            </div>
          </>
        )}
      </WhenThere>
    </Page>
  );
}
