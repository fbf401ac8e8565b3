/** `npm run test:oracles`: checks by programs that others wrote; they start processes and take longer than unit tests. */
import base from '../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/oracles/**/*.oracle.ts'],
  // The server of these programs reads bodies by what our own tests leave out.
  moduleNameMapper: {},
};
