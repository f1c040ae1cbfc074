import { Command } from 'commander';
import type { Config } from '../config.ts';
import { chatCommand } from './chat.ts';
import { dataCommands } from './data.ts';
import { jobCommands } from './jobs.ts';
import { outboxCommands } from './outbox.ts';
import { peopleCommands } from './people.ts';
import { rewardsCommands } from './rewards.ts';
import { serveCommands } from './serve.ts';
import { slaCommands } from './sla.ts';
import { syncCommands } from './sync.ts';

/** The `fieldbell` command. Machine output goes to standard output alone, everything else to standard error. */
export function createProgram(config: () => Config): Command {
  const program = new Command('fieldbell')
    .description('Chat-ops bot and notification platform for teams in the field')
    .exitOverride()
    .showHelpAfterError('(fieldbell help shows every command)')
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  const families = [
    serveCommands,
    chatCommand,
    rewardsCommands,
    slaCommands,
    dataCommands,
    syncCommands,
    jobCommands,
    outboxCommands,
    peopleCommands,
  ];
  for (const add of families) add(program, config);
  for (const family of [program, ...program.commands]) {
    family.exitOverride();
    for (const sub of family.commands) sub.exitOverride();
  }
  return program;
}
