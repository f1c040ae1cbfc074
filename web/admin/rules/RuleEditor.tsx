import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { wordsOf } from '../useCommand.ts';
import { SchemaForm } from './SchemaForm.tsx';
import { CAMPAIGN } from './schema.ts';
import type { Mistake } from './wire.ts';
import { type Path, valuesOf, withValue } from './yamlText.ts';

/** How long after the last key a document is checked, in ms. */
const SOON_MS = 300;

interface RuleEditorProps {
  document: string;
  text: string;
  onText: (text: string) => void;
}

/** A campaign as a form beside its YAML: either changes the other, and both show what is wrong, in its place. */
export function RuleEditor({ document, text, onText }: RuleEditorProps) {
  const { say } = useLanguage();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const values = useMemo(() => valuesOf(text), [text]);
  const mistakes = useMistakes(document, text);
  const byPlace = useMemo(() => new Map((mistakes ?? []).flatMap(placeOf)), [mistakes]);
  const edit = (path: Path, value: unknown) => onText(withValue(text, path, value));
  const show = (line: number) => {
    const lines = text.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <div class="rule-editor">
      <section class="card rule-form" aria-label={say('表单', 'Form')}>
        {values !== undefined ? (
          <SchemaForm schema={CAMPAIGN} path={[]} value={values} required mistakes={byPlace} onEdit={edit} />
        ) : (
          <p class="empty">{say('右边的 YAML 改好后，表单就回来。', 'Mend the YAML and the form comes back.')}</p>
        )}
      </section>
      <section class="card rule-yaml">
        <div class="field">
          <label for={id}>YAML</label>
          <textarea
            ref={area}
            id={id}
            class="mono"
            rows={Math.max(24, text.split('\n').length + 1)}
            spellcheck={false}
            wrap="off"
            value={text}
            aria-invalid={(mistakes?.length ?? 0) > 0}
            aria-describedby={`${id}-said`}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        </div>
        <div id={`${id}-said`} class="rule-said" role="status">
          {mistakes === null && <p class="form-hint">{say('正在检查…', 'Checking…')}</p>}
          {mistakes?.length === 0 && <p class="good-text">{say('检查通过，没有错误。', 'Checked: no mistakes.')}</p>}
          {mistakes?.map((one) => (
            <button key={`${one.line} ${one.text}`} type="button" class="rule-mistake" onClick={() => show(one.line)}>
              {one.line > 0 && <span>{say(`第 ${one.line} 行`, `line ${one.line}`)}</span>} {one.text}
            </button>
          ))}
        </div>
      </section>
    </div>
  );
}

/** What is wrong with a text, soon after it was typed; null until it is known. */
function useMistakes(document: string, text: string): Mistake[] | null {
  const { say } = useLanguage();
  const [checked, setChecked] = useState<{ text: string; mistakes: Mistake[] } | null>(null);
  useEffect(() => {
    let late = false;
    const timer = window.setTimeout(async () => {
      const mistakes = await ask<{ mistakes: Mistake[] }>('rewards.check', { document, text }).then(
        ({ data }) => data.mistakes,
        (error: unknown) => [{ line: 0, text: wordsOf(error, say) }],
      );
      if (!late) setChecked({ text, mistakes });
    }, SOON_MS);
    return () => {
      late = true;
      window.clearTimeout(timer);
    };
  }, [document, text]);
  // While one types, what was wrong stays in sight.
  return checked?.mistakes ?? null;
}

/** `awards.tiers.steps.0.at: 5 is not above …` → the place and the words. */
function placeOf({ text }: Mistake): [string, string][] {
  const found = /^([\w.]+): (.*)$/s.exec(text);
  return found?.[1] && found[2] ? [[found[1], found[2]]] : [];
}
