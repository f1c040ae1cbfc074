import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Rules, Sources } from './core/context.ts';
import type { Clock } from './core/time.ts';
import { packageRoot } from './package-root.ts';
import { openGuanke } from './sources/guanke/index.ts';
import { openMetabase } from './sources/metabase/index.ts';
import { openMysql } from './sources/mysql/index.ts';
import { type KeepPicture, openPhotos } from './sources/photos/index.ts';
import { openSmartSheets } from './sources/smartsheet.ts';
import type { Database } from './store/db.ts';

/** The upstream systems whose settings are complete. Nothing is asked of them before they are needed. */
export function openSources(
  config: Config,
  tools: { clock: Clock; log: Logger; db: Database; rules: Pick<Rules, 'documents'>; keep: KeepPicture },
): Sources {
  return {
    photos: openPhotos(tools.keep, join(packageRoot(), 'rules/sample/pod')),
    sheets: openSmartSheets(config.wecomApiBase, config.variables),
    ...(config.metabase && { metabase: openMetabase(config.metabase, tools) }),
    ...(config.guanke && { guanke: openGuanke(config.guanke, tools) }),
    ...(config.mysqlUrl && { mysql: openMysql(config.mysqlUrl, tools) }),
  };
}
