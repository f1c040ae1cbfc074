import { useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { letterState } from '../letterStates.ts';
import { Facts } from '../parts/Facts.tsx';
import { Choice } from '../parts/Field.tsx';
import { LetterActions } from '../parts/LetterActions.tsx';
import { Look, PLATFORM_NAMES } from '../parts/Look.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { LetterTag } from '../parts/State.tsx';
import { reasonWords } from '../reasons.ts';
import { addressOf, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { LetterWhole } from '../wire.ts';

/** One letter: its whole story, and its look on a platform. */
export function LetterPage({ letterKey }: { letterKey: string }) {
  const { say } = useLanguage();
  const [platform, setPlatform] = useState('');
  const asked = useCommand<LetterWhole>('outbox.letter', { key: letterKey, ...(platform && { platform }) }, ['outbox']);
  const letter = asked.answer?.data.letter;
  return (
    <Page
      title={letter?.title || letterKey}
      back={{ words: say('发送记录', 'Delivery'), to: addressOf(['delivery']) }}
      actions={letter && <LetterActions letters={[letter]} onDone={asked.reload} />}
    >
      <WhenThere asked={asked}>
        {({ letter, story, preview }) => (
          <div class="two">
            <section class="card">
              <h2>{say('经过', 'Story')}</h2>
              <Story letter={letter} story={story} />
              <h2>{say('资料', 'Facts')}</h2>
              <LetterFacts letter={letter} />
            </section>
            <section class="card">
              <div class="card-head">
                <h2>{say('在平台上的样子', 'How it looks')}</h2>
                <Choice
                  label={say('平台', 'Platform')}
                  value={platform || (preview?.platform ?? 'console')}
                  options={Object.entries(PLATFORM_NAMES).map(([value, name]) => ({
                    value,
                    words: say(name.zh, name.en),
                  }))}
                  onChange={setPlatform}
                />
              </div>
              {preview ? (
                <Look preview={preview} />
              ) : (
                <p class="empty">{say('这里看不到样子。', 'It cannot be drawn here.')}</p>
              )}
            </section>
          </div>
        )}
      </WhenThere>
    </Page>
  );
}

function Story({ letter, story }: Pick<LetterWhole, 'letter' | 'story'>) {
  const { lang, say } = useLanguage();
  const when = useWhen();
  return (
    <ol class="story">
      <li>
        <span class="when">{when(letter.createdAt)}</span>
        <span>{say('写进发件箱', 'put into the outbox')}</span>
      </li>
      {story.map((one, at) => (
        <li key={at}>
          <span class="when">{when(one.at)}</span>
          <span>
            <LetterTag state={one.state} /> {one.reason && <span class="soft">{reasonWords(one.reason, lang)}</span>}
          </span>
        </li>
      ))}
      {letter.eta && (
        <li class="ahead">
          <span class="when">{when(letter.eta)}</span>
          <span>{say('预计发出', 'expected to go out')}</span>
        </li>
      )}
    </ol>
  );
}

function LetterFacts({ letter }: Pick<LetterWhole, 'letter'>) {
  const { say } = useLanguage();
  const when = useWhen();
  const state = letterState(letter.state);
  return (
    <Facts
      facts={[
        [say('编号', 'Key'), letter.key],
        [say('发给', 'To'), letter.to],
        [say('实际去向', 'Went to'), letter.sentTo ?? letter.address],
        [say('类别', 'Class'), letter.class === 'notice' ? say('通知', 'notice') : say('广播', 'broadcast')],
        [say('现在', 'Now'), `${say(state.zh, state.en)}：${say(state.about.zh, state.about.en)}`],
        [say('尝试', 'Attempts'), letter.attempts > 0 && String(letter.attempts)],
        [say('重发次数', 'Sent again'), letter.repeats > 0 && String(letter.repeats)],
        [say('平台编号', 'Platform id'), letter.platformId],
        [say('最早发', 'Not before'), !letter.sentAt && when(letter.notBefore)],
        [say('最晚发', 'Expires'), letter.expires && when(letter.expires)],
        [
          say('汇总', 'Digest'),
          letter.mergedInto && <Link to={addressOf(['delivery', letter.mergedInto])}>{letter.mergedInto}</Link>,
        ],
      ]}
    />
  );
}
