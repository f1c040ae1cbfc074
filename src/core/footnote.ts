import { type DataAge, type Lang, pick } from './message.ts';
import { type Clock, localMinute } from './time.ts';

/** Names of sources that the platform itself uses; any other is shown as it is. */
const SOURCES: Record<string, Record<Lang, string>> = {
  cache: { zh: '缓存', en: 'cache' },
  live: { zh: '实时', en: 'live' },
  import: { zh: '导入', en: 'import' },
  rules: { zh: '规则', en: 'rules' },
  ledger: { zh: '台账', en: 'ledger' },
};

/** The name of a source as people read it. */
export function sourceName(source: string, lang: Lang): string {
  return SOURCES[source]?.[lang] ?? source;
}

/** What stands small in the corner of a chart: 示例数据 · 数据截至 2026-11-22 18:42. */
export function footnote(age: DataAge, { zone }: Clock, lang: Lang): string {
  const source = age.sample ? pick(lang, '示例数据', 'sample data') : sourceName(age.source, lang);
  const at = localMinute(new Date(age.at), zone);
  return [source, pick(lang, `数据截至 ${at}`, `data as of ${at}`)].filter(Boolean).join(' · ');
}
