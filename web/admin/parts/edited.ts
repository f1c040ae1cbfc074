import { useState } from 'preact/hooks';
import { forget, recall, remember } from '../../shared/memory.ts';

/** What somebody edits of something that others may save meanwhile. */
export interface Edited<T> {
  /** As it is edited; as it is, while it is not. */
  value: T;
  /** The version that the editor knows: what is saved takes its place. */
  knows: number;
  changed: boolean;
  /** Somebody else has saved since: to be looked at before one saves over it. */
  overtaken: boolean;
  /** It was left and is taken up again. */
  restored: boolean;
  set(value: T): void;
  /** What somebody else saved was seen, and what is edited here shall take its place. */
  keepMine(): void;
  /** Back to what is there; also after it was saved. */
  discard(): void;
}

interface Own<T> {
  value: T;
  knows: number;
}

/**
 * Holds what is edited, whatever comes from the server meanwhile.
 * @param options.keep a name under which this browser keeps it until it is saved or discarded, so that leaving the page
 * loses nothing
 */
export function useEdited<T>(current: T, version: number, options: { keep?: string } = {}): Edited<T> {
  const { keep } = options;
  const [own, setOwn] = useState(() => (keep === undefined ? null : kept<T>(keep)));
  const [restored, setRestored] = useState(own !== null);
  const put = (next: Own<T> | null) => {
    setOwn(next);
    if (keep === undefined) return;
    if (next) remember(keep, JSON.stringify(next));
    else forget(keep);
  };
  return {
    value: own ? own.value : current,
    knows: own?.knows ?? version,
    changed: own !== null,
    overtaken: own !== null && own.knows < version,
    restored: restored && own !== null,
    set: (value) => put(same(value, current) ? null : { value, knows: own?.knows ?? version }),
    keepMine: () => own && put({ ...own, knows: version }),
    discard() {
      put(null);
      setRestored(false);
    },
  };
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function kept<T>(name: string): Own<T> | null {
  const text = recall(name);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Own<T>;
  } catch {
    return null;
  }
}
