import * as fc from 'fast-check';
import { redactSecrets } from '../../shared/domain/secret-text.ts';
import { anyCharacter } from '../support/any-text.ts';

const letters = 'A1b2C3d4E5f6G7h8J9k0';
const run = (length: number): string => letters.repeat(300).slice(0, length);
/** Put together here, so that no file holds what looks like a live credential. */
const SECRETS: readonly (readonly [string, string])[] = [
  ['GitHub token', `ghp_${run(36)}`],
  ['GitHub token', `ghs_${run(36)}`],
  ['GitHub token', `github_pat_${run(22)}_${run(59)}`],
  ['GitLab token', `glpat-${run(20)}`],
  ['GitLab token', `glrt-t1_${run(20)}`],
  ['Slack token', `xoxb-123456789012-123456789012-${run(24)}`],
  ['Slack token', `xoxe.xoxp-1-${run(60)}`],
  ['Slack token', `xapp-1-A0123-456-${run(40)}`],
  ['Slack webhook', `https://hooks.slack.com/services/T0000/B0000/${run(24)}`],
  ['AWS key', `AKIA${'ABCDEFGHIJ234567'}`],
  ['AWS secret', `aws_secret_access_key = ${run(40)}`],
  ['Google key', `AIza${run(35)}`],
  ['Terraform token', `${run(14)}.atlasv1.${run(67)}`],
  ['Vault token', `hvs.${run(24)}`],
  ['Buildkite token', `bkua_${run(40)}`],
  ['Azure DevOps token', `${run(76)}AZDO${run(4)}`],
  ['npm token', `npm_${run(36)}`],
  ['PyPI token', `pypi-AgEIcHlwaS5vcmc${run(60)}`],
  ['DigitalOcean token', `dop_v1_${'0a'.repeat(32)}`],
  ['Stripe key', `sk_live_${run(24)}`],
  ['SendGrid key', `SG.${run(22)}.${run(43)}`],
  ['API key', `sk-ant-api03-${run(60)}`],
  ['signed token', `eyJ${run(30)}.eyJ${run(60)}.${run(43)}`],
  ['bearer token', `Bearer ${run(32)}`],
  ['authenticator key', `otpauth://totp/x?secret=${run(32)}`],
  ['private key', `-----BEGIN RSA PRIVATE KEY-----\n${run(64)}\n-----END RSA PRIVATE KEY-----`],
  ['private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${run(64)}`],
];

test.each(SECRETS)('a %s is taken out and named', (name, secret) => {
  const { text, found } = redactSecrets(`INC-1 look: ${secret}`);
  expect(found).toEqual([name]);
  expect(text).toBe(`INC-1 look: [removed: ${name}]`);
});

test('what stands around a secret stays as it was, byte for byte', () => {
  const before = 'INC-1 a  b\n\t<@U0BO> "';
  const after = '" ‮ &amp; ghp_short';
  expect(redactSecrets(`${before}ghp_${run(36)}${after}`)).toEqual({
    text: `${before}[removed: GitHub token]${after}`,
    found: ['GitHub token'],
  });
});

test('the password in an address goes, the address stays', () => {
  expect(redactSecrets('see https://deploy:hunter22@git.acme.example/x')).toEqual({
    text: 'see https://deploy:[…]@git.acme.example/x',
    found: ['password'],
  });
});

test.each([
  ['[…]', 3],
  ['[…]', 8],
  ['[removed]', 9],
  ['[removed]', 18],
  ['[removed: password]', 19],
  ['[removed: password]', 40],
])('%s stands in the place of %i letters: never longer than what it hides', (standIn, length) => {
  expect(redactSecrets(`https://deploy:${run(length)}@host`).text).toBe(
    `https://deploy:${standIn}@host`,
  );
});

test('several secrets are each named once', () => {
  const { found, text } = redactSecrets(`ghp_${run(36)} xoxb-1-${run(30)} ghp_${run(36)}`);
  expect(found).toEqual(['GitHub token', 'Slack token']);
  expect(text.match(/removed/g)).toHaveLength(3);
});

test.each([
  'INC-123 rollback of the release',
  'commit 3f786850e387550fdab836ed7e6dc881de23001b broke it',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'see https://acme.slack.com/archives/C0ACCESS/p1795345200000100',
  'https://github.com/acme/deployers/pull/4711#issuecomment-1234567890',
  'rotate the ghp_ tokens, AKIA ones too, and the bearer of bad news',
  'AR-7K2M9Q 4c1d1d2e-8f0a-4e43-9f8b-6c2f0d1b7c11',
  'mail ana@acme.example or https://acme.example:8443/@x',
  'task_ghp_not a token; risk-assessment-of-the-production-database-migration-in-november',
  '',
])('ordinary words stay: %s', (text) => {
  expect(redactSecrets(text)).toEqual({ text, found: [] });
});

const pieces = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
  fc.constantFrom(
    '[removed: GitHub token]',
    ' ',
    '-',
    '@',
    'https://a:',
    '-----BEGIN PRIVATE KEY-----',
  ),
);

test('whatever is typed: never longer, nothing new on a second look, no secret left', () => {
  void fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
      const typed = parts.join(' ');
      const once = redactSecrets(typed);
      expect(once.text.length).toBeLessThanOrEqual(typed.length);
      expect(redactSecrets(once.text).text).toBe(once.text);
      for (const [, secret] of SECRETS) expect(once.text).not.toContain(secret);
      if (once.found.length === 0) expect(once.text).toBe(typed);
    }),
    { numRuns: 80 },
  );
});

test.each([
  ['x', 30_000],
  ['ghp_', 7500],
  ['aws ', 7500],
  ['eyJ', 10_000],
  ['https://a:', 3000],
  ['-----BEGIN PRIVATE KEY-----', 1100],
  ['bearer ', 4200],
  ['A.', 15_000],
])('30,000 characters of "%s" are looked through without hanging', (part, times) => {
  const typed = part.repeat(times);
  expect(redactSecrets(typed).text.length).toBeLessThanOrEqual(typed.length);
});
