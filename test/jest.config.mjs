/** Tests run from TypeScript source; ESM-only packages are transformed too, because jest loads CommonJS. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const swc = {
  jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};
/** What takes long for what it proves: killed processes, thousands of random histories, hours of pushed clock. `npm run test:long`. */
export const LONG = [
  'test/simulation/',
  'test/blocks/',
  'test/adapters/dynamo-audit.test.ts',
  'test/application/life-races.test.ts',
  'test/domain/audit/tamper(?:-records)?.test.ts',
  'test/local/dynamodb/(?:kill|restart|torn-write).test.ts',
  'test/local/play.test.ts',
  `test/journeys/(?:${[
    'around|break-glass-review|counted|digest|drift|early-end|erasure|exclusive|gitlab|groups|kill|later|later-window|leaver|log',
    'more-time|no|not-in-channel|provider-trouble|reminded|reminder|standing-rights|stopped|switches|tickets',
  ].join('|')})\\.test\\.ts`,
];

export default {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '^.+\\.m?js$': ['@swc/jest', { ...swc, jsc: { target: 'es2023' } }],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@octokit|universal-user-agent|universal-github-app-jwt|before-after-hook|toad-cache|uqr|dynalite|@otplib|@scure|@noble|otplib|json-with-bigint|content-type)/)',
  ],
  // Half of what Bolt takes to load, and no function of ours has it deployed either (infra/bundle.ts): touching it throws.
  moduleNameMapper: {
    '^(?:express|@slack/oauth)$': '<rootDir>/infra/stubs/unused-module.cjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.hallpass', '<rootDir>/infra/dist'],
  testPathIgnorePatterns: ['/node_modules/', ...LONG],
  testTimeout: 120_000,
  maxWorkers: 2,
};
