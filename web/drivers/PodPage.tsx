import { useCallback, useEffect, useState } from 'preact/hooks';
import { Field } from '../admin/parts/Field.tsx';
import { Page, WhenThere } from '../admin/parts/Page.tsx';
import { useCommand } from '../admin/useCommand.ts';
import { useWhen } from '../admin/when.ts';
import { Button } from '../shared/Button.tsx';
import { Icon } from '../shared/Icon.tsx';
import { Lightbox } from '../shared/Lightbox.tsx';
import { useLanguage } from '../shared/language.tsx';
import { addressOf, go, Link, useRoute } from './route.ts';
import type { PodJson } from './wire.ts';

/** The pictures of an order, and the way to the driver's or the day's orders before and after it, also by ← and →. */
export function PodPage({ what }: { what: string | undefined }) {
  const { say } = useLanguage();
  const { query } = useRoute();
  const [text, setText] = useState(what ?? '');
  const [day, setDay] = useState(query.get('day') ?? '');
  const through = query.get('through') === 'day' ? 'day' : undefined;
  return (
    <Page title={say('签收照片', 'Proof of delivery')}>
      <form
        class="filters pod-find"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) go(addressOf(['pod', text.trim()], { day }));
        }}
      >
        <Field
          label={say('订单号，或司机', 'Order number, or driver')}
          type="search"
          value={text}
          onInput={setText}
          autocomplete="off"
        />
        <Field
          label={say('司机的哪一天（空着：今天）', "The driver's day (empty: today)")}
          type="date"
          value={day}
          onInput={setDay}
        />
        <Button kind="main" type="submit" disabled={!text.trim()}>
          {say('看照片', 'Show')}
        </Button>
      </form>
      {what || through ? (
        <Order what={what} day={query.get('day') ?? undefined} through={through} />
      ) : (
        <div class="empty">
          {say(
            '输入订单号；或司机的编号或姓名，看他一天的单。',
            'Type an order number; or a driver, for his orders of a day.',
          )}{' '}
          <Link to={addressOf(['pod'], { through: 'day' })}>{say('今天的全部单', 'All orders of today')}</Link>
        </div>
      )}
    </Page>
  );
}

interface OrderProps {
  what: string | undefined;
  day: string | undefined;
  through: 'day' | undefined;
}

function Order({ what, day, through }: OrderProps) {
  const { say, lang } = useLanguage();
  const when = useWhen();
  const asked = useCommand<PodJson | undefined>('drivers.pod', {
    ...(what && { what }),
    ...(day && { day }),
    ...(through && { through }),
  });
  const data = asked.answer?.data;
  const [open, setOpen] = useState<number | null>(null);
  const turn = useCallback(
    (to: string | null | undefined) => {
      if (to) go(addressOf(['pod', to], { through }), { replace: true });
    },
    [through],
  );

  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog');
      if (typing || event.altKey || event.ctrlKey || event.metaKey || open !== null) return;
      if (event.key === 'ArrowLeft') turn(data?.previous);
      if (event.key === 'ArrowRight') turn(data?.next);
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [data, open, turn]);

  return (
    <WhenThere asked={asked} empty={(values) => !values && asked.answer?.title}>
      {() => {
        if (!data || !asked.answer) return null;
        const refs = asked.answer.blocks.flatMap((block) => (block.type === 'pictures' ? block.pictures : []));
        const urls = new Map(refs.map(({ file, url }) => [file, url]));
        const large = refs.map(({ url = '', alt }) => ({ url, alt, width: 0, height: 0 }));
        return (
          <article class="pod" aria-live="polite">
            <header class="pod-head">
              <div>
                <h2>{asked.answer.title}</h2>
                <p class="soft">
                  <Link to={addressOf(['of', data.driver])}>{data.driver}</Link>
                  {` · ${data.day} · ${data.position.at} / ${data.position.of}`}
                </p>
              </div>
              <p class="pod-turn">
                <Button
                  kind="icon"
                  label={say('上一单（←）', 'Previous order (←)')}
                  disabled={!data.previous}
                  onPress={() => turn(data.previous)}
                >
                  <Icon name="back" />
                </Button>
                <Button
                  kind="icon"
                  label={say('下一单（→）', 'Next order (→)')}
                  disabled={!data.next}
                  onPress={() => turn(data.next)}
                >
                  <Icon name="next" />
                </Button>
              </p>
            </header>
            {data.pictures.length === 0 && (
              <p class="empty">{say('这一单没有签收照片。', 'This order has no proof-of-delivery picture.')}</p>
            )}
            <ul class="pod-pictures">
              {data.pictures.map((picture, at) => {
                const words = [
                  picture.taken_by ?? data.driver,
                  picture.taken_at ? when(picture.taken_at) : say('时间未知', 'time not known'),
                  picture.place ?? say('地点未知', 'place not known'),
                ].join(' · ');
                const url = picture.file && urls.get(picture.file);
                return (
                  <li key={picture.file ?? at}>
                    <figure>
                      {url ? (
                        <button
                          type="button"
                          class="pod-picture"
                          aria-label={say(`放大：${words}`, `Enlarge: ${words}`)}
                          onClick={() => setOpen(refs.findIndex(({ file }) => file === picture.file))}
                        >
                          <img src={url} alt="" loading="lazy" />
                        </button>
                      ) : (
                        <p class="pod-lost">
                          <Icon name="alert" />
                          {say('看不了：', 'Cannot be shown: ')}
                          {picture.missing?.[lang]}
                        </p>
                      )}
                      <figcaption>{words}</figcaption>
                    </figure>
                  </li>
                );
              })}
            </ul>
            {open !== null && <Lightbox pictures={large} start={open} onClose={() => setOpen(null)} />}
          </article>
        );
      }}
    </WhenThere>
  );
}
