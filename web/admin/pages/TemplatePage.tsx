import { useEffect, useId, useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { useEdited } from '../parts/edited.ts';
import { Choice } from '../parts/Field.tsx';
import { LineDiff } from '../parts/LineDiff.tsx';
import { Look, PLATFORM_NAMES } from '../parts/Look.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Overtaken } from '../parts/Overtaken.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { addressOf, go, useRoute } from '../route.tsx';
import { useCommand, wordsOf } from '../useCommand.ts';
import type { PreviewJson } from '../wire.ts';

interface TemplateJson {
  name: string;
  lang: 'zh' | 'en';
  text: string;
  original: string;
  version: number;
  editedBy: string | null;
  sample: Record<string, unknown>;
}

const SOON_MS = 300;

/** A template beside what it says on every platform, while one types. */
export function TemplatePage({ name }: { name: string }) {
  const { say } = useLanguage();
  const { query } = useRoute();
  const lang = query.get('lang') === 'en' ? 'en' : 'zh';
  const asked = useCommand<TemplateJson>('templates.get', { name, lang }, ['audit']);
  return (
    <Page
      title={name}
      back={{ words: say('消息模板', 'Templates'), to: addressOf(['templates']) }}
      actions={
        <Choice
          label={say('语言', 'Language')}
          value={lang}
          options={[
            { value: 'zh', words: '中文' },
            { value: 'en', words: 'English' },
          ]}
          onChange={(to) => go(addressOf(['templates', name], { lang: to }), { replace: true })}
        />
      }
    >
      <WhenThere asked={asked}>
        {(template) => <Editor key={template.lang} template={template} onSaved={asked.reload} />}
      </WhenThere>
    </Page>
  );
}

function Editor({ template, onSaved }: { template: TemplateJson; onSaved: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const id = useId();
  const edited = useEdited(template.text, template.version, { keep: `template:${template.name}.${template.lang}` });
  const text = edited.value;
  const { previews, mistakes } = usePreviews(template, text);
  const save = (words: string | null) => async () => {
    const { name, lang } = template;
    if (await run(() => ask('templates.save', { name, lang, version: edited.knows, text: words }))) edited.discard();
    await onSaved();
  };
  return (
    <div class="two">
      <section class="card">
        <Overtaken edited={edited} by={template.editedBy}>
          {edited.overtaken && <LineDiff before={template.text} after={text} />}
        </Overtaken>
        <div class="field">
          <label for={id}>{say('文字（第一行以 # 开头就是标题）', 'Words (a first line with # is the title)')}</label>
          <textarea
            id={id}
            class="mono"
            rows={14}
            spellcheck={false}
            value={text}
            aria-invalid={mistakes !== null}
            aria-describedby={`${id}-said`}
            onInput={(event) => edited.set(event.currentTarget.value)}
          />
        </div>
        <p
          id={`${id}-said`}
          class={mistakes ? 'form-error mistakes' : 'form-hint'}
          role={mistakes ? 'alert' : undefined}
        >
          {mistakes ??
            (template.editedBy
              ? say(`${template.editedBy} 改过`, `edited by ${template.editedBy}`)
              : say('还是文件里的原文', 'as in the file'))}
        </p>
        <h2>{say('可以用的空', 'Holes')}</h2>
        <ul class="holes">
          {Object.entries(template.sample).map(([hole, value]) => (
            <li key={hole}>
              <code>{`{{${hole}}}`}</code>
              <span class="soft">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
            </li>
          ))}
        </ul>
        <div class="form-foot">
          {template.text !== template.original && (
            <Confirm
              words={say('恢复原文', 'Back to the file')}
              question={say('恢复成文件里的原文？', 'Take the words of the file again?')}
              onDo={save(null)}
            />
          )}
          <Confirm
            kind="main"
            words={say('保存，立即生效', 'Save; it holds at once')}
            disabled={mistakes !== null || edited.overtaken || !edited.changed}
            onDo={save(text)}
          />
        </div>
      </section>
      <section class="looks" aria-label={say('各平台上的样子', 'As platforms show it')}>
        {previews.map((preview) => (
          <Look key={preview.platform} preview={preview} />
        ))}
        {previews.length === 0 && mistakes && <p class="empty">{say('改好后就能看到样子。', 'Mend it to see it.')}</p>}
      </section>
    </div>
  );
}

/** What is typed, filled with the sample, soon after one has typed; the last that could be shown stays. */
function usePreviews({ name, lang }: TemplateJson, text: string) {
  const { say } = useLanguage();
  const [previews, setPreviews] = useState<PreviewJson[]>([]);
  const [mistakes, setMistakes] = useState<string | null>(null);
  useEffect(() => {
    let late = false;
    const timer = window.setTimeout(async () => {
      try {
        const platforms = Object.keys(PLATFORM_NAMES);
        const { data } = await ask<{ previews: PreviewJson[] }>('templates.preview', { name, lang, text, platforms });
        if (late) return;
        setPreviews(data.previews);
        setMistakes(null);
      } catch (error) {
        if (!late) setMistakes(wordsOf(error, say));
      }
    }, SOON_MS);
    return () => {
      late = true;
      window.clearTimeout(timer);
    };
  }, [name, lang, text]);
  return { previews, mistakes };
}
