import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { useRoleName } from '../../shared/marks.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Difference } from '../parts/Difference.tsx';
import { useEdited } from '../parts/edited.ts';
import { Choice, Field } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Overtaken } from '../parts/Overtaken.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { PersonLinks } from '../parts/PersonLinks.tsx';
import { addressOf, go } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import type { PersonJson, Role } from '../wire.ts';

const ROLES: readonly Role[] = ['guest', 'staff', 'lead', 'admin'];

/** One person: edited, linked, invited, removed. `+`: somebody new. */
export function PersonPage({ id }: { id: string }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const fresh = id === '+';
  const [code, setCode] = useState<string | null>(null);
  const asked = useCommand<{ people: PersonJson[] }>('people.list', {}, ['audit']);
  const person = asked.answer?.data.people.find((one) => one.id === id);
  return (
    <Page
      title={fresh ? say('加人', 'Add a person') : (person?.name ?? id)}
      back={{ words: say('人员', 'People'), to: addressOf(['people']) }}
      actions={
        person && (
          <>
            <Confirm
              words={say('给一次性码', 'Invite by code')}
              onDo={() =>
                run(async () => {
                  const answer = await ask<{ code: string }>('people.code', { person: id });
                  setCode(answer.data.code);
                })
              }
            />
            <Confirm
              words={say('移除', 'Remove')}
              question={say(
                `移除 ${person.name}：账号、登录都失效。`,
                `${person.name} is removed, with accounts and sessions.`,
              )}
              onDo={async () => {
                if (await run(() => ask('people.remove', { id }))) go(addressOf(['people']));
              }}
            />
          </>
        )
      }
    >
      {code && (
        <section class="card code-card" role="status">
          <p class="code">{code}</p>
          <p>
            {say(
              `24 小时内用一次：在聊天里发「绑定 ${code}」，或在网页上用登录码登录。关掉就看不到了。`,
              `Once, within 24 hours: say “link ${code}” in a chat, or sign in on the page. It is shown only now.`,
            )}
          </p>
        </section>
      )}
      <WhenThere asked={asked} empty={() => !fresh && !person && say('没有这个人。', 'There is no such person.')}>
        {() => (
          <div class="two">
            <section class="card">
              <PersonForm person={person} onSaved={asked.reload} />
            </section>
            {person && (
              <section class="card">
                <PersonLinks person={person} onDone={asked.reload} />
              </section>
            )}
          </div>
        )}
      </WhenThere>
    </Page>
  );
}

function PersonForm({ person, onSaved }: { person: PersonJson | undefined; onSaved: () => Promise<void> }) {
  const { say } = useLanguage();
  const roleName = useRoleName();
  const { run } = useNotices();
  const edited = useEdited(formOf(person), person?.version ?? 0);
  const form = edited.value;
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof form>) => edited.set({ ...form, ...change });
  const save = async () => {
    setBusy(true);
    const edit = {
      name: form.name,
      role: form.role,
      locale: form.locale,
      ...(form.city.trim() && { city: form.city.trim() }),
    };
    await run(async () => {
      const answer = await ask<{ person: PersonJson }>('people.save', {
        ...(person && { id: person.id, version: edited.knows }),
        ...edit,
      });
      edited.discard();
      if (!person) go(addressOf(['people', answer.data.person.id]), { replace: true });
      return answer;
    });
    if (person) await onSaved();
    setBusy(false);
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
        <Difference before={formOf(person)} after={form} />
      </Overtaken>
      <Field label={say('姓名', 'Name')} required value={form.name} onInput={(name) => set({ name })} />
      <Choice
        label={say('角色', 'Role')}
        value={form.role}
        options={ROLES.map((value) => ({ value, words: roleName(value) }))}
        onChange={(role) => set({ role })}
      />
      <Field
        label={say('城市', 'City')}
        value={form.city}
        onInput={(city) => set({ city })}
        hint={say('默认看哪个城市的活动', 'whose campaigns are meant by default')}
      />
      <Choice
        label={say('通知的语言', 'Language of notices')}
        value={form.locale}
        options={[
          { value: 'zh', words: '中文' },
          { value: 'en', words: 'English' },
        ]}
        onChange={(locale) => set({ locale })}
      />
      <div class="form-foot">
        <Button kind="main" type="submit" busy={busy} disabled={edited.overtaken}>
          {say('保存', 'Save')}
        </Button>
      </div>
    </form>
  );
}

function formOf(person: PersonJson | undefined) {
  return {
    name: person?.name ?? '',
    role: person?.role ?? ('staff' as Role),
    city: person?.city ?? '',
    locale: person?.locale ?? ('zh' as const),
  };
}
