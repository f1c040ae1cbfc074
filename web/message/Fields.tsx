import type { FieldJson } from '../api.ts';
import { textWidth } from '../shared/textWidth.ts';

/** Values of at most this width, in half characters, stand under their label, side by side; longer ones on a line of their own. */
const SHORT = 18;

/** Figures with their names. */
export function Fields({ fields }: { fields: FieldJson[] }) {
  const short = fields.every((field) => textWidth(field.value) <= SHORT && textWidth(field.label) <= SHORT);
  return (
    <dl class={short ? 'fields figures' : 'fields rows'}>
      {fields.map((field) => (
        <div key={field.label}>
          <dt>{field.label}</dt>
          <dd class={field.tone ? `tone-text-${field.tone}` : ''}>{field.value}</dd>
        </div>
      ))}
    </dl>
  );
}
