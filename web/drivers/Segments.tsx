interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; words: string }[];
  onChange: (value: T) => void;
}

/** A few choices beside each other, of which one holds. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <fieldset class="segments">
      <legend class="only-heard">{label}</legend>
      {options.map((one) => (
        <button
          key={one.value}
          type="button"
          class="segment"
          aria-pressed={one.value === value}
          onClick={() => onChange(one.value)}
        >
          {one.words}
        </button>
      ))}
    </fieldset>
  );
}
