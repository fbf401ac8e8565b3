/** What a mutant of shared/domain has to get past: the tests of the domain, without the ones that only take long. */
import base from '../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/domain/**/*.test.ts'],
  testTimeout: 20_000,
};
