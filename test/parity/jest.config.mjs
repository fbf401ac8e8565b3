/** `npm run test:parity`: the store's contract against a DynamoDB that Amazon wrote. */
import base from '../jest.config.mjs';

export default { ...base, rootDir: '../..', testMatch: ['<rootDir>/test/parity/**/*.parity.ts'] };
