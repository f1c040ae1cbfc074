import { useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { type Edited, useEdited } from '../parts/edited.ts';
import { Field } from '../parts/Field.tsx';
import { LineDiff } from '../parts/LineDiff.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Overtaken } from '../parts/Overtaken.tsx';
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
            key={`${from} ${version}`}
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
  const [note, setNote] = useState('');
  const tab = TABS.find((one) => one.name === query.get('tab')) ?? TABS[0];
  const newest = whole.versions.reduce((most, one) => Math.max(most, one.version), 0);
  const edited = useEdited(whole.text, newest, { keep: `rule:${name}` });
  const text = edited.value;
  const place = (to: string, version: number) => addressOf(['rules', name], { tab: to, version: String(version) });
  const save = async () => {
    let kept = 0;
    const work = async () => {
      const answer = await ask<{ version: number }>('rewards.draft', {
        document: whole.document,
        text,
        knows: edited.knows,
        ...(note.trim() && { note }),
      });
      kept = answer.data.version;
      return answer;
    };
    if (await run(work)) {
      edited.discard();
      go(place('effect', kept));
    } else if (isNew) go(addressOf(['rules', name]), { replace: true });
    else await reload();
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
          {edited.changed && (
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
          <RuleOvertaken edited={edited} whole={whole} newest={newest} onTaken={() => go(place('', newest))} />
          <RuleEditor document={whole.document} text={text} onText={edited.set} />
          <div class="chosen rule-keep">
            <Field label={say('改了什么，为什么', 'What was changed, and why')} value={note} onInput={setNote} />
            <Confirm
              kind="main"
              words={say('存为草稿，看影响', 'Keep as a draft, see the effect')}
              disabled={edited.overtaken || !(isNew || edited.changed)}
              onDo={save}
            />
          </div>
        </>
      )}
    </>
  );
}

interface RuleOvertakenProps {
  edited: Edited<string>;
  whole: DocumentJson;
  newest: number;
  /** The newest edition is to be shown in the place of what was written. */
  onTaken: () => void;
}

/** That somebody else has kept an edition meanwhile, and how it differs from what is written here. */
function RuleOvertaken({ edited, whole, newest, onTaken }: RuleOvertakenProps) {
  const by = whole.versions.find(({ version }) => version === newest);
  const discard = () => {
    edited.discard();
    if (edited.overtaken) onTaken();
  };
  return (
    <Overtaken edited={{ ...edited, discard }} by={by?.createdBy} at={by?.createdAt}>
      {edited.overtaken && <AgainstEdition document={whole.document} version={newest} text={edited.value} />}
    </Overtaken>
  );
}

function AgainstEdition({ document, version, text }: { document: string; version: number; text: string }) {
  const asked = useCommand<DocumentJson>('rewards.document', { document, version });
  return <WhenThere asked={asked}>{(theirs) => <LineDiff before={theirs.text} after={text} />}</WhenThere>;
}
