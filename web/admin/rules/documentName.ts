/** `rules/rewards/beijing-2025-10.yaml` → `beijing-2025-10`; null where the document is none that can be edited here. */
export function documentNameOf(document: string): string | null {
  return /^rules\/rewards\/([a-z0-9-]+)\.yaml$/.exec(document)?.[1] ?? null;
}

export function documentOf(name: string): string {
  return `rules/rewards/${name}.yaml`;
}
