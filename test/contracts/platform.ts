import { inspect } from 'node:util';
import { loadImage } from '@napi-rs/canvas';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import type { Address, ChatPlatform, DrawnMessage } from '../../src/core/platform.ts';
import { deepFreeze, everything, FILE, LONG, picture, say, TYPED } from './platform-samples.ts';

/** One message as a reader sees it: what was markup on the wire is interpreted and gone, what was escaped is itself. */
export interface Arrived {
  text: string;
  /** Addresses that stand behind other words. */
  links?: readonly string[];
  /** Accounts that were called, in the form of `Harness.account`. */
  mentions?: readonly string[];
  /** Labels. */
  buttons?: readonly string[];
  pictures?: readonly Uint8Array[];
  files?: readonly { name: string; bytes: Uint8Array }[];
}

/**
 * How a next call can go wrong. `busy`: a temporary failure, nothing delivered. `limited`: over the platform's limit.
 * `unanswered`: delivered, but no answer comes.
 */
export type Trouble = 'busy' | 'limited' | 'unanswered';

/** A platform joined to an emulator that is as strict as the real service. Waits are short: tests have 20 s. */
export interface Harness<Parcel> {
  platform: ChatPlatform<Parcel>;
  /** Takes messages; nothing arrived there yet. */
  address: Address;
  /** Of the same scheme, but nobody is there. */
  wrongAddress: Address;
  /** Can be called by name, where the platform draws mentions. */
  account: string;
  /** Texts that no error may hold: keys, tokens. */
  secrets: readonly string[];
  /** All that arrived at `address`, in order. */
  arrived(): readonly Arrived[] | Promise<readonly Arrived[]>;
  /** The next call meets this trouble, once. */
  provoke(trouble: Trouble): void | Promise<void>;
  /** So much time passes that the platform's limit is free again. */
  rest?(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/**
 * What holds for every platform.
 * @param troubles those that the platform can meet: one that writes to our own database meets none
 */
export function platformContract<Parcel>(
  name: string,
  makeHarness: () => Promise<Harness<Parcel>>,
  troubles: readonly Trouble[] = ['busy', 'limited', 'unanswered'],
): void {
  describe(`${name} as a platform`, () => {
    let harness: Harness<Parcel>;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.stop());

    /** Draws and sends; what arrived of it. */
    async function deliver(message: DrawnMessage): Promise<readonly Arrived[]> {
      const before = (await harness.arrived()).length;
      for (const parcel of harness.platform.draw(message)) {
        await harness.rest?.();
        await harness.platform.send(harness.address, parcel);
      }
      return (await harness.arrived()).slice(before);
    }

    async function failure(sending: Promise<unknown>): Promise<DeliveryError> {
      const error = await sending.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DeliveryError);
      const told = inspect(error, { depth: 9, showHidden: true });
      for (const secret of harness.secrets) expect(told).not.toContain(secret);
      return error as DeliveryError;
    }

    function oneParcel(text: string): Parcel {
      const [parcel] = harness.platform.draw({ blocks: [say(text)], lang: 'zh' });
      if (parcel === undefined) throw new Error('a text was drawn as nothing');
      return parcel;
    }

    describe('draws', () => {
      it('purely: the same message gives equal parcels, and is not changed', () => {
        const message = everything(harness.platform.draws, harness.account);
        const copy = structuredClone(message);
        const first = harness.platform.draw(deepFreeze(message));
        expect(harness.platform.draw(message)).toEqual(first);
        expect(message).toEqual(copy);
        expect(first.length).toBeGreaterThan(0);
      });

      it.each(['info', 'good', 'warn', 'bad'] as const)('the title as the first line (%s)', async (tone) => {
        const title = '今日外呼 15,305 通，接通 16.31%，成单 24';
        const [first] = await deliver({ title, tone, blocks: [say('接通 2,496')], lang: 'zh' });
        expect(fold(first?.text.trimStart().split('\n')[0] ?? '')).toBe(fold(title));
      });

      it('the blocks in their order, in both languages', async () => {
        for (const lang of ['zh', 'en'] as const) {
          const fields = [
            { label: '准时率', value: '93.4%' },
            { label: '失败', value: '7', tone: 'bad' as const },
          ];
          const blocks = [say('first'), { type: 'fields' as const, fields }, say('last')];
          const seen = fold(words(await deliver({ title: 'D-1023', blocks, lang })));
          const places = ['D-1023', 'first', '准时率', '93.4%', '失败', '7', 'last'].map((word) => seen.indexOf(word));
          expect(places).not.toContain(-1);
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
      });

      it('what it says that it draws: tables, buttons, files, mentions', async () => {
        const { draws } = harness.platform;
        const arrived = await deliver(everything(draws, harness.account));
        const seen = fold(words(arrived));
        for (const cell of ['合同', '计入', '…0021', '50,000.00']) {
          if (draws.has('table')) expect(seen).toContain(fold(cell));
        }
        const all = <K extends 'buttons' | 'mentions' | 'files'>(key: K) =>
          arrived.flatMap((one) => [...(one[key] ?? [])]);
        expect(all('buttons')).toEqual(draws.has('actions') ? ['为什么', '申诉'] : []);
        expect(all('mentions')).toEqual(draws.has('mentions') ? [harness.account] : []);
        const files = all('files') as NonNullable<Arrived['files']>[number][];
        expect(files.map((file) => [file.name, Buffer.from(file.bytes).toString()])).toEqual(
          draws.has('file') ? [['十月 合同.csv', FILE]] : [],
        );
      });

      it('pictures that can be opened, in their order', async () => {
        if (!harness.platform.draws.has('pictures')) return;
        const pictures = [picture(120, 60, 'image/png'), picture(60, 120, 'image/jpeg'), picture(80, 80, 'image/png')];
        const arrived = await deliver({ blocks: [{ type: 'pictures', pictures }], lang: 'zh' });
        const images = await Promise.all(
          arrived.flatMap((one) => one.pictures ?? []).map((bytes) => loadImage(Buffer.from(bytes))),
        );
        expect(images.map(({ width, height }) => width / height)).toEqual([2, 0.5, 1]);
      });

      it('a message of nothing, and one of white space, as something or as nothing, but as something that is taken', async () => {
        for (const blocks of [[], [say('')], [say(' \n ')]]) {
          const message: DrawnMessage = { blocks, lang: 'zh' };
          expect(harness.platform.draw(message)).toEqual(harness.platform.draw(message));
          await deliver(message);
        }
      });
    });

    describe('carries what people type', () => {
      it('whole, without markup, hidden links or calls coming out of it', async () => {
        const typed = fc
          .array(fc.constantFrom(...TYPED), { minLength: 1, maxLength: 30 })
          .map((pieces) => pieces.join(''));
        await fc.assert(
          fc.asyncProperty(typed, async (line) => {
            const arrived = await deliver({
              title: `T ${line}`,
              blocks: [
                say(`A ${line}`),
                { type: 'fields', fields: [{ label: `L${line}`, value: `V${line}`, tone: 'warn' }] },
              ],
              lang: 'zh',
            });
            const seen = fold(words(arrived));
            for (const start of ['T', 'A', 'L', 'V']) expect(seen).toContain(fold(start + line));
            expect(arrived.flatMap((one) => [...(one.links ?? []), ...(one.mentions ?? [])])).toEqual([]);
          }),
          { numRuns: 80 },
        );
      });

      it('whole where it is long: in parts that count themselves, within the limits', async () => {
        for (const text of LONG) {
          const arrived = (await deliver({ blocks: [say(text)], lang: 'zh' })).filter((one) => one.text !== '');
          for (const [i, one] of arrived.entries()) {
            if (arrived.length > 1) expect(one.text.trimEnd().endsWith(`(${i + 1}/${arrived.length})`)).toBe(true);
            expect(Buffer.from(one.text).toString()).toBe(one.text);
          }
          expect(fold(words(arrived))).toBe(fold(text));
        }
      });

      it('where it is broken: halves of surrogate pairs, control characters', async () => {
        const arrived = await deliver({ title: 'a\u0000b', blocks: [say('x\ud83dy\u001b[31mz\r\nnext')], lang: 'en' });
        expect(words(arrived)).toMatch(/a.?b[\s\S]*x.*y.*z\s*\n\s*next/u);
      });
    });

    describe('sends', () => {
      it('refuses an address at which nobody is', async () => {
        expect((await failure(harness.platform.send(harness.wrongAddress, oneParcel('hello')))).kind).toBe('refused');
        expect(await harness.arrived()).toEqual([]);
      });

      it('refuses an address of another platform', async () => {
        expect((await failure(harness.platform.send('elsewhere:1', oneParcel('hello')))).kind).toBe('refused');
      });

      it('nothing once it was told to stop', async () => {
        const signal = AbortSignal.abort();
        const error = await failure(harness.platform.send(harness.address, oneParcel('hello'), { signal }));
        expect(error.kind).toBe('retry');
        expect(await harness.arrived()).toEqual([]);
      });

      it('a repeated parcel once, if it says that it de-duplicates', async () => {
        const parcel = oneParcel('hello');
        for (let i = 0; i < 2; i++) await harness.platform.send(harness.address, parcel, { key: 'letter/1#0' });
        expect(await harness.arrived()).toHaveLength(harness.platform.deduplicates ? 1 : 2);
      });

      if (troubles.includes('busy'))
        it('retry: nothing arrived, and the next try arrives', async () => {
          await harness.provoke('busy');
          const parcel = oneParcel('hello');
          expect((await failure(harness.platform.send(harness.address, parcel))).kind).toBe('retry');
          expect(await harness.arrived()).toEqual([]);
          await harness.platform.send(harness.address, parcel);
          expect(await harness.arrived()).toHaveLength(1);
        });

      if (troubles.includes('limited'))
        it('wait: nothing arrived, and it says how long', async () => {
          await harness.provoke('limited');
          const before = (await harness.arrived()).length;
          const error = await failure(harness.platform.send(harness.address, oneParcel('hello')));
          expect(error.kind).toBe('wait');
          expect(error.retryAfterMs).toBeGreaterThan(0);
          expect(await harness.arrived()).toHaveLength(before);
        });

      if (troubles.includes('unanswered'))
        it('doubtful where no answer came, unless a repetition is swallowed', async () => {
          await harness.provoke('unanswered');
          const parcel = oneParcel('hello');
          const { kind } = await failure(harness.platform.send(harness.address, parcel, { key: 'letter/2#0' }));
          if (!harness.platform.deduplicates) return expect(kind).toBe('doubtful');
          expect(['retry', 'doubtful']).toContain(kind);
          await harness.platform.send(harness.address, parcel, { key: 'letter/2#0' });
          expect(await harness.arrived()).toHaveLength(1);
        });
    });
  });
}

/** All that can be read, without the parts' counts. */
function words(arrived: readonly Arrived[]): string {
  const said = arrived.map(({ text }) => text).filter((text) => text !== '');
  const count = (i: number) => new RegExp(`\\s\\(${i + 1}/${said.length}\\)\\s*$`);
  return said.map((text, i) => (said.length > 1 ? text.replace(count(i), '') : text)).join('\n');
}

/** Text as a reader takes it: full-width is half-width, white space and invisible characters do not count. */
function fold(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u200b\u2060\ufeff]+/gu, '');
}
