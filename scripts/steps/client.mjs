import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, tool } from './run.mjs';
import { fingerprint, isStamped, putStamp } from './stamp.mjs';

const STAMP = 'dist/.made/client';
const SOURCES = ['prisma/schema.prisma', 'package-lock.json'];

/** The database client that Prisma makes from the schema. */
export const client = {
  name: 'database client',
  isDone() {
    return existsSync(join(root, 'src/store/generated/client.ts')) && isStamped(STAMP, fingerprint(SOURCES));
  },
  async make() {
    const made = fingerprint(SOURCES);
    // Prisma would download an engine that it does not use to generate; any executable keeps it from that.
    const env = {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    };
    await tool('prisma', ['generate'], { env });
    putStamp(STAMP, made);
  },
};
