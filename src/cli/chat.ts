import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { pick } from '../core/message.ts';
import { plainText } from '../render/plain.ts';
import { askerOf, LOCAL_OPERATOR } from '../runtime/people/people.ts';
import { UsageError } from './errors.ts';
import { note, print, printJson, withApp } from './with-app.ts';

/** `fieldbell chat TEXT`: one command, as it is typed in a chat. */
export function chatCommand(program: Command, config: () => Config): void {
  program
    .command('chat')
    .argument('<text...>', 'the line, as typed in a chat')
    .option('--as <person>', 'who asks: an id or a name (default: the local operator)')
    .option('--in <channel>', 'asked in this group: personal answers are then private')
    .option('--json', 'print the message as JSON')
    .description('ask one command and print the answer; charts are saved as pictures and named')
    .action((words: string[], options: { as?: string; in?: string; json?: boolean }) =>
      withApp(config(), async (app) => {
        const channel = options.in ? app.context.rules.channel(options.in) : undefined;
        if (options.in && !channel) {
          const known = app.context.rules.channels().map((channel) => channel.name);
          throw new UsageError(`no channel ${options.in}; there are: ${known.join(', ')}`);
        }
        const asker = options.as ? askerOf(await app.people.find(options.as)) : LOCAL_OPERATOR;
        const answer = await app.answer({ asker, text: words.join(' '), group: !!channel, room: channel?.address });
        if (answer.outcome !== 'done') process.exitCode = 1;
        if (options.json) return printJson(answer.message);
        if (options.in && answer.private) {
          note(pick(answer.message.lang, `（群里只说：已私信给你）`, '(in the group: “I sent it to you directly.”)'));
        }
        print(plainText(answer.message, { clock: app.context.clock }));
        for (const block of answer.message.blocks) {
          if (block.type !== 'chart') continue;
          const picture = await app.charts.draw(block.chart);
          const file = resolve(app.config.dataFolder, 'pictures', await app.pictures.keep(picture.bytes, picture.mime));
          print(pick(answer.message.lang, `图片：${file}`, `Picture: ${file}`));
        }
      }),
    );
}
