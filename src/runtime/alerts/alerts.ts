import type { AlertDraft, AlertState, AlertStep, Alerts } from '../../core/alert.ts';
import type { Context } from '../../core/context.ts';
import { type Lang, type MessageDraft, pick } from '../../core/message.ts';
import type { Letter } from '../../core/outbox.ts';
import type { Db } from '../../store/db.ts';
import { alertMessage, keptWords, wordsOf } from './card.ts';
import { gathered, gatheredAs } from './gather.ts';
import * as store from './store.ts';

const MINUTE = 60_000;

type World = Pick<Context, 'db' | 'clock' | 'outbox' | 'words'>;

/** Opens the book of alerts. All that it says is in the outbox, in the transaction of the change that causes it. */
export function openAlerts(world: World): Alerts {
  const { db, clock, outbox } = world;
  const within = <T>(given: Db | undefined, work: (tx: Db) => Promise<T>): Promise<T> =>
    given ? work(given) : db.$transaction(work);

  const closeAll: Alerts['closeAll'] = (over, given) =>
    within(given, async (tx) => {
      const now = clock.now();
      const recoveries = new Map(over.map(({ key, recovery }) => [key, recovery]));
      const closed = await store.closeAlerts(tx, [...recoveries.keys()], now);
      const keys = new Map(closed.map((alert) => [alert.id, alert]));
      const telling = closed.filter(({ key }) => recoveries.get(key)).map(({ id }) => id);
      const letters = (await store.toldOf(tx, telling)).flatMap(({ alertId, to }): Letter[] => {
        const alert = keys.get(alertId);
        const message = alert && recoveries.get(alert.key);
        if (!alert || !message) return [];
        const { key, sample } = alert;
        return [{ key: `alert/${key}/closed/${to}`, to, message, class: 'notice', sample }];
      });
      await outbox.postAll(letters, tx);
      await store.addEvents(
        tx,
        closed.map(({ id }) => ({ alertId: id, at: now, action: 'closed' })),
      );
      return closed.length;
    });

  return {
    open: (drafts, given) =>
      within(given, async (tx) => {
        const now = clock.now();
        const added = await store.addAlerts(
          tx,
          drafts.map((draft) => rowOf(draft, now)),
        );
        const letters: Letter[] = [];
        const events: store.NewEvent[] = [];
        for (const alert of added) {
          events.push({ alertId: alert.id, at: now, action: 'opened' });
          const told = lettersOf(alert, now);
          letters.push(...told.letters);
          events.push(...told.events);
        }
        await outbox.postAll(letters, tx);
        await store.addEvents(tx, events);
        return added.length;
      }),

    close: async (key, recovery, given) => (await closeAll([{ key, ...(recovery && { recovery }) }], given)) === 1,

    closeAll,

    amend: (key, message, news, given) =>
      within(given, async (tx) => {
        const now = clock.now();
        const alert = await store.alertByKey(tx, key);
        if (!alert || alert.state === 'handled' || alert.state === 'closed') return false;
        const changed = { message: keptWords(message), changedAt: now };
        if (!(await store.changeAlert(tx, alert, changed))) return false;
        if (!news) return true;
        const owner = alert.state === 'taken' && alert.ownerId ? [`person:${alert.ownerId}`] : null;
        const told = owner ?? (await store.toldOf(tx, [alert.id])).map(({ to }) => to);
        await outbox.postAll(
          told.map((to) => ({
            key: `alert/${key}/news/${alert.version}/${to}`,
            to,
            message: (lang: Lang) => alertMessage(alert, typeof news === 'function' ? news(lang) : news, to),
            ...{ class: 'notice', sample: alert.sample },
          })),
          tx,
        );
        return true;
      }),

    async standing(keys) {
      const standing = new Map();
      for (let from = 0; from < keys.length; from += 500) {
        for (const alert of await store.alertsByKeys(db, keys.slice(from, from + 500))) {
          standing.set(alert.key, {
            ...{ id: alert.id, state: alert.state as AlertState },
            ...{ owner: alert.ownerName, since: alert.changedAt },
          });
        }
      }
      return standing;
    },

    async escalate() {
      const now = clock.now();
      const due = await store.dueAlerts(db, now);
      let said = 0;
      for (const together of gathered(due, (alert) => nextStep(alert, now).told[0])) {
        const [alone] = together;
        said += await db.$transaction((tx) =>
          together.length === 1 && alone ? tellNext(tx, outbox, alone, now) : tellTogether(tx, world, together, now),
        );
      }
      return { due: due.length, said };
    },
  };
}

/** Tells an alert's next step. @returns the letters that were posted; 0 where somebody else was first */
export async function tellNext(
  tx: Db,
  outbox: Context['outbox'],
  alert: store.AlertRow,
  now: Date,
  note?: (lang: Lang) => string,
): Promise<number> {
  const { letters, events, step, nextAt } = lettersOf(alert, now, note);
  if (!(await store.changeAlert(tx, alert, { step, nextAt }))) return 0;
  await store.addEvents(tx, events);
  return outbox.postAll(letters, tx);
}

/** Tells the next step of several, to the same destinations, in one message. @returns the letters that were posted */
async function tellTogether(
  tx: Db,
  { outbox, words }: World,
  alerts: readonly store.AlertRow[],
  now: Date,
): Promise<number> {
  const changed: { alert: store.AlertRow; told: AlertStep }[] = [];
  for (const alert of alerts) {
    const { told, step, nextAt } = nextStep(alert, now);
    if (told[0] && (await store.changeAlert(tx, alert, { step, nextAt }))) changed.push({ alert, told: told[0] });
  }
  const [first] = changed;
  if (!first) return 0;
  const { to: destinations } = first.told;
  await store.addEvents(
    tx,
    changed.flatMap(({ alert }) => destinations.map((to) => ({ alertId: alert.id, at: now, action: 'told', to }))),
  );
  const since = Math.min(...changed.map(({ alert }) => alert.openedAt.getTime()));
  const minutes = Math.round((now.getTime() - since) / MINUTE);
  return outbox.postAll(
    destinations.map((to) => ({
      // Each step of an alert is told once, so the first of them names the message.
      key: `alert/${first.alert.key}/${first.alert.version}/${changed.length}/${to}`,
      to,
      message: (lang) =>
        gatheredAs(
          changed.flatMap(({ told }) => told.gather ?? []),
          minutes,
          words,
          lang,
        ),
      class: first.alert.class as Letter['class'],
      sample: first.alert.sample,
    })),
    tx,
  );
}

function rowOf(draft: AlertDraft, now: Date) {
  const steps = draft.steps.toSorted((a, b) => a.after - b.after);
  const done = steps.findIndex(({ after }) => after > 0);
  const next = done < 0 ? steps.length : done;
  const sooner = steps[next];
  return {
    key: draft.key,
    kind: draft.kind,
    subject: draft.subject,
    message: keptWords(draft.message),
    steps: JSON.stringify(steps),
    // What is due at once is told with the opening.
    step: next,
    nextAt: sooner ? new Date(now.getTime() + sooner.after * MINUTE) : null,
    state: 'open' satisfies AlertState,
    quietFor: draft.quietFor ?? null,
    class: draft.class ?? 'notice',
    openedAt: now,
    changedAt: now,
    sample: draft.sample ?? false,
  };
}

/**
 * The step that is due, and what comes after it. Of several steps that were missed while nothing ran, the last one alone
 * is told: it names the highest in rank.
 * @param asked somebody asks for the step; its time need not have come
 */
function nextStep(alert: store.AlertRow, now: Date, asked = false) {
  const steps = JSON.parse(alert.steps) as AlertStep[];
  const opening = alert.version === 0 && now.getTime() === alert.openedAt.getTime() && !asked;
  const at = (step: AlertStep) => alert.openedAt.getTime() + step.after * MINUTE;
  let index = alert.step;
  if (!opening && !asked) while (steps[index + 1] && at(steps[index + 1] as AlertStep) <= now.getTime()) index++;
  const told = opening ? steps.slice(0, alert.step) : steps.slice(index, index + 1);
  const step = opening ? alert.step : Math.min(index + 1, steps.length);
  const upcoming = steps[step];
  return {
    ...{ opening, index, told, step },
    nextAt: upcoming ? new Date(Math.max(at(upcoming), now.getTime() + MINUTE)) : null,
  };
}

/** The letters that are due. */
function lettersOf(alert: store.AlertRow, now: Date, note?: (lang: Lang) => string) {
  const { opening, index, told, step, nextAt } = nextStep(alert, now, note !== undefined);
  const minutes = Math.round((now.getTime() - alert.openedAt.getTime()) / MINUTE);
  const unanswered = (lang: Lang) =>
    alert.state === 'taken'
      ? pick(lang, `${alert.ownerName} 认领后仍未解决`, `${alert.ownerName} has taken it, and it is not over`)
      : pick(lang, '无人认领', 'nobody has taken it');
  const why = (lang: Lang) =>
    note?.(lang) ?? pick(lang, `已 ${minutes} 分钟，${unanswered(lang)}`, `${minutes} minutes, ${unanswered(lang)}`);
  const letters: Letter[] = [];
  const events: store.NewEvent[] = [];
  told.forEach((one, offset) => {
    const said = (lang: Lang): MessageDraft => one.message ?? wordsOf(alert, lang);
    for (const to of one.to) {
      letters.push({
        key: `alert/${alert.key}/${opening ? offset : index}/${to}`,
        to,
        message: (lang) => {
          const message = said(lang);
          return alertMessage(alert, message, to, opening ? [] : [why(message.lang ?? 'zh')]);
        },
        class: alert.class as Letter['class'],
        sample: alert.sample,
        ...(one.expires && { expires: new Date(one.expires) }),
      });
      events.push({ alertId: alert.id, at: now, action: 'told', to });
    }
  });
  return { letters, events, step, nextAt };
}
