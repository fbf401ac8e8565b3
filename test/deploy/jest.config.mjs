/** `npm run test:deploy`: one story, in order, in one process. */
import base from '../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deploy/**/*.deploy.ts'],
  testTimeout: 420_000,
  maxWorkers: 1,
};
