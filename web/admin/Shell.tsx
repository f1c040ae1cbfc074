import type { ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ConsolePerson, ConsoleSession } from '../api.ts';
import { Button } from '../shared/Button.tsx';
import { Dialog } from '../shared/Dialog.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useLanguage } from '../shared/language.tsx';
import { Avatar, Brand, LanguageToggle, SampleMark } from '../shared/marks.tsx';
import { AccountPage } from './pages/AccountPage.tsx';
import { AlertsPage } from './pages/AlertsPage.tsx';
import { AuditPage } from './pages/AuditPage.tsx';
import { ChannelPage } from './pages/ChannelPage.tsx';
import { ChannelsPage } from './pages/ChannelsPage.tsx';
import { ConsolePage } from './pages/ConsolePage.tsx';
import { DeliveryPage } from './pages/DeliveryPage.tsx';
import { DisputePage } from './pages/DisputePage.tsx';
import { DisputesPage } from './pages/DisputesPage.tsx';
import { JobPage } from './pages/JobPage.tsx';
import { JobsPage } from './pages/JobsPage.tsx';
import { LetterPage } from './pages/LetterPage.tsx';
import { PeoplePage } from './pages/PeoplePage.tsx';
import { PersonPage } from './pages/PersonPage.tsx';
import { RehearsalPage } from './pages/RehearsalPage.tsx';
import { RulesPage } from './pages/RulesPage.tsx';
import { SlaPage } from './pages/SlaPage.tsx';
import { SyncPage } from './pages/SyncPage.tsx';
import { TemplatePage } from './pages/TemplatePage.tsx';
import { TemplatesPage } from './pages/TemplatesPage.tsx';
import { TodayPage } from './pages/TodayPage.tsx';
import { later } from './parts/later.tsx';
import { addressOf, Link, useRoute } from './route.tsx';
import { ZoneContext } from './when.ts';

/** With the YAML library, which only it needs. */
const RulePage = later(async () => (await import('./pages/RulePage.tsx')).RulePage);

interface Place {
  name: string;
  zh: string;
  en: string;
  show(path: string[], me: ConsolePerson): ComponentChild;
}

/** Every place of the page, in the order of the menu. */
const PLACES: readonly Place[] = [
  { name: '', zh: '今日', en: 'Today', show: () => <TodayPage /> },
  { name: 'alerts', zh: '提醒', en: 'Alerts', show: () => <AlertsPage /> },
  { name: 'sla', zh: '服务违规', en: 'Service levels', show: () => <SlaPage /> },
  {
    name: 'disputes',
    zh: '奖励申诉',
    en: 'Disputes',
    show: ([id]) => (id ? <DisputePage key={id} id={id} /> : <DisputesPage />),
  },
  {
    name: 'rules',
    zh: '活动规则',
    en: 'Campaigns',
    show: ([name]) => (name ? <RulePage key={name} name={name} /> : <RulesPage />),
  },
  {
    name: 'delivery',
    zh: '发送记录',
    en: 'Delivery',
    show: ([key]) => (key ? <LetterPage key={key} letterKey={key} /> : <DeliveryPage />),
  },
  {
    name: 'channels',
    zh: '频道',
    en: 'Channels',
    show: ([name]) => (name ? <ChannelPage key={name} name={name} /> : <ChannelsPage />),
  },
  {
    name: 'templates',
    zh: '消息模板',
    en: 'Templates',
    show: ([name]) => (name ? <TemplatePage key={name} name={name} /> : <TemplatesPage />),
  },
  {
    name: 'jobs',
    zh: '任务',
    en: 'Jobs',
    show: ([name]) => (name ? <JobPage key={name} name={name} /> : <JobsPage />),
  },
  { name: 'sync', zh: '数据同步', en: 'Data', show: () => <SyncPage /> },
  { name: 'rehearsal', zh: '预演', en: 'Rehearsal', show: () => <RehearsalPage /> },
  { name: 'people', zh: '人员', en: 'People', show: ([id]) => (id ? <PersonPage key={id} id={id} /> : <PeoplePage />) },
  { name: 'console', zh: '试问', en: 'Try it', show: () => <ConsolePage /> },
  { name: 'audit', zh: '审计', en: 'Audit', show: () => <AuditPage /> },
  { name: 'account', zh: '账号与登录', en: 'Account', show: (_, me) => <AccountPage me={me} /> },
];

/** The menu at the left, the open place at the right; on a phone the menu is a sheet. */
export function Shell({
  session,
  me,
  onSignOut,
}: {
  session: ConsoleSession;
  me: ConsolePerson;
  onSignOut: () => void;
}) {
  const { say } = useLanguage();
  const { path } = useRoute();
  const [menu, setMenu] = useState(false);
  const place = PLACES.find((one) => one.name === (path[0] ?? ''));
  const title = place ? say(place.zh, place.en) : say('没有这一页', 'No such page');

  useEffect(() => {
    document.title = `${title} · Fieldbell`;
  }, [title]);

  const links = (
    <nav class="menu" aria-label={say('管理', 'Administration')}>
      {PLACES.map((one) => (
        <Link
          key={one.name}
          class="menu-link"
          to={addressOf(one.name ? [one.name] : [])}
          aria-current={one === place ? 'page' : undefined}
          onGo={() => setMenu(false)}
        >
          {say(one.zh, one.en)}
        </Link>
      ))}
    </nav>
  );
  const foot = (
    <div class="menu-foot">
      <span class="menu-me">
        <Avatar name={me.name} />
        <span>{me.name}</span>
      </span>
      <span class="menu-buttons">
        <a class="button quiet" href="/">
          {say('对话', 'Chat')}
        </a>
        <a class="button quiet" href="/drivers">
          {say('司机', 'Drivers')}
        </a>
        <LanguageToggle />
        <Button kind="quiet" onPress={onSignOut}>
          {say('退出', 'Sign out')}
        </Button>
      </span>
    </div>
  );

  return (
    <ZoneContext.Provider value={session.zone}>
      <div class="admin">
        <a class="skip" href="#main">
          {say('跳到内容', 'Skip to the content')}
        </a>
        <aside class="side">
          <p class="side-head">
            <Brand />
            {session.sample && <SampleMark />}
          </p>
          {links}
          {foot}
        </aside>
        <header class="topbar">
          <Button kind="icon" label={say('菜单', 'Menu')} onPress={() => setMenu(true)}>
            <Icon name="menu" />
          </Button>
          <span class="topbar-title">{title}</span>
          {session.sample && <SampleMark />}
        </header>
        {menu && (
          <Dialog label={say('菜单', 'Menu')} onClose={() => setMenu(false)}>
            {links}
            {foot}
          </Dialog>
        )}
        <main id="main" class="place" tabIndex={-1}>
          {place ? (
            place.show(path.slice(1), me)
          ) : (
            <p class="empty">
              {title} · <Link to={addressOf([])}>{say('回到今日', 'To today')}</Link>
            </p>
          )}
        </main>
      </div>
    </ZoneContext.Provider>
  );
}
