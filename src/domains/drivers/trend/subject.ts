import type { Ask } from '../../../core/command.ts';
import { AskerError, type Choice, ForbiddenError } from '../../../core/errors.ts';
import { pick } from '../../../core/message.ts';
import { atLeast } from '../../../core/people.ts';
import { driverMeant } from '../driver.ts';
import { allDsps, type DriverRecord, type DspRecord, driversCalled, dspCalled, idsOfDsp } from '../store.ts';

/** Whose trend is shown: a driver's, or that of all drivers of a DSP together. */
export interface Subject {
  kind: 'driver' | 'dsp';
  id: string;
  name: string;
  sample: boolean;
  /** The drivers whose deliveries count. */
  ids: readonly string[];
  /** What it is compared with: the DSP of a driver who is not alone in it. */
  dsp: { name: string; ids: readonly string[] } | null;
  /** The asker himself. */
  own: boolean;
}

type Call = (of: { driver: string } | { dsp: string }) => Choice['call'];

/**
 * Who is meant: a DSP by its name, or a driver as `driverMeant` finds him. A driver's own id or name comes before a DSP's.
 * @param call makes the call that a choice stands for
 * @throws AskerError, ForbiddenError
 */
export async function subjectMeant(
  ask: Ask,
  { driver: said, dsp }: { driver?: string | undefined; dsp?: string | undefined },
  call: Call,
): Promise<Subject> {
  const { db } = ask.context;
  if (dsp) return ofDsp(ask, (await dspNamed(ask, dsp)) ?? (await noDsp(ask, dsp, call)));
  const words = said ? spellings(said) : [];
  if (said && atLeast(ask.asker.role, 'lead') && (await driversCalled(db, words)).length === 0) {
    const named = await dspCalled(db, words);
    if (named) return ofDsp(ask, named);
    const [, name] = /^(?:服务商\s*|dsp\s+)(.+)$/i.exec(said) ?? [];
    if (name) return ofDsp(ask, (await dspNamed(ask, name)) ?? (await noDsp(ask, name, call)));
  }
  const { driver, own } = await driverMeant(ask, said, (id) => call({ driver: id }));
  return ofDriver(ask, driver, own);
}

async function ofDriver({ context }: Ask, driver: DriverRecord, own: boolean): Promise<Subject> {
  const { id, name, sample } = driver;
  const dspIds = driver.dsp ? await idsOfDsp(context.db, { name: driver.dsp, sample }) : [];
  const dsp = driver.dsp && dspIds.length > 1 ? { name: driver.dsp, ids: dspIds } : null;
  return { kind: 'driver', id, name, sample, ids: [id], dsp, own };
}

async function ofDsp({ context, asker, lang }: Ask, dsp: DspRecord): Promise<Subject> {
  if (!atLeast(asker.role, 'lead')) {
    throw new ForbiddenError(pick(lang, '看服务商的趋势需要主管权限。', "It takes a lead to look at a DSP's trend."));
  }
  const { name, sample } = dsp;
  return { kind: 'dsp', id: name, name, sample, ids: await idsOfDsp(context.db, dsp), dsp: null, own: false };
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

function spellings(said: string): string[] {
  return [said, said.toUpperCase(), said.toLowerCase()];
}

/** A DSP by its name, whatever its case, width and blanks. */
export async function dspNamed({ context }: Ask, said: string): Promise<DspRecord | null> {
  const exact = await dspCalled(context.db, spellings(said));
  if (exact) return exact;
  return (await allDsps(context.db)).find(({ name }) => folded(name) === folded(said)) ?? null;
}

/** @throws AskerError with the DSPs that are like it */
export async function noDsp({ context, lang }: Ask, said: string, call: Call): Promise<never> {
  const names = [...new Set((await allDsps(context.db)).map(({ name }) => name))];
  const first = names[0] ?? 'DSP-A';
  throw new AskerError(pick(lang, `没有服务商「${said}」。`, `There is no DSP “${said}”.`), {
    example: pick(lang, `服务商 ${first} 趋势`, `trend dsp ${first}`),
    choices: names
      .filter((name) => folded(name).includes(folded(said)) || folded(said).includes(folded(name)))
      .slice(0, 3)
      .map((name) => ({ label: name, call: call({ dsp: name }) })),
  });
}
