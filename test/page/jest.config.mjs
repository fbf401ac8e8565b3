/** The browser journeys, one after the other: each starts Hallpass as `npm start` does and looks at it in a Chromium. */
import base from '../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/page/**/*.page.ts'],
  testTimeout: 420_000,
  maxWorkers: 1,
};
