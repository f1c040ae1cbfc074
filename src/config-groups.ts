import type { Settings } from './config-schema.ts';

/** Settings that only make sense together: all of them, or none. */
export interface SettingGroups {
  /** Each group that is set half, with what is missing. */
  mistakes: string[];
  /** Whether all of `needed` are there; some of them or of `others` without the rest is a mistake. */
  group(needed: readonly (keyof Settings)[], others?: readonly (keyof Settings)[]): boolean;
}

export function settingGroups(settings: Settings): SettingGroups {
  const mistakes: string[] = [];
  return {
    mistakes,
    group(needed, others = []) {
      const missing = needed.filter((name) => settings[name] === undefined);
      const given = [...needed, ...others].filter((name) => settings[name] !== undefined);
      if (given.length > 0 && missing.length > 0)
        mistakes.push(`${missing.join(', ')} missing beside ${given.join(', ')}`);
      return missing.length === 0;
    },
  };
}

/** The same object without the keys that are undefined. */
export function given<T extends Record<string, unknown>>(values: T) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
