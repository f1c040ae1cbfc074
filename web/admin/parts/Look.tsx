import { Answer } from '../../message/Answer.tsx';
import { useLanguage } from '../../shared/language.tsx';
import type { PreviewJson } from '../wire.ts';

/** Platforms as people call them. */
export const PLATFORM_NAMES: Record<string, { zh: string; en: string }> = {
  console: { zh: '网页对话', en: 'Web chat' },
  'wecom-robot': { zh: '企业微信群机器人', en: 'WeCom group robot' },
  'wecom-bot': { zh: '企业微信智能机器人', en: 'WeCom AI bot' },
  'wecom-app': { zh: '企业微信应用', en: 'WeCom app' },
  slack: { zh: 'Slack', en: 'Slack' },
  telegram: { zh: 'Telegram', en: 'Telegram' },
};

/** A message as a platform shows it, and what is really sent there. */
export function Look({ preview, onPress }: { preview: PreviewJson; onPress?: (call: unknown) => Promise<void> }) {
  const { say } = useLanguage();
  const name = PLATFORM_NAMES[preview.platform];
  return (
    <figure class={`look look-${preview.platform}`}>
      <figcaption>{name ? say(name.zh, name.en) : preview.platform}</figcaption>
      <Answer message={preview.message} {...(onPress && { onPress: (button) => onPress(button.call) })} />
      {preview.parcels.length > 0 && (
        <details class="raw">
          <summary>
            {say(
              `发给平台的原文（${preview.parcels.length} 份）`,
              `What is sent to the platform (${preview.parcels.length})`,
            )}
          </summary>
          {preview.parcels.map((parcel, at) => (
            <pre key={at}>{typeof parcel === 'string' ? parcel : JSON.stringify(parcel, null, 2)}</pre>
          ))}
        </details>
      )}
    </figure>
  );
}
