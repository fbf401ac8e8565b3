import {
  humansOf,
  identityKeys,
  isFresh,
  notFullMember,
  type PersonEvidence,
} from '../../../shared/domain/policy/identity.ts';
import { ANA, BO, CY, evidence, NOW, policy, TEAM } from './given.ts';

const share = (
  one: PersonEvidence,
  other: PersonEvidence,
  linked: ReadonlyMap<string, readonly string[]> = new Map(),
): boolean => {
  const all = new Map([one, other].map((each) => [each.slackUserId, each]));
  const humanOf = humansOf(policy(), { evidence: all, linkedAccounts: linked });
  return humanOf(one.slackUserId) === humanOf(other.slackUserId);
};

test('a person is known by Slack id, enterprise id, e-mail, provider login and linked account', () => {
  const ana = evidence(ANA, { enterpriseUserId: 'W0ANA', email: 'Ana@Acme.Example' });
  expect([...identityKeys(policy(), ana, ['github:12345'])].sort()).toEqual([
    'account:github:12345',
    'email:ana@acme.example',
    'login:github:ana-dev',
    'slack:U0ANA',
    'slack:W0ANA',
  ]);
});

test('a person without an e-mail has no e-mail key, so two of them share none', () => {
  expect(share(evidence(ANA, { email: null }), evidence(BO, { email: null }))).toBe(false);
  expect(share(evidence(ANA, { email: ' ' }), evidence(BO, { email: '' }))).toBe(false);
});

describe('two Slack accounts are one human when', () => {
  const ana = (email: string) => evidence(ANA, { email });
  const bo = (email: string) => evidence(BO, { email });
  test.each([
    ['the address differs in case', 'ana@acme.example', 'ANA@Acme.Example'],
    ['the address has spaces around it', 'ana@acme.example', '  ana@acme.example\n'],
    ['the address is written in full-width letters', 'ana@acme.example', 'ａｎａ@acme.example'],
    ['the address hides a zero-width space', 'ana@acme.example', 'an\u200ba@acme.example'],
    ['one address is a plus-tag of the other', 'ana@acme.example', 'ana+2@acme.example'],
    ['both are plus-tags of a third', 'ana+1@acme.example', 'ana+2@acme.example'],
  ])('%s', (_, one, other) => {
    expect(share(ana(one), bo(other))).toBe(true);
  });

  test('the enterprise id of one is the Slack id of the other', () => {
    expect(share(evidence(ANA, { enterpriseUserId: 'W0X' }), evidence('W0X'))).toBe(true);
  });

  test('both have the same enterprise id', () => {
    const ids = { enterpriseUserId: 'W0X' };
    expect(share(evidence(ANA, ids), evidence(BO, ids))).toBe(true);
    expect(share(evidence(ANA, ids), evidence(BO, { enterpriseUserId: ' w0x ' }))).toBe(true);
  });

  test('one writes the address that the policy names for the other', () => {
    const { people } = policy();
    const named = policy({
      people: { ...people, bo: { ...people['bo'], email: 'Bo@Private.Example' } },
    });
    const all = new Map([[ANA, evidence(ANA, { email: 'bo+x@private.example' })]]);
    const humanOf = humansOf(named, { evidence: all, linkedAccounts: new Map() });
    expect([humanOf(ANA) === humanOf(BO), humanOf(ANA) === humanOf(CY)]).toEqual([true, false]);
  });

  test('both write the same address that has no host, or no mailbox', () => {
    for (const email of ['root', '@acme.example'])
      expect(share(evidence(ANA, { email }), evidence(BO, { email }))).toBe(true);
    expect(share(evidence(ANA, { email: 'root' }), evidence(BO, { email: 'other' }))).toBe(false);
  });

  test('one is the enterprise id of the other, though neither policy nor Slack tells more', () => {
    const known = new Map([[ANA, evidence(ANA, { enterpriseUserId: 'W0X' })]]);
    const linkedAccounts = new Map([['W0X', ['github:9']]]);
    const humanOf = humansOf(policy(), { evidence: known, linkedAccounts });
    expect(humanOf('W0X')).toBe(humanOf(ANA));
  });

  test('both are linked to the same immutable provider account', () => {
    const linked = new Map([
      [ANA, ['github:12345']],
      [BO, ['GitHub:12345 ']],
    ]);
    expect(share(evidence(ANA), evidence(BO), linked)).toBe(true);
  });

  test('both are linked to one account, and Slack was not asked about either', () => {
    const linkedAccounts = new Map([
      [ANA, ['github:12345']],
      [BO, [' GitHub:12345 ']],
    ]);
    const humanOf = humansOf(policy(), { evidence: new Map(), linkedAccounts });
    expect(humanOf(ANA)).toBe(humanOf(BO));
  });

  test('the policy gives both the same login, whatever its case', () => {
    const people = {
      ana: { slack: ANA, roles: [], accounts: { github: 'ana-dev' } },
      bo: { slack: BO, roles: [], accounts: { github: 'ANA-Dev' } },
    };
    const humanOf = humansOf(policy({ people }), {
      evidence: new Map(),
      linkedAccounts: new Map(),
    });
    expect(humanOf(ANA)).toBe(humanOf(BO));
  });

  test('a third account links them: one key with each', () => {
    const third = evidence(CY, { email: 'ana@acme.example', enterpriseUserId: 'W0BO' });
    const all = [evidence(ANA, { email: 'ana@acme.example' }), third];
    const facts = {
      evidence: new Map(
        [...all, evidence(BO, { enterpriseUserId: 'W0BO' })].map((each) => [
          each.slackUserId,
          each,
        ]),
      ),
      linkedAccounts: new Map(),
    };
    const humanOf = humansOf(policy(), facts);
    expect(humanOf(ANA)).toBe(humanOf(BO));
  });
});

describe('two Slack accounts stay two humans when', () => {
  test.each([
    ['only the domains are equal', 'ana@acme.example', 'bo@acme.example'],
    ['only the names before the @ are equal', 'ana@acme.example', 'ana@other.example'],
    ['the tags are equal and the mailboxes differ', 'ana+x@acme.example', 'bo+x@acme.example'],
    ['the mailbox itself begins with a plus', '+ana@acme.example', '+bo@acme.example'],
  ])('%s', (_, one, other) => {
    expect(share(evidence(ANA, { email: one }), evidence(BO, { email: other }))).toBe(false);
  });

  test('they have accounts of the same number at different providers', () => {
    const linked = new Map([
      [ANA, ['github:12345']],
      [BO, ['gitlab:12345']],
    ]);
    expect(share(evidence(ANA), evidence(BO), linked)).toBe(false);
  });
});

test.each([
  ['an active full member', {}, null],
  ['deactivated', { deleted: true }, 'deactivated'],
  ['a bot', { isBot: true }, 'bot'],
  ['a guest of several channels', { isRestricted: true }, 'guest'],
  ['a guest of one channel', { isUltraRestricted: true, isRestricted: true }, 'guest'],
  ['a single-channel guest by that flag alone', { isUltraRestricted: true }, 'guest'],
  ['a stranger from a shared channel', { isStranger: true }, 'stranger'],
  ['of another workspace', { teamId: 'T0OTHER' }, 'other-workspace'],
  ['without a confirmed address', { emailVerified: false }, 'email-unverified'],
])('who is %s is judged %#', (_, changes, why) => {
  expect(notFullMember(evidence(ANA, changes), TEAM)).toBe(why);
});

test('Slack not saying whether an address was confirmed does not count against it', () => {
  const { emailVerified, ...silent } = evidence(ANA);
  expect(emailVerified).toBe(true);
  expect(notFullMember(silent, TEAM)).toBeNull();
});

test.each([
  [0, true],
  [59_999, true],
  [60_000, true],
  [60_001, false],
  [86_400_000, false],
  [-60_000, true],
  [-60_001, false],
])('evidence of %i ms ago is fresh: %s', (ageMs, fresh) => {
  const observedAt = new Date(NOW.getTime() - ageMs).toISOString();
  expect(isFresh(evidence(ANA, { observedAt }), NOW)).toBe(fresh);
});

test.each(['', 'soon', 'NaN'])('evidence with the time %j is never fresh', (observedAt) => {
  expect(isFresh(evidence(ANA, { observedAt }), NOW)).toBe(false);
});
