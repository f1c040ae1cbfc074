/** What this browser remembers. Where it may not remember (private windows), everything works, forgotten on reload. */
export function recall(key: string): string | null {
  try {
    return window.localStorage.getItem(`fieldbell.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    window.localStorage.setItem(`fieldbell.${key}`, value);
  } catch {
    // Full or forbidden: the choice lasts as long as the page.
  }
}
