/** `npm run test:long`: the tests that `npm test` leaves out to stay under two minutes. */
import base, { LONG } from './jest.config.mjs';

export default {
  ...base,
  testRegex: LONG.map((place) => `/${place}${place.endsWith('/') ? '.*\\.test\\.ts' : ''}$`),
  testMatch: undefined,
  testPathIgnorePatterns: ['/node_modules/'],
};
