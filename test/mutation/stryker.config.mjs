/**
 * Every condition, sum and sentence of shared/domain is changed, one at a time, and a test of the domain must notice: `npm run
 * mutate`, or for a part `npm run mutate -- --mutate 'shared/domain/stop/*.ts'`. docs/mutation.md says what came of it.
 */

/** What needs seconds for one mutant, mostly random histories and hostile files. Without them the score is, if anything, too low. */
const TOO_SLOW = [
  'tamper',
  'tamper-records',
  'tamper-switches',
  'second-records',
  'sequences',
  'auditor',
  'properties',
  'clauses-properties',
  'quick-fold',
  'policy-file-hostile',
];

export default {
  packageManager: 'npm',
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: {
    spec: ['test/domain/**/*.test.ts', 'test/adapters/policy-file*.test.ts'],
    ignore: TOO_SLOW.map((name) => `test/{domain,adapters}/**/${name}.test.ts`),
    require: ['test/mutation/jest-words.ts'],
  },
  mutate: ['shared/domain/**/*.ts'],
  coverageAnalysis: 'perTest',
  // What runs once when a module is loaded (schemas, tables) would need every module anew for each mutant.
  ignoreStatic: true,
  tempDirName: '.hallpass-mutation/sandbox',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: '.hallpass-mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  concurrency: 2,
  timeoutMS: 10_000,
  disableTypeChecks: false,
  // There is none by this name: Stryker would rewrite ours with a compiler API that TypeScript 7 no longer has.
  tsconfigFile: 'none.json',
  ignorePatterns: [
    '.hallpass*',
    'cdk.out',
    'infra/dist',
    'docs/pictures',
    'bench',
    'local',
    'lambdas',
    'infra',
  ],
};
