import { useEffect, useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Field } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tabs } from '../parts/Tabs.tsx';
import { addressOf, go, useRoute } from '../route.tsx';
import { documentOf } from '../rules/documentName.ts';
import { RuleEditor } from '../rules/RuleEditor.tsx';
import { RuleEffect } from '../rules/RuleEffect.tsx';
import { RuleVersions } from '../rules/RuleVersions.tsx';
import type { DocumentJson } from '../rules/wire.ts';
import { useCommand } from '../useCommand.ts';

const TABS = [
  { name: '', zh: '规则', en: 'Rules' },
  { name: 'effect', zh: '影响与发布', en: 'Effect and publishing' },
  { name: 'versions', zh: '版本', en: 'Versions' },
];

/** One campaign document: written, tried on history, published, and taken back. */
export function RulePage({ name }: { name: string }) {
  const { say } = useLanguage();
  const { query } = useRoute();
  const from = query.get('from');
  const version = query.get('version');
  const asked = useCommand<DocumentJson>(
    'rewards.document',
    { document: documentOf(from ?? name), ...(version !== null && { version: Number(version) }) },
    ['audit'],
  );
  return (
    <Page title={name} back={{ words: say('活动规则', 'Campaigns'), to: addressOf(['rules']) }}>
      <WhenThere asked={asked}>
        {(whole) => (
          <Rule
            key={`${from} ${whole.version}`}
            name={name}
            whole={
              from
                ? { ...whole, document: documentOf(name), version: 0, published: null, versions: [], publications: [] }
                : whole
            }
            isNew={from !== null}
            reload={asked.reload}
          />
        )}
      </WhenThere>
    </Page>
  );
}

interface RuleProps {
  name: string;
  whole: DocumentJson;
  /** Written, and not kept yet. */
  isNew: boolean;
  reload: () => Promise<void>;
}

function Rule({ name, whole, isNew, reload }: RuleProps) {
  const { say } = useLanguage();
  const { query } = useRoute();
  const { run } = useNotices();
  const [text, setText] = useState(whole.text);
  const [note, setNote] = useState('');
  const tab = TABS.find((one) => one.name === query.get('tab')) ?? TABS[0];
  const changed = isNew || text !== whole.text;
  useLeaveGuard(changed);
  const place = (to: string, version: number) => addressOf(['rules', name], { tab: to, version: String(version) });
  const save = async () => {
    let kept = 0;
    const work = async () => {
      const answer = await ask<{ version: number }>('rewards.draft', {
        document: whole.document,
        text,
        ...(note.trim() && { note }),
      });
      kept = answer.data.version;
      return answer;
    };
    if (await run(work)) go(place('effect', kept));
  };
  const versionWords =
    whole.version === 0 ? say('文件原文', 'the file') : say(`第 ${whole.version} 版`, `version ${whole.version}`);
  const newer = whole.versions.find((one) => one.version > whole.version);
  return (
    <>
      <p class="lead">
        {isNew
          ? say('还没有保存。', 'Not kept yet.')
          : `${versionWords} · ${whole.version === whole.published ? say('生效中', 'holds') : say('没有生效', 'does not hold')}`}
        {newer && (
          <>
            {' · '}
            <a href={place('', newer.version)}>
              {say(
                `${newer.createdBy} 存了更新的第 ${newer.version} 版`,
                `${newer.createdBy} has kept a newer version ${newer.version}`,
              )}
            </a>
          </>
        )}
      </p>
      {!isNew && (
        <Tabs
          label={say('看什么', 'What to see')}
          tabs={TABS.map(({ name, zh, en }) => ({ value: name, words: say(zh, en) }))}
          value={tab?.name ?? ''}
          onChange={(to) => go(place(to, whole.version), { replace: true })}
        />
      )}
      {tab?.name === 'effect' && !isNew ? (
        <>
          {changed && (
            <p class="failed">
              {say('有没保存的改动，这里看不到它们。', 'There are changes that are not kept; this is without them.')}
            </p>
          )}
          <RuleEffect whole={whole} version={whole.version} onPublished={reload} />
        </>
      ) : tab?.name === 'versions' && !isNew ? (
        <RuleVersions
          whole={whole}
          isFile={whole.versions.every((one) => one.version > 1)}
          addressOfVersion={(version) => place('', version)}
          onChanged={reload}
        />
      ) : (
        <>
          <RuleEditor document={whole.document} text={text} onText={setText} />
          <div class="chosen rule-keep">
            <Field label={say('改了什么，为什么', 'What was changed, and why')} value={note} onInput={setNote} />
            <Confirm
              kind="main"
              words={say('存为草稿，看影响', 'Keep as a draft, see the effect')}
              disabled={!changed}
              onDo={save}
            />
          </div>
        </>
      )}
    </>
  );
}

/** Whoever closes the page with something unkept is asked first. */
function useLeaveGuard(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);
}
