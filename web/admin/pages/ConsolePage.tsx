import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Choice, Field } from '../parts/Field.tsx';
import { Look, PLATFORM_NAMES } from '../parts/Look.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page } from '../parts/Page.tsx';
import { addressOf, go, useRoute } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import type { PersonJson, PreviewJson } from '../wire.ts';

interface Turn {
  id: number;
  said: string;
  as: string;
  preview: PreviewJson | null;
}

/** Asks as anybody and shows what he would see, on any platform. Nothing is sent. */
export function ConsolePage() {
  const { say } = useLanguage();
  const { run } = useNotices();
  const { query } = useRoute();
  const people = useCommand<{ people: PersonJson[] }>('people.list').answer?.data.people ?? [];
  const person = query.get('as') ?? people[0]?.id ?? '';
  const platform = query.get('on') ?? 'console';
  const [line, setLine] = useState('');
  const [turns, setTurns] = useState<Turn[]>([]);
  const [busy, setBusy] = useState(false);
  const set = (change: { as?: string; on?: string }) =>
    go(addressOf(['console'], { as: person, on: platform, ...change }), { replace: true });
  const name = people.find(({ id }) => id === person)?.name ?? person;

  const put = async (said: string, what: object) => {
    const id = performance.now();
    setTurns((now) => [...now.slice(-19), { id, said, as: name, preview: null }]);
    setBusy(true);
    const ok = await run(async () => {
      const { data } = await ask<{ preview: PreviewJson }>('console.ask', { person, platform, ...what });
      setTurns((now) => now.map((turn) => (turn.id === id ? { ...turn, preview: data.preview } : turn)));
    });
    if (!ok) setTurns((now) => now.filter((turn) => turn.id !== id));
    setBusy(false);
  };
  useEffect(() => {
    document.querySelector('.turns > :last-child')?.scrollIntoView({ block: 'nearest' });
  }, [turns]);

  return (
    <Page title={say('试问', 'Try it')}>
      <p class="lead">
        {say(
          '以任何人的身份问，看各平台上的样子。只给你看，不发给任何人；会改数据的命令真的会改。',
          'Ask as anybody and see how a platform says it. Only you see it; commands that change something really do.',
        )}
      </p>
      <div class="filters">
        <Choice
          label={say('身份', 'As')}
          value={person}
          options={people.map((one) => ({ value: one.id, words: `${one.name}（${one.id}）` }))}
          onChange={(as) => set({ as })}
        />
        <Choice
          label={say('平台', 'On')}
          value={platform}
          options={Object.entries(PLATFORM_NAMES).map(([value, one]) => ({ value, words: say(one.zh, one.en) }))}
          onChange={(on) => set({ on })}
        />
      </div>
      <div class="turns" aria-live="polite">
        {turns.map((turn) => (
          <div key={turn.id} class="turn">
            <p class="turn-said">
              <span class="soft">{turn.as}</span> {turn.said}
            </p>
            {turn.preview ? (
              <Look preview={turn.preview} onPress={(call) => put(say('（按按钮）', '(a button)'), { call })} />
            ) : (
              <div class="waiting" role="status" aria-label={say('正在回答', 'Answering')}>
                <span />
                <span />
              </div>
            )}
          </div>
        ))}
        {turns.length === 0 && (
          <p class="empty">
            {[say('今日外呼', 'calls today'), say('我的奖励', 'my reward'), say('帮助', 'help')].map((one) => (
              <Button key={one} onPress={() => void put(one, { line: one })}>
                {one}
              </Button>
            ))}
          </p>
        )}
      </div>
      <form
        class="form-line ask-line"
        onSubmit={(event) => {
          event.preventDefault();
          const said = line.trim();
          if (!said || busy) return;
          setLine('');
          void put(said, { line: said });
        }}
      >
        <Field
          label={say('问什么', 'Ask')}
          value={line}
          onInput={setLine}
          placeholder={say('今日外呼', 'calls today')}
          autocomplete="off"
        />
        <Button kind="main" type="submit" busy={busy}>
          {say('问', 'Ask')}
        </Button>
      </form>
    </Page>
  );
}
