import { useLanguage } from '../../shared/language.tsx';
import { PLATFORM_NAMES } from '../parts/Look.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { ChannelJson, PlatformJson } from '../wire.ts';

/** Where messages go, with limits, quiet hours and health; and the platforms that carry them. */
export function ChannelsPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const asked = useCommand<{ channels: ChannelJson[]; platforms: PlatformJson[] }>('channels.list', {}, [
    'channels',
    'outbox',
  ]);
  return (
    <Page
      title={say('频道', 'Channels')}
      actions={
        <Link class="button main" to={addressOf(['channels', '+'])}>
          {say('新频道', 'New channel')}
        </Link>
      }
    >
      <WhenThere
        asked={asked}
        empty={({ channels }) => channels.length === 0 && say('还没有频道。', 'No channels yet.')}
      >
        {({ channels, platforms }) => (
          <>
            <ul class="cards">
              {channels.map((channel) => (
                <li key={channel.name} class="card">
                  <Link class="card-link" to={addressOf(['channels', channel.name])}>
                    <span class="card-title">
                      {channel.title ?? channel.name} <ChannelHealth channel={channel} />
                    </span>
                    <span class="mono soft clip">{channel.address}</span>
                    <span class="soft">
                      {[
                        channel.name,
                        channel.quiet &&
                          say(
                            `静默 ${channel.quiet.from}–${channel.quiet.to}`,
                            `quiet ${channel.quiet.from}–${channel.quiet.to}`,
                          ),
                        channel.perMinute && say(`每分钟 ${channel.perMinute} 条`, `${channel.perMinute} a minute`),
                        channel.digest && say('超限合并', 'digest'),
                        channel.lastSentAt &&
                          say(`最近 ${when(channel.lastSentAt)}`, `last ${when(channel.lastSentAt)}`),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
            <section class="card">
              <h2>{say('平台', 'Platforms')}</h2>
              <ul class="plain-list">
                {platforms.map((one) => (
                  <li key={one.name}>
                    <span class="grow">
                      {say(PLATFORM_NAMES[one.name]?.zh ?? one.name, PLATFORM_NAMES[one.name]?.en ?? one.name)}
                    </span>
                    <Tag tone={!one.on ? 'plain' : one.health === 'ok' ? 'good' : 'bad'}>
                      {!one.on ? say('未启用', 'off') : one.health === 'ok' ? say('正常', 'ok') : one.health}
                    </Tag>
                  </li>
                ))}
              </ul>
            </section>
          </>
        )}
      </WhenThere>
    </Page>
  );
}

export function ChannelHealth({ channel }: { channel: ChannelJson }) {
  const { say } = useLanguage();
  const when = useWhen();
  if (!channel.ready) return <Tag tone="warn">{say('变量未设', 'variable not set')}</Tag>;
  if (channel.gone !== null) return <Tag tone="bad">{say(`已失效：${channel.gone}`, `gone: ${channel.gone}`)}</Tag>;
  if (channel.pausedUntil)
    return (
      <Tag tone="warn">{say(`限流到 ${when(channel.pausedUntil)}`, `paused until ${when(channel.pausedUntil)}`)}</Tag>
    );
  return <Tag tone="good">{say('正常', 'ok')}</Tag>;
}
