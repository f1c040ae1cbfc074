import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Choice, Field } from '../parts/Field.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, go, Link } from '../route.tsx';
import { documentNameOf } from '../rules/documentName.ts';
import { yuan } from '../rules/money.ts';
import type { CampaignJson, CampaignsJson } from '../rules/wire.ts';
import { useCommand } from '../useCommand.ts';

/** Every campaign with its days, its state, the version of its rules and what is booked. */
export function RulesPage() {
  const { say } = useLanguage();
  const [adding, setAdding] = useState(false);
  const asked = useCommand<CampaignsJson>('rewards.campaigns', {}, ['audit']);
  return (
    <Page
      title={say('活动规则', 'Campaigns')}
      actions={
        <Button kind="main" onPress={() => setAdding(true)}>
          {say('新活动', 'New campaign')}
        </Button>
      }
    >
      <WhenThere
        asked={asked}
        empty={({ campaigns, documents }) =>
          campaigns.length + documents.length === 0 && say('还没有活动。', 'No campaigns yet.')
        }
      >
        {(all) => (
          <>
            <Mistakes mistakes={all.mistakes} />
            <Drafts documents={all.documents} />
            <CampaignRows campaigns={all.campaigns} />
            {adding && <NewCampaign all={all} onClose={() => setAdding(false)} />}
          </>
        )}
      </WhenThere>
    </Page>
  );
}

const ORDER: readonly CampaignJson['state'][] = ['running', 'coming', 'over', 'closed'];

/** What runs first, then what comes, the nearest first, then what is over. */
function inOrder(a: CampaignJson, b: CampaignJson): number {
  if (a.state !== b.state) return ORDER.indexOf(a.state) - ORDER.indexOf(b.state);
  return a.state === 'coming' ? a.from.localeCompare(b.from) : b.to.localeCompare(a.to);
}

/**
 * Of the months of one document that are to come the nearest, and of those that only told news the last; with how many more
 * there are, by the key of the one that is shown.
 */
function nearest(campaigns: readonly CampaignJson[]): { shown: CampaignJson[]; more: ReadonlyMap<string, number> } {
  const first = new Map<string, CampaignJson>();
  const more = new Map<string, number>();
  const shown = [...campaigns].sort(inOrder).filter((one) => {
    if (one.state !== 'coming' && (one.state === 'running' || one.pays)) return true;
    const kind = `${one.document} ${one.state}`;
    const before = first.get(kind);
    if (before) more.set(before.key, (more.get(before.key) ?? 0) + 1);
    else first.set(kind, one);
    return !before;
  });
  return { shown, more };
}

function CampaignRows({ campaigns }: { campaigns: readonly CampaignJson[] }) {
  const { say } = useLanguage();
  const { shown, more } = nearest(campaigns);
  return (
    <table class="rows campaigns">
      <thead>
        <tr>
          <th>{say('活动', 'Campaign')}</th>
          <th>{say('日期', 'Days')}</th>
          <th>{say('状态', 'State')}</th>
          <th class="number">{say('规则版本', 'Version')}</th>
          <th class="number">{say('已记奖励（元）', 'Booked (yuan)')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((one) => {
          const name = documentNameOf(one.document);
          const others = more.get(one.key);
          return (
            <tr key={one.key}>
              <td class="what">
                {name ? <Link to={addressOf(['rules', name])}>{one.title}</Link> : one.title}
                <span class="mono soft">{one.key}</span>
              </td>
              <td class="when">
                {one.from} – {one.to}
                {others && (
                  <span class="soft">
                    {one.state === 'coming'
                      ? say(`，之后还有 ${others} 个月`, `, and ${others} more months`)
                      : say(`，之前还有 ${others} 个月`, `, and ${others} months before`)}
                  </span>
                )}
              </td>
              <td>
                <CampaignTag state={one.state} />
              </td>
              <td class="number" data-label={say('规则版本', 'Version')}>
                {one.version}
              </td>
              <td class="number" data-label={one.pays && say('已记奖励（元）', 'Booked (yuan)')}>
                {one.pays ? yuan(one.bookedFen) : <span class="soft">{say('只发喜报', 'only news')}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function CampaignTag({ state }: { state: CampaignJson['state'] }) {
  const { say } = useLanguage();
  switch (state) {
    case 'running':
      return <Tag tone="good">{say('进行中', 'running')}</Tag>;
    case 'coming':
      return <Tag tone="info">{say('未开始', 'coming')}</Tag>;
    case 'over':
      return <Tag tone="plain">{say('已结束', 'over')}</Tag>;
    case 'closed':
      return <Tag tone="plain">{say('已关账', 'closed')}</Tag>;
  }
}

function Mistakes({ mistakes }: { mistakes: readonly string[] }) {
  if (mistakes.length === 0) return null;
  return (
    <div class="failed" role="alert">
      <ul>
        {mistakes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}

/** What is kept and does not hold yet. */
function Drafts({ documents }: { documents: CampaignsJson['documents'] }) {
  const { say } = useLanguage();
  const drafts = documents.filter(({ draft }) => draft !== null);
  if (drafts.length === 0) return null;
  return (
    <section class="card card-note">
      <h2>{say('草稿', 'Drafts')}</h2>
      <ul class="plain-list">
        {drafts.map(({ document, draft }) => (
          <li key={document}>
            <Link to={addressOf(['rules', documentNameOf(document) ?? document], { version: String(draft) })}>
              {documentNameOf(document)}
            </Link>
            <span class="soft">{say(`第 ${draft} 版，未发布`, `version ${draft}, not published`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A new document begins as a copy of one that is there. */
function NewCampaign({ all, onClose }: { all: CampaignsJson; onClose: () => void }) {
  const { say } = useLanguage();
  const documents = all.documents.flatMap(({ document }) => documentNameOf(document) ?? []);
  const [name, setName] = useState('');
  const [from, setFrom] = useState(documents.at(-1) ?? '');
  const taken = documents.includes(name);
  const sound = /^[a-z0-9][a-z0-9-]*$/.test(name) && !taken;
  return (
    <Dialog label={say('新活动', 'New campaign')} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (sound) go(addressOf(['rules', name], { from }));
        }}
      >
        <h2>{say('新活动', 'New campaign')}</h2>
        <Field
          label={say('文件名', 'Name of the document')}
          value={name}
          placeholder="beijing-2026-01"
          onInput={setName}
          hint={
            taken
              ? say('已经有这一份了。', 'There is one of this name.')
              : say('小写字母、数字和连字符。', 'Small letters, digits and hyphens.')
          }
        />
        <Choice
          label={say('以哪一份为底', 'A copy of')}
          value={from}
          options={documents.map((one) => ({ value: one, words: one }))}
          onChange={setFrom}
        />
        <div class="dialog-buttons">
          <Button onPress={onClose}>{say('取消', 'Cancel')}</Button>
          <Button kind="main" type="submit" disabled={!sound}>
            {say('开始写', 'Begin')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
