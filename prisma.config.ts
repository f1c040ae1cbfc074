import { defineConfig } from 'prisma/config';

/** For Prisma's own command line, e.g. `npx prisma migrate status`; Fieldbell itself does not need it. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:./data/fieldbell.db' },
});
