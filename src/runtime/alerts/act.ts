import type { AlertAct, AlertStep } from '../../core/alert.ts';
import type { Ask } from '../../core/command.ts';
import { AskerError, ForbiddenError } from '../../core/errors.ts';
import { type MessageDraft, pick } from '../../core/message.ts';
import { atLeast } from '../../core/people.ts';
import { schemeOf } from '../../core/platform.ts';
import { tellNext } from './alerts.ts';
import { alertMessage, sayEvent, standingCard, wordsOf } from './card.ts';
import * as store from './store.ts';

/** The alert that is meant, by its number or by what it is about. @throws AskerError; ForbiddenError where it is not the asker's */
export async function alertFor(ask: Ask, said: string, kind?: string): Promise<store.AlertRow> {
  const [first] = await alertsFor(ask, said, kind);
  return first;
}

/**
 * The alerts that are meant: one by its number, or all about a subject that are the asker's to see to, the newest first.
 * @throws AskerError; ForbiddenError where none is the asker's
 */
export async function alertsFor(ask: Ask, said: string, kind?: string): Promise<[store.AlertRow, ...store.AlertRow[]]> {
  const { context, lang } = ask;
  const number = /^#?(\d{1,9})$/.exec(said.trim())?.[1];
  const numbered = number ? await store.alertById(context.db, Number(number)) : null;
  const found = numbered ? [numbered] : await store.alertsAbout(context.db, said.trim(), kind);
  if (found.length === 0) {
    throw new AskerError(
      pick(lang, `没有编号或对象是「${said}」的提醒。`, `There is no alert “${said}”, by number or subject.`),
      { example: pick(lang, '提醒列表', 'alerts') },
    );
  }
  const own: store.AlertRow[] = [];
  // What nobody has taken comes first.
  const open = (alert: store.AlertRow) => Number(alert.state === 'open');
  for (const alert of found.toSorted((a, b) => open(b) - open(a))) if (await concerns(ask, alert)) own.push(alert);
  const [first, ...others] = own;
  if (!first) {
    throw new ForbiddenError(
      pick(lang, '这条提醒没有发给你；主管可以处理。', 'This alert was not sent to you; a lead may see to it.'),
    );
  }
  return [first, ...others];
}

/** Leads, whoever has it, and whom it was told to: in person, or in the group where they speak. */
async function concerns({ asker, room, context }: Ask, alert: store.AlertRow): Promise<boolean> {
  if (atLeast(asker.role, 'lead')) return true;
  if (asker.personId && asker.personId === alert.ownerId) return true;
  const told = (await store.toldOf(context.db, [alert.id])).map(({ to }) => to);
  const own = [`person:${asker.personId}`, ...asker.subjects.map(({ kind, id }) => `${kind}:${id}`)];
  return told.some((to) => {
    if (own.includes(to) || to === room) return true;
    return schemeOf(to) === 'channel' && room !== null && context.rules.channel(to.slice(8))?.address === room;
  });
}

/** Somebody takes an alert, calls for help, or says that it is done. Doing it again changes nothing. */
export async function act(ask: Ask, alert: store.AlertRow, action: AlertAct): Promise<MessageDraft> {
  const { context, asker, lang } = ask;
  const { db, outbox, clock } = context;
  const now = clock.now();
  const over = alert.state === 'handled' || alert.state === 'closed';
  const mine = alert.state === 'taken' && alert.ownerId === asker.personId && alert.ownerName === asker.name;
  if (over || (action === 'take' && alert.state === 'taken')) {
    // Who comes second sees who was first.
    return mine || over ? show(ask, alert) : { ...(await show(ask, alert)), tone: 'warn' };
  }
  const changed = await db.$transaction(async (tx) => {
    const owner = { ownerId: asker.personId, ownerName: asker.name, changedAt: now };
    const event = { alertId: alert.id, at: now, action, byId: asker.personId, by: asker.name };
    if (action === 'help') {
      const steps = JSON.parse(alert.steps) as AlertStep[];
      // The last step is asked again where there is no other.
      const step = Math.min(alert.step, steps.length - 1);
      if (!(await store.changeAlert(tx, alert, { ...owner, state: 'taken' }))) return false;
      await store.addEvents(tx, [event]);
      const fresh = { ...alert, ...owner, state: 'taken', step, version: alert.version + 1 };
      const posted = await tellNext(tx, outbox, fresh, now, (lang) => sayEvent(event, lang));
      // It had been told already: they hear who needs them.
      if (posted === 0) await tellOthers(ask, tx, fresh, event, steps[step]?.to ?? []);
      return true;
    }
    const nextAt = action === 'take' && alert.quietFor ? new Date(now.getTime() + alert.quietFor * 60_000) : null;
    const state = action === 'take' ? 'taken' : 'handled';
    if (!(await store.changeAlert(tx, alert, { ...owner, state, nextAt }))) return false;
    await store.addEvents(tx, [event]);
    const told = (await store.toldOf(tx, [alert.id])).map(({ to }) => to);
    await tellOthers(ask, tx, { ...alert, state }, event, told);
    return true;
  });
  const after = (await store.alertById(db, alert.id)) ?? alert;
  if (!changed) return act(ask, after, action);
  await ask.record({
    subject: `alert:${alert.id}`,
    before: { state: alert.state, owner: alert.ownerName },
    after: { state: after.state, owner: after.ownerName },
  });
  const card = await show(ask, after);
  return { ...card, lang };
}

/** Gives an alert to somebody else, who is told in person. */
export async function handOver(
  ask: Ask,
  alert: store.AlertRow,
  to: { id: string; name: string },
): Promise<MessageDraft> {
  const { context, asker } = ask;
  const now = context.clock.now();
  if (alert.state === 'handled' || alert.state === 'closed') return show(ask, alert);
  const done = await context.db.$transaction(async (tx) => {
    const nextAt = alert.quietFor ? new Date(now.getTime() + alert.quietFor * 60_000) : null;
    const data = { state: 'taken', ownerId: to.id, ownerName: to.name, changedAt: now, nextAt };
    if (!(await store.changeAlert(tx, alert, data))) return false;
    const event = { alertId: alert.id, at: now, action: 'handed', byId: asker.personId, by: asker.name, to: to.name };
    await store.addEvents(tx, [event, { alertId: alert.id, at: now, action: 'told', to: `person:${to.id}` }]);
    await context.outbox.post(
      {
        key: `alert/${alert.key}/handed/${alert.version}`,
        to: `person:${to.id}`,
        class: 'notice',
        message: (lang) => {
          const note = pick(lang, `${asker.name} 转给你`, `${asker.name} handed it to you`);
          return alertMessage({ ...alert, state: 'taken' }, wordsOf(alert, lang), `person:${to.id}`, [note]);
        },
        sample: alert.sample,
      },
      tx,
    );
    return true;
  });
  const after = (await store.alertById(context.db, alert.id)) ?? alert;
  if (!done) return handOver(ask, after, to);
  await ask.record({ subject: `alert:${alert.id}`, before: { owner: alert.ownerName }, after: { owner: to.name } });
  return show(ask, after);
}

/** How an alert stands, with what happened to it. */
export async function show({ context, lang }: Ask, alert: store.AlertRow): Promise<MessageDraft> {
  const events = await store.eventsOf(context.db, alert.id);
  return standingCard(alert, events, context.clock.zone, lang, context.clock.now());
}

/** The groups and persons that were told and are not here hear who has it. */
async function tellOthers(
  { context, room, asker }: Ask,
  tx: Parameters<typeof store.addEvents>[0],
  alert: store.AlertRow,
  event: store.NewEvent,
  told: readonly string[],
): Promise<void> {
  const own = [`person:${asker.personId}`, ...asker.subjects.map(({ kind, id }) => `${kind}:${id}`)];
  const elsewhere = told.filter((to) => {
    if (own.includes(to) || to === room) return false;
    return !(schemeOf(to) === 'channel' && room !== null && context.rules.channel(to.slice(8))?.address === room);
  });
  await context.outbox.postAll(
    elsewhere.map((to) => ({
      key: `alert/${alert.key}/${event.action}/${alert.version}/${to}`,
      to,
      class: 'notice',
      message: (lang) => {
        const text = `${sayEvent(event, lang)} · ${pick(lang, '编号', 'No.')} ${alert.id}`;
        return { title: wordsOf(alert, lang).title, blocks: [{ type: 'text', text }], lang };
      },
      sample: alert.sample,
    })),
    tx,
  );
}
