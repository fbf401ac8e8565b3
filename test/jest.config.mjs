/** Tests run from TypeScript source; ESM-only packages are transformed too, because jest loads CommonJS. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const swc = {
  jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};
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
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.hallpass', '<rootDir>/infra/dist'],
  testTimeout: 120_000,
  maxWorkers: 2,
};
