/** Where the browser may not remember (private windows, a full disk): forgotten on reload. */
const here = new Map<string, string>();

/** What this browser remembers. */
export function recall(key: string): string | null {
  try {
    return window.localStorage.getItem(`fieldbell.${key}`) ?? here.get(key) ?? null;
  } catch {
    return here.get(key) ?? null;
  }
}

export function remember(key: string, value: string): void {
  try {
    window.localStorage.setItem(`fieldbell.${key}`, value);
  } catch {
    here.set(key, value);
  }
}

export function forget(key: string): void {
  here.delete(key);
  try {
    window.localStorage.removeItem(`fieldbell.${key}`);
  } catch {
    // It was never kept there.
  }
}
