import type { FastifyInstance } from 'fastify';
import type { Message } from '../core/message.ts';
import { type ApiTools, problem, refused, STATUS, unauthorised } from './api-routes.ts';
import { languageOf } from './auth.ts';
import { DRIVER_TREND, TrendQuestion } from './driver-trend-shape.ts';

/** `POST /api/driver-trend-analysis`: the trend in the shape that the replaced dashboard published. */
export function driverTrendRoute(tools: ApiTools) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Body: unknown }>(DRIVER_TREND, async (request, reply) => {
      const asker = await tools.auth.asker(request);
      if (!asker) return unauthorised(reply);
      if (!tools.auth.fromOwnPage(request)) return refused(reply);
      const asked = TrendQuestion.safeParse(request.body ?? {});
      if (!asked.success) {
        return problem(
          reply,
          400,
          'send {"driver_id": TEXT, "date_range": "last_7_days" or {"from": DAY, "to": DAY}}, or "dsp" in place of "driver_id"',
        );
      }
      const { driver_id: driver, dsp, date_range: range } = asked.data;
      const args = { ...(driver && { driver }), ...(dsp && { dsp }), ...(range && { range: rangeOf(range) }) };
      const call = { command: 'drivers.trend', args };
      const answer = await tools.answer({ asker, call, lang: languageOf(request) });
      if (answer.outcome !== 'done') return problem(reply, STATUS[answer.outcome], saidBy(answer.message));
      const { blocks, data } = await tools.withPictures(answer.message);
      const chart = blocks.find((block) => block.type === 'chart');
      return reply.send({ ...(data as object), chart_url: chart?.url ?? null });
    });
  };
}

/** A range as the command takes it. */
function rangeOf(range: string | { from: string; to: string }): string {
  return typeof range === 'string' ? range : `${range.from}..${range.to}`;
}

function saidBy({ title, blocks }: Message): string {
  return [title, ...blocks.map((block) => (block.type === 'text' ? block.text : ''))].filter(Boolean).join(' ');
}
