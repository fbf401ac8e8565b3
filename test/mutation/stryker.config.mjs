/**
 * Every condition, sum and sentence of shared/domain is changed, one at a time, and the domain's tests must notice:
 * `npm run mutate` (hours for all of it; `npm run mutate -- --mutate 'shared/domain/stop/*.ts'` for a part).
 */
export default {
  packageManager: 'npm',
  testRunner: 'jest',
  jest: { configFile: 'test/mutation/jest.config.mjs', enableFindRelatedTests: false },
  plugins: ['@stryker-mutator/jest-runner'],
  mutate: ['shared/domain/**/*.ts'],
  coverageAnalysis: 'perTest',
  // What runs once when a module is loaded (schemas, tables) would need every test for each mutant.
  ignoreStatic: true,
  tempDirName: '.hallpass-mutation',
  incrementalFile: '.hallpass-mutation.json',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: '.hallpass-mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  concurrency: 2,
  timeoutMS: 10_000,
  disableTypeChecks: false,
  // There is none by this name: Stryker would rewrite ours with a compiler API that TypeScript 7 no longer has.
  tsconfigFile: 'none.json',
  ignorePatterns: ['.hallpass*', 'cdk.out', 'infra/dist', 'docs/pictures'],
};
