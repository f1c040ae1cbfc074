import { useId, useState } from 'preact/hooks';
import { isNumber, type Schema, typedValue } from './schema.ts';

interface LineFieldProps {
  label: string;
  schema?: Schema;
  shown: string;
  mistake: string | undefined;
  /** Whether what is typed says what the document says: then it stays as it is typed. */
  same: (line: string, value: string | number) => boolean;
  onLine: (line: string, value: string | number) => void;
}

/** A line of text or a number. `1.` is left alone while one goes on to `1.5`. */
export function LineField({ label, schema = {}, shown, mistake, same, onLine }: LineFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState(shown);
  const value = same(typed, typedValue(schema, typed)) ? typed : shown;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...({ type: schema.format === 'date' ? 'date' : 'text' } as { type: 'text' })}
        inputMode={isNumber(schema) ? 'decimal' : undefined}
        value={value}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={mistake !== undefined}
        aria-describedby={mistake ? `${id}-mistake` : undefined}
        onInput={(event) => {
          const line = event.currentTarget.value;
          setTyped(line);
          onLine(line, typedValue(schema, line));
        }}
      />
      {mistake && (
        <p class="form-error" id={`${id}-mistake`}>
          {mistake}
        </p>
      )}
    </div>
  );
}
