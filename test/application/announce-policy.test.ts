/** Who hears of a change of the policy, of what, and how often. */
import { policyNotice } from '../../lambdas/slack/views/policy-change.ts';
import { announcePolicy, type PolicyNoticeDeps } from '../../shared/application/announce-policy.ts';
import { Fault } from '../../shared/ports.ts';
import { type Bench, emptyBench } from '../support/bench.ts';
import { deployRule, policyText, writtenCompany } from '../support/company.ts';

type Post = { channel: string; text: string; words: string };
let on: Bench;
let posts: Post[];
let deaf: boolean;
let deps: PolicyNoticeDeps;
const HEARD = { security_channel: 'C0SECURITY' };
const dee = (roles: string[], more: object = {}) => ({
  people: { ...writtenCompany.people, dee: { ...writtenCompany.people.dee, roles }, ...more },
});

beforeEach(async () => {
  on = emptyBench();
  posts = [];
  deaf = false;
  deps = {
    ...on,
    announcer: {
      post: async ({ channel }, { text, blocks }) => {
        if (deaf) throw new Fault('Slack is silent', { service: 'slack', retryable: true });
        posts.push({ channel, text, words: JSON.stringify(blocks) });
        return { channel, ts: '1' };
      },
      update: () => Promise.reject(new Error('Notices are not redrawn')),
      publishHome: () => Promise.reject(new Error('No Home')),
      isShared: async () => false,
    },
    renderPolicy: policyNotice,
  };
});

async function enforced(changes: object, seconds: number) {
  on.setTime(seconds);
  await on.enforce(policyText({ ...HEARD, ...changes }));
}

test('the first policy of all is no change', async () => {
  await enforced({}, 0);
  await announcePolicy(deps);
  expect(posts).toEqual([]);
});

test('a change is told once to the security channel, with who gets what by which rule', async () => {
  await enforced({}, 0);
  const promoted = { ...writtenCompany.people.ana, roles: ['release-manager'] };
  await enforced({ people: { ...writtenCompany.people, ana: promoted } }, 60);
  await announcePolicy(deps);
  await announcePolicy(deps);
  expect(posts.map(({ channel, text }) => [channel, text])).toEqual([
    ['C0SECURITY', 'The access policy changed'],
  ]);
  expect(posts[0]?.words).toContain(
    ':heavy_plus_sign: <@U0ANA> may now approve `github:acme/deployers` by prod-deploy',
  );
  expect(posts[0]?.words).not.toContain('Look twice');
});

test('whoever decides about the policy and gets more by it is named', async () => {
  await enforced(dee(['developer']), 0);
  await enforced(dee(['admin']), 60);
  await announcePolicy(deps);
  expect(posts[0]?.text).toBe('The access policy changed: people who decide about it get more');
  expect(posts[0]?.words).toMatch(
    /\*Look twice:\* admins or owners get more rights themselves.*Hallpass does not know who wrote it.*• <@U0DEE> (may now|now has)/s,
  );
  expect(posts[0]?.words.match(/• <@/g)).toHaveLength(1);
});

test('an owner who gets more is named as well; one who loses something is not', async () => {
  const owned = (owner: string) => ({
    entitlements: {
      'github:acme/deployers': { ...writtenCompany.entitlements['github:acme/deployers'], owner },
    },
  });
  const al = (roles: string[]) => ({
    people: { ...writtenCompany.people, al: { ...writtenCompany.people.al, roles } },
  });
  await enforced({ ...owned('al'), ...al(['developer']) }, 0);
  await enforced({ ...owned('al'), ...al(['release-manager']) }, 60);
  await enforced({ ...owned('al'), ...al(['developer']) }, 120);
  await announcePolicy(deps);
  expect(posts.map(({ words }) => words.includes('• <@U0AL> may now approve'))).toEqual([
    true,
    false,
  ]);
  expect(posts[1]?.words).toContain(':heavy_minus_sign: <@U0AL> may no longer approve');
});

test('one that waits is told with its time, and that it was taken back', async () => {
  const slow = { widening_delay: '10m' };
  await enforced(slow, 0);
  await enforced({ ...slow, rules: [{ ...deployRule, max_duration: '4h' }] }, 60);
  await enforced(slow, 120);
  await announcePolicy(deps);
  expect(posts.map(({ text }) => text)).toEqual([
    'A change of the access policy waits: people who decide about it get more',
    'A change of the access policy was taken back',
  ]);
  expect(posts[0]?.words).toMatch(/takes effect <!date\^\d+/);
  expect(posts[0]?.words).toContain('asks for on easier terms');
});

test('a Slack that is silent hears it later; what is a day old nobody hears', async () => {
  await enforced({}, 0);
  await enforced({ timezone: 'UTC' }, 60);
  deaf = true;
  await expect(announcePolicy(deps)).rejects.toThrow('silent');
  deaf = false;
  await announcePolicy(deps);
  expect(posts).toHaveLength(1);
  await enforced({}, 120);
  on.setTime(120 + 25 * 3600);
  await announcePolicy(deps);
  expect(posts).toHaveLength(1);
});

test('without a security channel each admin hears it', async () => {
  await on.enforce(policyText());
  on.setTime(60);
  await on.enforce(policyText({ timezone: 'UTC' }));
  await announcePolicy(deps);
  await announcePolicy(deps);
  expect(posts.map(({ channel }) => channel)).toEqual(['U0DEE']);
});

test('a change that nobody can hear of, or a company without a policy, is no fault', async () => {
  await announcePolicy(deps);
  expect(posts).toEqual([]);
});
