import type { ComponentChild } from 'preact';

/** What is known of something, a name and a value a line; what is not there is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChild])[] }) {
  return (
    <dl class="facts">
      {facts.map(([label, value]) =>
        value ? (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
