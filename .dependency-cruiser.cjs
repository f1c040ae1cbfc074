/**
 * Who may import whom: store ← core ← {domains, sources, render, bots} ← {runtime, http} ← jobs ← app ← main.
 * `test/architecture.test.ts` proves that each rule bites.
 */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const OWN = '^(src|bots|jobs|test|web|scripts)/';
const PROGRAM = '^(src|bots|jobs)/';
const TEST = '\\.test\\.ts$|^test/';

/** What is ours, apart from the paths given. */
const ownExcept = (paths) => ({ path: OWN, pathNot: paths });

module.exports = {
  forbidden: [
    rule('no-circular', 'A circle has no bottom to start reading at.', {}, { circular: true }),
    rule('no-orphans', 'Nobody uses it, and it uses nobody.', { orphan: true, path: PROGRAM, pathNot: TEST }, {}),
    rule('no-unresolvable', 'It is not there.', {}, { couldNotResolve: true }),
    rule(
      'no-undeclared-packages',
      'What the program needs is among the dependencies, not the devDependencies.',
      { path: PROGRAM, pathNot: TEST },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'store-is-the-floor',
      'The store knows none of us; it may throw our errors.',
      { path: '^src/store/', pathNot: TEST },
      ownExcept('^src/store/|^src/core/errors\\.ts$'),
    ),
    rule(
      'core-knows-the-store-only',
      'The vocabulary does not know what is said with it.',
      { path: '^src/core/', pathNot: TEST },
      ownExcept('^src/(core|store)/'),
    ),
    rule(
      'domains-know-core-and-store',
      'A domain knows no other domain and nothing of how it is run, asked or drawn.',
      { path: '^src/domains/([^/]+)/', pathNot: TEST },
      ownExcept('^src/(core|store)/|^src/domains/$1/'),
    ),
    rule(
      'a-domain-has-one-door',
      'From outside, a domain is its index.ts.',
      { path: PROGRAM, pathNot: `${TEST}|^src/domains/[^/]+/` },
      { path: '^src/domains/[^/]+/', pathNot: '/index\\.ts$' },
    ),
    rule(
      'sources-and-render-know-core',
      'A source fetches and a picture is drawn without knowing for whom.',
      { path: '^src/(sources|render)/', pathNot: TEST },
      ownExcept('^src/(core|store|$1)/|^src/package-root\\.ts$'),
    ),
    rule(
      'bots-know-core-only',
      'A platform carries; it never knows what it carries.',
      { path: '^bots/([^/]+)/', pathNot: TEST },
      ownExcept('^src/core/|^bots/$1/'),
    ),
    rule(
      'runtime-and-http-are-below-the-app',
      'The moving parts are put together above them.',
      { path: '^src/(runtime|http)/', pathNot: TEST },
      { path: '^jobs/|^test/|^src/cli/|^src/(app|main|cli|serve|context|worker-context)\\.ts$' },
    ),
    rule(
      'runtime-knows-no-http',
      'What moves does so without a browser.',
      { path: '^src/runtime/', pathNot: TEST },
      { path: '^src/http/' },
    ),
    rule(
      'jobs-are-below-the-app',
      'A job runs in a thread that has no app.',
      { path: '^jobs/', pathNot: TEST },
      { path: '^src/(http|cli)/|^src/(app|main|cli|serve)\\.ts$' },
    ),
    rule(
      'the-app-starts-nothing',
      'Only the entries know the app.',
      { path: '^src/(app|context|worker-context)\\.ts$' },
      { path: '^src/cli/|^src/(main|cli|serve)\\.ts$' },
    ),
    rule(
      'prisma-stays-in-the-store',
      'Questions to the database are asked in src/store/ and in files named store.ts.',
      { path: PROGRAM, pathNot: `${TEST}|^src/store/|/store\\.ts$` },
      { path: 'node_modules/(@prisma|prisma|@photostructure)/|^src/store/generated/' },
    ),
    rule(
      'no-test-code-in-the-program',
      'The program runs without its tests.',
      { path: '^(src|bots|jobs|web)/', pathNot: TEST },
      { path: TEST },
    ),
    rule(
      'the-page-takes-types-only',
      'What runs in the browser lives in web/.',
      { path: '^web/' },
      { path: '^(src|bots|jobs)/', dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules|^src/store/generated/' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
