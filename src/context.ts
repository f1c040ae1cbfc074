import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Command } from './core/command.ts';
import type { Context } from './core/context.ts';
import type { Clock } from './core/time.ts';
import { domains } from './domains/index.ts';
import { packageRoot } from './package-root.ts';
import { openPictures } from './render/pictures.ts';
import { type OpenWords, openTemplates } from './render/template.ts';
import { openAlerts } from './runtime/alerts/alerts.ts';
import { alertCommands } from './runtime/alerts/commands.ts';
import { auditList } from './runtime/audit/command.ts';
import { channelCommands } from './runtime/channels/commands.ts';
import { readChannelEdits } from './runtime/channels/store.ts';
import { consoleCommands } from './runtime/console/command.ts';
import { helpCommand } from './runtime/dispatch/help.ts';
import { createQuestions } from './runtime/dispatch/questions.ts';
import { feedCommands } from './runtime/feeds/commands.ts';
import { jobCommands } from './runtime/jobs/commands.ts';
import { outboxStats } from './runtime/outbox/command.ts';
import { letterActions } from './runtime/outbox/letter-actions.ts';
import { letterCommands } from './runtime/outbox/letter-commands.ts';
import { openOutbox } from './runtime/outbox/outbox.ts';
import { accountCommands } from './runtime/people/account-commands.ts';
import { peopleCommands } from './runtime/people/commands.ts';
import { peopleImport } from './runtime/people/import-command.ts';
import { openLanguages } from './runtime/people/languages.ts';
import { link } from './runtime/people/link-command.ts';
import { openPeople } from './runtime/people/people.ts';
import { rehearsalRun } from './runtime/rehearsal/command.ts';
import { type OpenRules, openRules } from './runtime/rules.ts';
import { templateCommands } from './runtime/templates/commands.ts';
import { templateEdits } from './runtime/templates/store.ts';
import { openSources } from './sources.ts';
import type { Database } from './store/db.ts';

/** All that can be asked: help, and what the domains answer. */
export const commands: readonly Command[] = [
  helpCommand(() => commands),
  link,
  outboxStats,
  ...alertCommands,
  ...letterCommands,
  ...letterActions,
  ...channelCommands,
  ...templateCommands,
  ...feedCommands,
  ...jobCommands,
  rehearsalRun,
  ...consoleCommands,
  ...peopleCommands,
  peopleImport,
  ...accountCommands,
  auditList,
  ...domains.flatMap((domain) => domain.commands),
];

type OpenContext = Context & { rules: OpenRules; words: OpenWords };

/** Builds the world that commands and jobs look at: in the main thread, in a worker thread, on the command line. */
export async function openContext(
  config: Config,
  parts: { db: Database; clock: Clock; log: Logger; signal: AbortSignal; wake?: () => void },
): Promise<OpenContext> {
  const root = packageRoot();
  const rules = await openRules(config.rulesFolder ?? join(root, 'rules'), config.variables, () =>
    readChannelEdits(parts.db),
  );
  const outbox = openOutbox(parts.db, parts.clock, parts.wake, openLanguages(rules));
  const words = openTemplates(join(root, 'templates'), () => templateEdits(parts.db));
  const context: OpenContext = {
    db: parts.db,
    clock: parts.clock,
    log: parts.log,
    signal: parts.signal,
    outbox,
    alerts: openAlerts({ ...parts, outbox, words }),
    sources: openSources(config, { ...parts, rules, keep: openPictures(join(config.dataFolder, 'pictures')).keep }),
    rules,
    words,
  };
  await context.words.reload();
  context.questions = createQuestions(commands, context, openPeople(parts.db, parts.clock));
  return context;
}
