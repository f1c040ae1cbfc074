import type { Context } from '../core/context.ts';
import type { Domain } from '../core/domain.ts';
import type { Role, SubjectKind } from '../core/people.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { removeSampleAlerts } from './alerts/store.ts';
import { removeSampleMessages } from './console/store.ts';
import { removeSampleLetters } from './outbox/store.ts';
import type { People } from './people/people.ts';
import { countPersons, removeSamplePersons } from './people/store.ts';

/**
 * Invented people, so that the first minute shows each role; the first of them can ask everything that is offered to try.
 * Their subjects are those of the domains' samples.
 */
const PEOPLE: { id: string; name: string; role: Role; subjects: [SubjectKind, string][] }[] = [
  { id: 'sample-lead', name: '李师傅', role: 'lead', subjects: [['housekeeper', 'hk-sample-1']] },
  { id: 'sample-housekeeper', name: '张姐', role: 'staff', subjects: [['housekeeper', 'hk-sample-2']] },
  { id: 'sample-driver', name: '王师傅', role: 'staff', subjects: [['driver', 'D-1023']] },
  { id: 'sample-seat', name: '坐席A01', role: 'staff', subjects: [['seat', '9001']] },
  { id: 'sample-admin', name: '陈经理', role: 'admin', subjects: [] },
];

/** The sample workspace: invented, marked as such everywhere, and removed without a trace by `fieldbell sample remove`. */
export interface Sample {
  active(): boolean;
  /** Opens it where it belongs: see `FIELDBELL_SAMPLE`. One that is there is taken as it is. */
  open(wish: 'auto' | 'on' | 'off', configured: boolean): Promise<boolean>;
  /** Brings an open one up to now. */
  refresh(): Promise<void>;
  /** Takes up one that is there, as it is: for the command line. */
  resume(): Promise<void>;
  remove(): Promise<void>;
}

export function createSample(
  context: Context,
  people: People,
  domains: readonly Domain[],
  show: (shown: boolean) => void,
): Sample {
  const { db } = context;
  let active = false;

  function turn(on: boolean): boolean {
    active = on;
    show(on);
    return on;
  }

  async function fill(): Promise<void> {
    for (const { id, name, role, subjects } of PEOPLE) {
      if (await people.byId(id)) continue;
      await people.add({ id, name, role, sample: true });
      await people.link(id, `console:@${id}`);
      for (const [kind, subject] of subjects) await people.subject(id, kind, subject);
    }
    for (const domain of domains) await domain.sample?.fill(context);
    await writeSetting(db, 'sample', 'on');
  }

  return {
    active: () => active,
    async open(wish, configured) {
      const state = await readSetting(db, 'sample');
      const wanted =
        wish === 'on' || (wish === 'auto' && (state === 'on' || (state === null && !configured && (await isEmpty()))));
      if (wanted && state !== 'on') await fill();
      return turn(wanted);
    },
    async refresh() {
      if (active) await fill();
    },
    async resume() {
      turn((await readSetting(db, 'sample')) === 'on');
    },
    async remove() {
      for (const domain of domains) await domain.sample?.remove(context);
      await removeSampleAlerts(db);
      await removeSampleLetters(db);
      await removeSampleMessages(db);
      await removeSamplePersons(db);
      await writeSetting(db, 'sample', 'removed');
      turn(false);
    },
  };

  async function isEmpty(): Promise<boolean> {
    return (await countPersons(db)) === 0 && (await db.feedState.count()) === 0;
  }
}
