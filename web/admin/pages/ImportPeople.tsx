import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { useNotices } from '../parts/Notices.tsx';

interface Imported {
  added: number;
  changed: number;
  unchanged: number;
  bad: { line: number; reason: string }[];
}

/** A CSV is first read without changing anything; what would be done is shown, with each bad row, and then done. */
export function ImportPeople({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [csv, setCsv] = useState('');
  const [read, setRead] = useState<{ title: string; data: Imported; dry: boolean } | null>(null);
  const [busy, setBusy] = useState(false);

  const take = async (text: string, dry: boolean) => {
    setBusy(true);
    await run(async () => {
      const answer = await ask<Imported>('people.import', { csv: text, dry });
      setRead({ title: answer.title ?? '', data: answer.data, dry });
      if (!dry) await onDone();
      return dry ? undefined : answer;
    });
    setBusy(false);
  };
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const bytes = await file.arrayBuffer();
    const text = decoded(bytes);
    setCsv(text);
    await take(text, true);
  };

  return (
    <div class="form">
      <header class="dialog-head">
        <h2>{say('导入人员', 'Import people')}</h2>
        <Button kind="quiet" onPress={onClose}>
          {say('关闭', 'Close')}
        </Button>
      </header>
      <p class="form-hint">
        {say(
          '第一行是表头：姓名,角色,城市,账号,身份（也可有 编号）。例：王师傅,员工,北京,wecom-app:wang,driver:D-1023',
          'The first line is the heading: name,role,city,account,subject (and id). E.g. Wang,staff,Beijing,wecom-app:wang,driver:D-1023',
        )}
      </p>
      <label class="file-pick">
        <span>{say('选文件', 'Choose a file')}</span>
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => void choose(event.currentTarget.files?.[0])}
        />
      </label>
      <label class="field">
        <span>{say('或贴在这里', 'or paste it here')}</span>
        <textarea
          rows={5}
          class="mono"
          value={csv}
          onInput={(event) => {
            setCsv(event.currentTarget.value);
            setRead(null);
          }}
        />
      </label>
      {read && (
        <div role="status">
          <p class={read.data.bad.length > 0 ? 'warn-text' : 'good-text'}>{read.title}</p>
          {read.data.bad.length > 0 && (
            <ul class="bad-rows">
              {read.data.bad.slice(0, 50).map((one) => (
                <li key={one.line}>{say(`第 ${one.line} 行：${one.reason}`, `Line ${one.line}: ${one.reason}`)}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      <div class="form-foot">
        <Button busy={busy} disabled={!csv.trim()} onPress={() => void take(csv, true)}>
          {say('试读', 'Try')}
        </Button>
        <Button
          kind="main"
          busy={busy}
          disabled={!read?.dry || read.data.added + read.data.changed === 0}
          onPress={() => void take(csv, false)}
        >
          {say('导入', 'Import')}
        </Button>
      </div>
    </div>
  );
}

/** Spreadsheets in China save CSV as GB18030. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
