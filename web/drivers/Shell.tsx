import { useEffect } from 'preact/hooks';
import { type Identity, Me } from '../chat/Me.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Brand, LanguageToggle, SampleMark } from '../shared/marks.tsx';
import { DriversPage } from './DriversPage.tsx';
import { MissingPage } from './MissingPage.tsx';
import { PodPage } from './PodPage.tsx';
import { addressOf, Link, useRoute } from './route.ts';
import { TrendPage } from './TrendPage.tsx';

/** The bar above, and the place that the address names: /drivers, /drivers/of/ID, /drivers/dsp/NAME, /drivers/missing, /drivers/pod/ORDER. */
export function Shell(identity: Identity) {
  const { say } = useLanguage();
  const { path } = useRoute();
  const [place = '', name] = path;
  const lead = identity.me.role === 'lead' || identity.me.role === 'admin';
  const tabs = [
    { place: '', words: say('趋势', 'Trends'), on: ['', 'of', 'dsp'].includes(place) },
    ...(lead
      ? [
          { place: 'missing', words: say('缺失更新', 'Missing updates'), on: place === 'missing' },
          { place: 'pod', words: say('签收照片', 'Proof of delivery'), on: place === 'pod' },
        ]
      : []),
  ];
  const title = tabs.find(({ on }) => on)?.words ?? say('司机', 'Drivers');

  useEffect(() => {
    document.title = `${name ? `${name} · ` : ''}${title} · Fieldbell`;
  }, [title, name]);

  return (
    <div class="drivers">
      <a class="skip" href="#main">
        {say('跳到内容', 'Skip to the content')}
      </a>
      <header class="top">
        <a class="top-home" href="/" aria-label={say('回到对话', 'To the chat')}>
          <Brand />
        </a>
        <nav class="top-tabs" aria-label={say('司机', 'Drivers')}>
          {tabs.map((tab) => (
            <Link
              key={tab.place}
              class="top-tab"
              to={addressOf(tab.place ? [tab.place] : [])}
              aria-current={tab.on ? 'page' : undefined}
            >
              {tab.words}
            </Link>
          ))}
        </nav>
        {identity.session.sample && <SampleMark />}
        <span class="top-end">
          <a class="button icon" href="/" title={say('对话', 'Chat')} aria-label={say('对话', 'Chat')}>
            <Icon name="bell" />
          </a>
          <LanguageToggle />
          <Me {...identity} small />
        </span>
      </header>
      <main id="main" class="place" tabIndex={-1}>
        {place === 'missing' ? (
          <MissingPage />
        ) : place === 'pod' ? (
          <PodPage key={name ?? ''} what={name} />
        ) : (place === 'of' || place === 'dsp') && name ? (
          <TrendPage key={`${place}/${name}`} of={place === 'dsp' ? { dsp: name } : { driver: name }} />
        ) : (
          <DriversPage />
        )}
      </main>
    </div>
  );
}
