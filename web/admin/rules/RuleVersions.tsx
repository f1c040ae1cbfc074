import { useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Choice } from '../parts/Field.tsx';
import { LineDiff } from '../parts/LineDiff.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { DocumentJson } from './wire.ts';

interface RuleVersionsProps {
  whole: DocumentJson;
  /** Whether the document is also a file, which is its edition 0: drafts then begin at 2. */
  isFile: boolean;
  addressOfVersion: (version: number) => string;
  onChanged: () => Promise<void>;
}

/** Every edition of a document: when it held, how two differ, and the way back to one. */
export function RuleVersions({ whole, isFile, addressOfVersion, onChanged }: RuleVersionsProps) {
  const { say } = useLanguage();
  const when = useWhen();
  const { run } = useNotices();
  const { document, versions, publications, published } = whole;
  const file = { version: 0, note: null, createdAt: null, createdBy: null };
  const rows = [...versions, ...(isFile ? [file] : [])];
  const name = (version: number) =>
    version === 0 ? say('文件原文', 'The file') : say(`第 ${version} 版`, `Version ${version}`);
  const back = (version: number) => async () => {
    if (await run(() => ask('rewards.publish', { document, version }))) await onChanged();
  };
  return (
    <>
      <table class="rows versions">
        <thead>
          <tr>
            <th>{say('版本', 'Version')}</th>
            <th>{say('改了什么', 'What was changed')}</th>
            <th>{say('保存', 'Kept')}</th>
            <th>{say('生效过', 'Held from')}</th>
            <th>
              <span class="only-heard">{say('退回', 'Roll back')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const held = publications.filter((one) => one.version === row.version);
            return (
              <tr key={row.version}>
                <td class="what">
                  <Link to={addressOfVersion(row.version)}>{name(row.version)}</Link>
                  {row.version === published && <Tag tone="good">{say('生效中', 'holds')}</Tag>}
                </td>
                <td data-label={say('改了什么', 'What was changed')}>{row.note ?? <span class="soft">—</span>}</td>
                <td class="when" data-label={say('保存', 'Kept')}>
                  {row.createdBy ? `${when(row.createdAt)} · ${row.createdBy}` : '—'}
                </td>
                <td class="when" data-label={say('生效过', 'Held from')}>
                  {held.map((one) => `${when(one.at)} · ${one.by}`).join('，') || '—'}
                </td>
                <td class="act">
                  {row.version !== published && (held.length > 0 || row.version === 0) && (
                    <Confirm
                      kind="quiet"
                      words={say('退回到这一版', 'Roll back to this')}
                      question={say(`立即按${name(row.version)}计奖？`, `${name(row.version)} holds at once?`)}
                      onDo={back(row.version)}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Compared
        document={document}
        versions={rows.map((row) => ({ value: String(row.version), words: name(row.version) }))}
        published={published ?? 0}
      />
    </>
  );
}

function Compared({
  document,
  versions,
  published,
}: {
  document: string;
  versions: { value: string; words: string }[];
  published: number;
}) {
  const { say } = useLanguage();
  const [from, setFrom] = useState(String(published));
  const [to, setTo] = useState(versions[0]?.value ?? '0');
  const before = useCommand<DocumentJson>('rewards.document', { document, version: Number(from) });
  const after = useCommand<DocumentJson>('rewards.document', { document, version: Number(to) });
  if (versions.length < 2) return null;
  return (
    <section class="card">
      <div class="form-row">
        <Choice label={say('从', 'From')} value={from} options={versions} onChange={setFrom} />
        <Choice label={say('到', 'To')} value={to} options={versions} onChange={setTo} />
      </div>
      <WhenThere asked={before}>
        {(old) => (
          <WhenThere asked={after}>
            {(now) =>
              old.text === now.text ? (
                <p class="empty">{say('两版一样。', 'They are the same.')}</p>
              ) : (
                <LineDiff before={old.text} after={now.text} />
              )
            }
          </WhenThere>
        )}
      </WhenThere>
    </section>
  );
}
