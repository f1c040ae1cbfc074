import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Difference } from '../parts/Difference.tsx';
import { useEdited } from '../parts/edited.ts';
import { Check, Field } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Overtaken } from '../parts/Overtaken.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { addressOf, go, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import type { ChannelJson } from '../wire.ts';
import { ChannelHealth } from './ChannelsPage.tsx';

/** One channel: edited, tried, removed. `+`: a new one. */
export function ChannelPage({ name }: { name: string }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const fresh = name === '+';
  const asked = useCommand<{ channels: ChannelJson[] }>('channels.list', {}, ['channels']);
  const channel = asked.answer?.data.channels.find((one) => one.name === name);
  return (
    <Page
      title={fresh ? say('新频道', 'New channel') : (channel?.title ?? name)}
      back={{ words: say('频道', 'Channels'), to: addressOf(['channels']) }}
      actions={
        channel && (
          <>
            <Confirm words={say('试发', 'Send a test')} onDo={() => run(() => ask('channels.test', { name }))} />
            <Confirm
              words={say('移除', 'Remove')}
              question={say('移除后，发往它的消息会暂存。', 'Letters to it will be held.')}
              onDo={async () => {
                if (await run(() => ask('channels.remove', { name, version: channel.version })))
                  go(addressOf(['channels']));
              }}
            />
          </>
        )
      }
    >
      <WhenThere asked={asked} empty={() => !fresh && !channel && say('没有这个频道。', 'There is no such channel.')}>
        {() => (
          <section class="card narrow">
            {channel && (
              <p class="card-note">
                <ChannelHealth channel={channel} />{' '}
                <Link to={addressOf(['delivery'], { to: `channel:${name}` })}>
                  {say('看它的发送记录', 'Its delivery log')}
                </Link>
              </p>
            )}
            <ChannelForm channel={channel} onSaved={asked.reload} />
          </section>
        )}
      </WhenThere>
    </Page>
  );
}

function ChannelForm({ channel, onSaved }: { channel: ChannelJson | undefined; onSaved: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const edited = useEdited(formOf(channel), channel?.version ?? 0);
  const form = edited.value;
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof form>) => edited.set({ ...form, ...change });

  const save = async () => {
    setBusy(true);
    const ok = await run(() =>
      ask('channels.save', {
        name: channel?.name ?? form.name.trim(),
        version: edited.knows,
        ...(form.title.trim() && { title: form.title.trim() }),
        ...(form.address.trim() && { address: form.address.trim() }),
        ...(form.perMinute && { perMinute: Number(form.perMinute) }),
        ...(form.digest && { digest: true }),
        ...(form.english && { lang: 'en' }),
        ...(form.from && form.to && { quiet: { from: form.from, to: form.to } }),
      }),
    );
    setBusy(false);
    if (ok) edited.discard();
    if (channel) await onSaved();
    else if (ok) go(addressOf(['channels', form.name.trim()]), { replace: true });
  };

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && !edited.overtaken) void save();
      }}
    >
      <Overtaken edited={edited}>
        <Difference before={formOf(channel)} after={form} />
      </Overtaken>
      {!channel && (
        <Field
          label={say('代号', 'Name')}
          required
          value={form.name}
          onInput={(value) => set({ name: value })}
          hint={say(
            '小写字母、数字和短横，活动和广播用它',
            'lower-case letters, digits and dashes; campaigns and broadcasts use it',
          )}
        />
      )}
      <Field label={say('显示名', 'Title')} value={form.title} onInput={(title) => set({ title })} />
      <Field
        label={say('去向', 'Address')}
        required={!channel}
        value={form.address}
        placeholder={channel?.address ?? 'wecom-robot:KEY'}
        onInput={(address) => set({ address })}
        hint={say(
          '如 wecom-robot:KEY、wecom-bot:群ID、slack:频道、telegram:群、console:名字。密钥不再显示，留空就不改。',
          'e.g. wecom-robot:KEY, wecom-bot:CHATID, slack:CHANNEL, telegram:CHAT, console:NAME. A key is never shown again; empty leaves it as it is.',
        )}
      />
      <div class="form-row">
        <Field
          type="number"
          label={say('每分钟最多', 'At most a minute')}
          value={form.perMinute}
          onInput={(perMinute) => set({ perMinute })}
          hint={say('空着用平台的上限', 'empty: the platform’s own limit')}
        />
        <Field type="time" label={say('静默从', 'Quiet from')} value={form.from} onInput={(from) => set({ from })} />
        <Field type="time" label={say('静默到', 'Quiet to')} value={form.to} onInput={(to) => set({ to })} />
      </div>
      <Check checked={form.digest} onChange={(digest) => set({ digest })}>
        {say('一分钟内发不完的广播合并成一条', 'Merge broadcasts that it cannot take within a minute')}
      </Check>
      <Check checked={form.english} onChange={(english) => set({ english })}>
        {say('这个群用英文', 'Notices here are in English')}
      </Check>
      <div class="form-foot">
        <Button kind="main" type="submit" busy={busy} disabled={edited.overtaken}>
          {say('保存，立即生效', 'Save; it holds at once')}
        </Button>
      </div>
    </form>
  );
}

function formOf(channel: ChannelJson | undefined) {
  return {
    name: channel?.name ?? '',
    title: channel?.title ?? '',
    address: '',
    perMinute: channel?.perMinute?.toString() ?? '',
    digest: channel?.digest ?? false,
    english: channel?.lang === 'en',
    from: channel?.quiet?.from ?? '',
    to: channel?.quiet?.to ?? '',
  };
}
