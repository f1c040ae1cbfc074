import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { pick } from '../../../core/message.ts';
import { rest } from '../../../core/reader.ts';
import { driverRules } from '../mapping.ts';
import { deliveriesAge } from '../store.ts';
import { dspNamed, noDsp } from '../trend/subject.ts';
import { missingCard } from './card.ts';
import { missingNow } from './check.ts';
import { ongoingMissing } from './store.ts';

/** 缺失更新 DSP-A */
export const missing = command({
  name: 'drivers.missing',
  summary: {
    zh: '现在该有更新却没有的司机：在岗、有单、久未扫描，或订单过了时限没有结果',
    en: 'Drivers who owe an update now: on shift with open orders and no scan, or orders past their window without a result',
  },
  aliases: [{ words: '缺失 更新' }, { words: '缺失更新' }, { words: 'missing updates' }, { words: '未更新 司机' }],
  args: z.object({ dsp: z.string().trim().min(1).optional().describe('Only drivers of this DSP') }),
  reads: { dsp: rest({ zh: '服务商', en: 'the DSP' }) },
  examples: { zh: ['缺失更新', '缺失更新 DSP-A'], en: ['missing updates', 'missing updates DSP-A'] },
  role: 'lead',
  async run(ask, args) {
    const { context, lang } = ask;
    const { value } = await driverRules(context);
    if (!value.missing) {
      throw new AskerError(
        pick(
          lang,
          '还没有设缺失更新的规则（rules/drivers.yaml 的 missing）。',
          'No rules for missing updates are set (missing: in rules/drivers.yaml).',
        ),
      );
    }
    const call = (of: { driver: string } | { dsp: string }) => ({ command: 'drivers.missing', args: of });
    const dsp = args.dsp ? ((await dspNamed(ask, args.dsp)) ?? (await noDsp(ask, args.dsp, call))).name : null;
    const real = await deliveriesAge(context.db, false);
    const sample = real ? null : await deliveriesAge(context.db, true);
    const found = (await missingNow(context, value.missing, sample !== null))
      .filter(({ driver }) => dsp === null || driver.dsp === dsp)
      .sort((a, b) => a.since.getTime() - b.since.getTime());
    const ongoing = await ongoingMissing(context.db);
    const alerts = new Map(ongoing.map((one) => [`${one.rule}/${one.driverId}`, one.alert]));
    const standing = await context.alerts.standing([...alerts.values()]);
    const rows = found.map((one) => {
      const { rule, driver } = one;
      return { ...one, alert: standing.get(alerts.get(`${rule.name}/${driver.driverId}`) ?? '') };
    });
    return missingCard(ask, dsp, rows, {
      age: real ?? sample,
      sample: sample !== null,
      maxAge: value.missing.dataMaxAge,
    });
  },
});
