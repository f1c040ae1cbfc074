import type { ComponentChildren } from 'preact';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Check, Choice } from '../parts/Field.tsx';
import { LineField } from './LineField.tsx';
import { emptyOf, type Schema, shapeOf } from './schema.ts';
import { partWords, valueWords } from './words.ts';
import type { Path } from './yamlText.ts';

interface PartProps {
  schema: Schema;
  path: Path;
  value: unknown;
  required: boolean;
  /** The mistake at a place, by its path with dots. */
  mistakes: ReadonlyMap<string, string>;
  /** Another value at a place; undefined: none. */
  onEdit: (path: Path, value: unknown) => void;
}

/** A part of a document as its schema says: fields, lists and parts within it. */
export function SchemaForm(props: PartProps) {
  const { schema, path, value, required, onEdit } = props;
  const { lang, say } = useLanguage();
  const words = partWords(path, lang);
  const key = String(path.at(-1) ?? '');
  const mistake = props.mistakes.get(path.join('.'));
  const shape = shapeOf(schema);
  const defaultWords = schema.default
    ? `${valueWords(key, schema.default, lang)}${say('（默认）', ' (default)')}`
    : '—';
  if (!required && value === undefined && ['object', 'list', 'variants'].includes(shape)) {
    return (
      <div>
        <Button kind="quiet" onPress={() => onEdit(path, newOf(schema))}>
          + {words}
        </Button>
      </div>
    );
  }
  switch (shape) {
    case 'object':
      return (
        <Group
          words={words}
          depth={path.length}
          mistake={mistake}
          onDrop={!required && (() => onEdit(path, undefined))}
        >
          <Parts {...props} />
        </Group>
      );
    case 'list':
      return <List {...props} words={words} mistake={mistake} />;
    case 'variants':
      return <Variants {...props} words={words} mistake={mistake} />;
    case 'set':
      return (
        <Group words={words} depth={path.length} mistake={mistake}>
          <div class="checks">
            {(schema.items?.enum ?? []).map((one) => (
              <Check
                key={one}
                checked={listed(value).includes(one)}
                onChange={(on) =>
                  onEdit(
                    path,
                    (schema.items?.enum ?? []).filter((other) => (other === one ? on : listed(value).includes(other))),
                  )
                }
              >
                {valueWords(key, one, lang)}
              </Check>
            ))}
          </div>
        </Group>
      );
    case 'words':
      return (
        <LineField
          label={words}
          shown={listed(value).join(', ')}
          mistake={mistake}
          onLine={(line) => {
            const items = line.split(/[,，、\s]+/).filter(Boolean);
            onEdit(path, items.length > 0 || required ? items : undefined);
          }}
          same={(line) =>
            line
              .split(/[,，、\s]+/)
              .filter(Boolean)
              .join(', ') === listed(value).join(', ')
          }
        />
      );
    case 'choice':
      return (
        <Choice
          label={words}
          value={typeof value === 'string' ? value : ''}
          options={[
            ...(!required || typeof value !== 'string' ? [{ value: '', words: defaultWords }] : []),
            ...(schema.enum ?? []).map((one) => ({ value: one, words: valueWords(key, one, lang) })),
          ]}
          onChange={(to) => onEdit(path, to === '' ? undefined : to)}
        />
      );
    case 'mark':
      return required ? null : (
        <Check checked={value === schema.const} onChange={(on) => onEdit(path, on ? schema.const : undefined)}>
          {words}
        </Check>
      );
    case 'yesNo':
      return (
        <Check checked={value === true} onChange={(on) => onEdit(path, on)}>
          {words}
        </Check>
      );
    case 'line':
      return (
        <LineField
          label={required ? words : `${words}${say('，可空', ' (may be empty)')}`}
          schema={schema}
          shown={value === undefined || value === null ? '' : String(value)}
          mistake={mistake}
          onLine={(_, read) => onEdit(path, read === '' && !required ? undefined : read)}
          same={(_, read) => read === (value ?? '')}
        />
      );
  }
}

/** What is written where a part is added: a first entry in a list. */
function newOf(schema: Schema): unknown {
  return shapeOf(schema) === 'list' ? [emptyOf(schema.items ?? {})] : emptyOf(schema);
}

/** The fields of an object, short ones beside each other. */
function Parts({ schema, path, value, ...rest }: PartProps) {
  return (
    <div class="rule-parts">
      {Object.entries(schema.properties ?? {})
        .filter(([key]) => path.length > 0 || key !== 'version')
        .map(([key, part]) => (
          <SchemaForm
            key={key}
            {...rest}
            schema={part}
            path={[...path, key]}
            value={inside(value, key)}
            required={schema.required?.includes(key) ?? false}
          />
        ))}
    </div>
  );
}

function List(props: PartProps & { words: string; mistake: string | undefined }) {
  const { schema, path, value, onEdit, words, mistake, required } = props;
  const { say } = useLanguage();
  const entries = Array.isArray(value) ? value : [];
  const drop = (at: number) =>
    entries.length === 1 && !required ? onEdit(path, undefined) : onEdit([...path, at], undefined);
  return (
    <Group words={words} depth={path.length} mistake={mistake}>
      {entries.map((entry, at) => (
        <Group
          key={at}
          words={`${at + 1}`}
          depth={path.length + 1}
          mistake={props.mistakes.get([...path, at].join('.'))}
          onDrop={(entries.length > 1 || !required) && (() => drop(at))}
        >
          <Parts {...props} schema={schema.items ?? {}} path={[...path, at]} value={entry} />
        </Group>
      ))}
      <div>
        <Button kind="quiet" onPress={() => onEdit([...path, entries.length], emptyOf(schema.items ?? {}))}>
          + {say('加一项', 'Add')}
        </Button>
      </div>
    </Group>
  );
}

/** A part that is an object or one word. */
function Variants(props: PartProps & { words: string; mistake: string | undefined }) {
  const { schema, path, value, onEdit, words, mistake } = props;
  const { lang, say } = useLanguage();
  const object = schema.anyOf?.find((one) => one.properties) ?? {};
  const word = schema.anyOf?.find((one) => one.const !== undefined)?.const ?? '';
  const isWord = value === word;
  return (
    <Group words={words} depth={path.length} mistake={mistake}>
      <Choice
        label={say('方式', 'kind')}
        value={isWord ? word : ''}
        options={[
          { value: '', words: say('按下面的规则', 'as below') },
          { value: word, words: valueWords('', word, lang) },
        ]}
        onChange={(to) => onEdit(path, to === '' ? emptyOf(object) : to)}
      />
      {!isWord && <Parts {...props} schema={object} />}
    </Group>
  );
}

function Group({
  words,
  depth,
  mistake,
  onDrop,
  children,
}: {
  words: string;
  depth: number;
  mistake: string | undefined;
  onDrop?: false | (() => void);
  children: ComponentChildren;
}) {
  const { say } = useLanguage();
  if (depth === 0) return <>{children}</>;
  return (
    <fieldset class="rule-group">
      <legend>
        {words}
        {onDrop && (
          <button type="button" class="rule-drop" aria-label={say(`去掉 ${words}`, `Remove ${words}`)} onClick={onDrop}>
            ×
          </button>
        )}
      </legend>
      {mistake && <p class="form-error">{mistake}</p>}
      {children}
    </fieldset>
  );
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function listed(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
