/** Who hears what of members without a grant in an exclusive container. */
import { strangerNotices } from '../../lambdas/slack/views/stranger-notices.ts';
import {
  announceStrangers,
  type StrangerNoticeDeps,
} from '../../shared/application/announce-strangers.ts';
import { Fault } from '../../shared/ports.ts';
import { policyText } from '../support/company.ts';
import {
  CONTAINER,
  type ContainerBench,
  containerBench,
  entitled,
  refused,
} from '../support/container-bench.ts';

type Post = { channel: string; text: string; words: string };
let on: ContainerBench;
let posts: Post[];
let silent: boolean;
let deps: StrangerNoticeDeps;
beforeEach(async () => {
  on = await containerBench();
  await on.enforce(policyText({ ...entitled(true), security_channel: 'C0SECURITY' }));
  posts = [];
  silent = false;
  deps = {
    ...on,
    announcer: {
      post: async ({ channel }, { text, blocks }) => {
        if (silent) throw new Fault('Slack is silent', { service: 'slack', retryable: true });
        posts.push({ channel, text, words: JSON.stringify(blocks) });
        return { channel, ts: '1' };
      },
      update: () => Promise.reject(new Error('Notices are not redrawn')),
      publishHome: () => Promise.reject(new Error('No Home')),
      isShared: async () => false,
    },
    renderStrangers: strangerNotices,
  };
});
const tell = () => announceStrangers(CONTAINER, deps);
const channels = () => posts.map(({ channel }) => channel);

test('owner and security channel hear of the switch before anybody is touched, and then who was taken out, by login, once', async () => {
  on.place.members.set('mal', 'member');
  await on.look();
  await tell();
  expect(channels()).toEqual(['U0BO', 'C0SECURITY']);
  expect(posts[0]?.words).toMatch(/1 member has no grant.*at most 5 are taken out per look/);
  await on.look();
  await tell();
  expect(await tell()).toBe('nothing-new');
  expect(channels()).toEqual(['U0BO', 'C0SECURITY', 'U0BO', 'C0SECURITY']);
  expect(posts[2]?.words).toMatch(/`mal-gh` was taken out of `github:team:acme\/deployers`/);
});

test('somebody of the policy is named as the person they are', async () => {
  on.place.members.set('ana', 'member');
  await on.look();
  await on.look();
  await tell();
  expect(posts.at(-1)?.words).toContain('`ana-gh` (<@U0ANA>)');
});

test('what the provider refused is told with its code', async () => {
  on.place.members.set('boss', 'maintainer');
  await on.look();
  on.place.trouble.remove = refused('container-not-manageable', false);
  await on.look();
  await tell();
  expect(posts.at(-1)?.words).toMatch(/boss-gh.*still there.*container-not-manageable/);
});

test('in a container that is not exclusive nobody is told: digest, Home and alarm are', async () => {
  await on.enforce(policyText({ ...entitled(false), security_channel: 'C0SECURITY' }));
  on.place.members.set('mal', 'member');
  await on.look();
  await on.look();
  expect(await tell()).toBe('nothing-new');
  expect(posts).toEqual([]);
});

test('what could not be told is told with the next message', async () => {
  on.place.members.set('mal', 'member');
  await on.look();
  silent = true;
  await expect(tell()).rejects.toThrow('Slack is silent');
  silent = false;
  await tell();
  expect(channels()).toEqual(['U0BO', 'C0SECURITY']);
});
