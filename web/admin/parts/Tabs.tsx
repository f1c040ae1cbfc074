interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { value: T; words: string; count?: number | undefined; tone?: string }[];
  value: T;
  onChange: (value: T) => void;
  /** Their counts are not known yet: shown when they are, so that nothing moves. */
  waiting?: boolean;
}

/** One of several views of a page; what each holds beside its name, where that is known. */
export function Tabs<T extends string>({ label, tabs, value, onChange, waiting = false }: TabsProps<T>) {
  return (
    <fieldset class={`tabs ${waiting ? 'tabs-waiting' : ''}`} aria-label={label}>
      {tabs.map((one) => (
        <button
          key={one.value}
          type="button"
          class={`tab ${one.count ? `tab-${one.tone ?? 'plain'}` : ''}`}
          aria-pressed={one.value === value}
          onClick={() => onChange(one.value)}
        >
          {one.words}
          {one.count !== undefined && <span class="tab-count">{one.count.toLocaleString('en')}</span>}
        </button>
      ))}
    </fieldset>
  );
}
