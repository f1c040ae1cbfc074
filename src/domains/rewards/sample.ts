import type { Context } from '../../core/context.ts';
import type { Domain } from '../../core/domain.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { type Day, dayOf, daysBetween, instantOf, today } from '../../core/time.ts';
import { saveContracts } from './contracts/store.ts';
import type { ContractRow } from './model.ts';
import { removeSampleRewards } from './store.ts';

/** Invented contracts of the current month. The same day gives the same contracts, so that filling again adds only new ones. */
export const sample: NonNullable<Domain['sample']> = {
  fill: (context) => fill(context),
  remove: (context) => removeSampleRewards(context.db),
};

/** Housekeepers: name, share of the contracts, usual amount in yuan. */
const HOUSEKEEPERS = [
  ['hk-sample-1', '李师傅', 30, 9_000],
  ['hk-sample-2', '张姐', 22, 8_500],
  ['hk-sample-3', '刘强', 16, 11_500],
  ['hk-sample-4', '陈晓东', 14, 7_000],
  ['hk-sample-5', '王芳', 10, 8_200],
  ['hk-sample-6', '赵立新', 8, 6_400],
] as const;

const PROVIDERS = ['示例服务商甲', '示例服务商乙'];
const SAMPLE_PROVINCE = 'sample';

async function fill(context: Context): Promise<void> {
  const now = context.clock.now();
  const zone = context.clock.zone;
  const day = today(context.clock);
  const rows = daysBetween(`${day.slice(0, 7)}-01`, day)
    .flatMap((one) => contractsOn(one, zone))
    .filter((row) => row.signedAt && row.signedAt <= now)
    .toSorted((a, b) => (a.signedAt?.getTime() ?? 0) - (b.signedAt?.getTime() ?? 0));
  await saveContracts(context, rows, { sample: true });
}

function contractsOn(day: Day, zone: string): ContractRow[] {
  const random = seededRandom(day);
  // A month begins with a rush, so that even its first days have something to show.
  const dayOfMonth = Number(day.slice(8));
  const count = dayOfMonth === 1 ? 14 : dayOfMonth < 4 ? 4 : 1 + Math.floor(random() * 2);
  return Array.from({ length: count }, (_, index) => {
    const [housekeeperId, housekeeper, , usual] = chosen(random());
    // One in fifteen is far above the cap, so that an explanation has something to explain.
    const size = random() < 0.07 ? 8 : 0.4 + random() * 1.5;
    const amountFen = Math.round(usual * size) * 100 + Math.floor(random() * 100);
    const minute = Math.floor(((index + random()) / count) * 12 * 60);
    const time = `${pad(8 + Math.floor(minute / 60))}:${pad(minute % 60)}:00`;
    const signedAt = instantOf(day, dayOfMonth === 1 && index < 8 ? `00:${pad(index * 5)}:00` : time, zone);
    const number = `${day.replaceAll('-', '')}${String(index + 1).padStart(3, '0')}`;
    return {
      id: `sample-${number}`,
      province: SAMPLE_PROVINCE,
      number: `SL-${number}`,
      workOrder: `GD-${day.slice(5).replace('-', '')}${Math.floor(random() * 400)}`,
      status: '1',
      state: '1',
      housekeeper,
      housekeeperId,
      provider: PROVIDERS[Math.floor(random() * PROVIDERS.length)] ?? null,
      sourceType: random() < 0.2 ? '1' : '2',
      amountFen,
      paidFen: Math.floor(amountFen / 2),
      performanceFen: null,
      customerAddress: null,
      projectAddress: `示例路 ${Math.floor(random() * 300)} 号`,
      historicalNo: null,
      conversion: Math.round(random() * 100) / 100,
      averageFen: null,
      signedAt,
      signedDay: dayOf(signedAt, zone),
      signedText: signedAt.toISOString(),
      createdAt: signedAt,
    };
  });
}

function chosen(at: number): (typeof HOUSEKEEPERS)[number] {
  let left = at * HOUSEKEEPERS.reduce((sum, [, , share]) => sum + share, 0);
  for (const one of HOUSEKEEPERS) {
    left -= one[2];
    if (left < 0) return one;
  }
  return HOUSEKEEPERS[0];
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
