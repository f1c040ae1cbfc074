import { distance } from 'fastest-levenshtein';
import type { Ask } from '../../core/command.ts';
import { AskerError, type Choice, ForbiddenError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { atLeast, subjectIds } from '../../core/people.ts';
import { cannotRead } from '../../core/reader.ts';
import { allDrivers, type DriverRecord, driversCalled, driversWithIds } from './store.ts';
import { looksLikePeriod, period } from './trend/period.ts';
import { lastDays } from './trend/store.ts';

/** The driver whom the asker means, and whether it is the asker himself. */
interface Meant {
  driver: DriverRecord;
  own: boolean;
}

/**
 * Finds the driver by id, by name, by the beginning or a part of a name that one driver alone has; nobody named: the
 * asker himself. Below a lead, everybody has but himself to choose from.
 * @param call makes the call that a choice among drivers stands for
 * @throws AskerError with choices where several or none are found; ForbiddenError for somebody else's figures
 */
export async function driverMeant(
  ask: Ask,
  said: string | undefined,
  call: (id: string) => Choice['call'],
): Promise<Meant> {
  const { asker, context } = ask;
  const ownIds = subjectIds(asker, 'driver');
  const lead = atLeast(asker.role, 'lead');
  const own = lead && said ? [] : await driversWithIds(context.db, ownIds);
  const found = said ? await driversFound(ask, said, lead ? undefined : own, call) : own;
  const [driver, ...others] = found;
  if (!driver) throw said ? notYours(ask, own, call) : nobodyNamed(ask, ownIds);
  if (others.length > 0) throw await severalFound(ask, said, found, call);
  return { driver, own: ownIds.includes(driver.id) };
}

type Call = (id: string) => Choice['call'];

/** @param own the only ones to choose from; absent: all drivers */
async function driversFound(
  ask: Ask,
  said: string,
  own: DriverRecord[] | undefined,
  call: Call,
): Promise<DriverRecord[]> {
  const { db } = ask.context;
  if (!own) {
    const called = await driversCalled(db, [said, said.toUpperCase(), said.toLowerCase()]);
    if (called.length > 0) return matching(said, called);
  }
  const pool = own ?? (await allDrivers(db));
  const found = matching(said, pool);
  if (found.length > 0) return found;
  throwIfHalfRead(ask, said, pool, call);
  if (own) return [];
  throw notFound(ask, said, pool, call);
}

/** Names are compared in one form: half-width, lower case, without blanks. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** The drivers that are surely meant: one, or several of one name. */
function matching(said: string, pool: readonly DriverRecord[]): DriverRecord[] {
  const wanted = folded(said);
  if (!wanted) return [];
  const exactId = pool.filter(({ id }) => id === said);
  if (exactId.length > 0) return exactId;
  for (const same of [(d: DriverRecord) => folded(d.id) === wanted, (d: DriverRecord) => folded(d.name) === wanted]) {
    const found = pool.filter(same);
    if (found.length > 0) return found;
  }
  for (const like of [
    (d: DriverRecord) => folded(d.name).startsWith(wanted),
    (d: DriverRecord) => folded(d.name).includes(wanted),
  ]) {
    const found = pool.filter(like);
    if (found.length === 1) return found;
  }
  return [];
}

/** Up to three drivers whose id or name is nearest, by edits in proportion to the length; at most half may differ. */
function nearest(said: string, pool: readonly DriverRecord[]): DriverRecord[] {
  const wanted = folded(said);
  const unlike = (text: string) => distance(wanted, folded(text)) / Math.max(wanted.length, folded(text).length, 1);
  return pool
    .map((driver) => ({ driver, cost: Math.min(unlike(driver.id), unlike(driver.name)) }))
    .filter(({ cost }) => cost <= 0.5)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, 3)
    .map(({ driver }) => driver);
}

/** 「D-1023 近7填」 names a driver; what is beside it is what cannot be read. */
function throwIfHalfRead({ lang }: Ask, said: string, pool: readonly DriverRecord[], call: Call): void {
  const text = said.normalize('NFKC').toLowerCase();
  const read = pool
    .flatMap((driver) =>
      [driver.id, driver.name].map((name) => ({ driver, name: name.normalize('NFKC').toLowerCase() })),
    )
    .flatMap(({ driver, name }) => {
      const left = name.length < 2 ? '' : text.startsWith(name) ? text.slice(name.length) : beforeEnd(text, name);
      return left.trim() !== left || looksLikePeriod(left) ? [{ driver, left: left.trim(), length: name.length }] : [];
    })
    .sort((a, b) => b.length - a.length)[0];
  const unread = read?.left ?? text.split(/\s+/).find(looksLikePeriod);
  if (!unread || (!read && nearest(said, pool).length > 0)) return;
  const message = looksLikePeriod(unread)
    ? cannotRead(period, unread, lang)
    : pick(lang, `看不懂「${unread}」这几个字。`, `I do not know what to do with “${unread}”.`);
  throw new AskerError(message, {
    example: exampleFor(lang, read?.driver.id),
    choices: read ? [choice(read.driver, call)] : [],
  });
}

function beforeEnd(text: string, ending: string): string {
  return text.endsWith(ending) ? text.slice(0, -ending.length) : '';
}

function exampleFor(lang: Ask['lang'], id = 'D-1023'): string {
  return pick(lang, `司机 ${id} 近7天趋势`, `trend driver ${id} last_7_days`);
}

function choice(driver: DriverRecord, call: Call): Choice {
  return { label: driver.name === driver.id ? driver.id : `${driver.name} ${driver.id}`, call: call(driver.id) };
}

function notFound({ lang }: Ask, said: string, pool: readonly DriverRecord[], call: Call): AskerError {
  const near = nearest(said, pool);
  if (pool.length === 0) {
    return new AskerError(pick(lang, '还没有任何司机的数据。', 'There is no data of any driver yet.'));
  }
  const known = pick(lang, `没有找到司机「${said}」。`, `No driver “${said}” was found.`);
  return near.length === 0
    ? new AskerError(known, { example: exampleFor(lang) })
    : new AskerError(known + pick(lang, '你是不是要找：', ' Did you mean:'), {
        choices: near.map((driver) => choice(driver, call)),
      });
}

function nobodyNamed({ lang }: Ask, ownIds: string[]): AskerError {
  return ownIds.length === 0
    ? new AskerError(pick(lang, '要看哪位司机？请带上编号或姓名。', 'Which driver? Add an id or a name.'), {
        example: exampleFor(lang),
      })
    : new AskerError(
        pick(lang, `司机 ${ownIds.join('、')} 还没有数据。`, `There is no data of driver ${ownIds.join(', ')} yet.`),
      );
}

function notYours({ lang }: Ask, own: DriverRecord[], call: Call): ForbiddenError {
  return own.length === 0
    ? new ForbiddenError(
        pick(
          lang,
          '只能看自己的趋势，而你的账号还没有关联司机编号。请让管理员关联。',
          'You may look at your own trend only, and no driver id is linked to you yet. Ask an administrator to link it.',
        ),
      )
    : new ForbiddenError(
        pick(
          lang,
          '只能看自己的趋势；看别人的需要主管权限。你的：',
          'You may look at your own trend only; for others it takes a lead. Yours:',
        ),
        { choices: own.map((driver) => choice(driver, call)) },
      );
}

async function severalFound({ lang, context }: Ask, said: string | undefined, found: DriverRecord[], call: Call) {
  const last = await lastDays(context.db, found);
  const label = ({ id, name, dsp }: DriverRecord) =>
    [
      name === id ? id : `${name} ${id}`,
      dsp,
      last.has(id) && pick(lang, `最后配送 ${last.get(id)}`, `last delivery ${last.get(id)}`),
    ]
      .filter(Boolean)
      .join(' · ');
  return new AskerError(
    said
      ? pick(
          lang,
          `有 ${found.length} 位司机叫「${said}」，看哪一位？`,
          `${found.length} drivers are called “${said}”. Which one?`,
        )
      : pick(
          lang,
          `你关联了 ${found.length} 个司机编号，看哪一个？`,
          `You have ${found.length} driver ids. Which one?`,
        ),
    { choices: found.map((driver) => ({ label: label(driver), call: call(driver.id) })) },
  );
}
