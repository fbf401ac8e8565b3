/** Who hears of the red button, how often, and what follows it at once. */
import { stopNotices } from '../../lambdas/slack/views/stop-notices.ts';
import { announceStop, type StopNoticeDeps } from '../../shared/application/announce-stop.ts';
import { endAtOnce } from '../../shared/application/end-at-once.ts';
import { obeyStop } from '../../shared/application/obey-stop.ts';
import type { EventOf } from '../../shared/domain/records.ts';
import { NOTHING_STOPPED, type Stop } from '../../shared/domain/stop/model.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import { type Bench, emptyBench } from '../support/bench.ts';
import { policyText } from '../support/company.ts';
import { holding, iso } from '../support/samples.ts';

type Post = { channel: string; text: string; words: string };
let on: Bench;
let posts: Post[];
let deaf: Set<string>;
let deps: StopNoticeDeps;
beforeEach(async () => {
  on = emptyBench();
  await on.enforce(
    policyText({
      security_channel: 'C0SECURITY',
      people: {
        dee: { slack: 'U0DEE', roles: ['admin'] },
        cy: { slack: 'U0CY', roles: ['admin'] },
        eve: { slack: 'U0EVE', roles: ['admin'] },
        ana: { slack: 'U0ANA', roles: ['developer'] },
        bo: { slack: 'U0BO', roles: ['release-manager'] },
      },
    }),
  );
  on.setTime(0);
  posts = [];
  deaf = new Set();
  deps = {
    ...on,
    announcer: {
      post: async ({ channel }, { text, blocks }) => {
        if (deaf.has(channel))
          throw new Fault('Slack is silent', { service: 'slack', retryable: true });
        posts.push({ channel, text, words: JSON.stringify(blocks) });
        return { channel, ts: '1' };
      },
      update: () => Promise.reject(new Error('Notices are not redrawn')),
      publishHome: () => Promise.reject(new Error('No Home')),
      isShared: async () => false,
    },
    renderStop: stopNotices,
  };
});

const factor = { kind: 'totp' as const, step: 59_000_100 };
const by = (id: string) => ({ actor: { kind: 'person' as const, id }, factor, v: 1 as const });
const proposed = (at = iso(0)): EventOf<'stop'> => ({
  ...{ type: 'StopProposed', ...by('U0DEE'), at, what: 'stop', until: iso(600) },
});
const stopped = (at = iso(5)): EventOf<'stop'> => ({
  ...{ type: 'EverythingStopped', ...by('U0CY'), at, scope: 'all', proposedBy: 'U0DEE' },
});
const STANDING: Stop = {
  ...NOTHING_STOPPED,
  standing: { since: iso(5), proposedBy: 'U0DEE', confirmedBy: 'U0CY' },
};
async function write(event: EventOf<'stop'>, next: Stop = NOTHING_STOPPED) {
  const base = await on.calm.read('stop', 'all');
  await on.calm.commit([put(base, next, [event])], on.clock.now());
}
const to = (channel: string) => posts.filter((post) => post.channel === channel);
const channels = () => posts.map(({ channel }) => channel).sort();

test('a proposal reaches the security channel and every admin but who made it, with the button; nobody else', async () => {
  await write(proposed());
  await announceStop(deps);
  await announceStop(deps);
  expect(channels()).toEqual(['C0SECURITY', 'U0CY', 'U0EVE']);
  expect(to('U0CY')[0]?.words).toContain('red-button-open');
  expect(to('C0SECURITY')[0]?.words).not.toContain('red-button-open');
});

test('that it stands is told to all admins, and who pressed it', async () => {
  await write(proposed());
  await announceStop(deps);
  posts = [];
  await write(stopped(), STANDING);
  await announceStop(deps);
  expect(channels()).toEqual(['C0SECURITY', 'U0CY', 'U0DEE', 'U0EVE']);
  expect(to('U0DEE')[0]?.words).toMatch(/Everything is stopped.*<@U0DEE> and <@U0CY>/);
});

test('somebody whom Slack does not reach keeps nobody else from hearing it, and hears it once it does', async () => {
  await write(stopped(), STANDING);
  deaf.add('U0CY').add('C0SECURITY');
  await expect(announceStop(deps)).rejects.toThrow('Slack is silent');
  expect(channels()).toEqual(['U0DEE', 'U0EVE']);
  deaf.clear();
  await announceStop(deps);
  expect(channels()).toEqual(['C0SECURITY', 'U0CY', 'U0DEE', 'U0EVE']);
});

test('a proposal that is over asks nobody any more, and what happened days ago is no news', async () => {
  await write(proposed());
  on.setTime(601);
  await announceStop(deps);
  expect(channels()).toEqual(['C0SECURITY']);
  await write(stopped(), STANDING);
  on.setTime(2 * 86_400);
  await announceStop(deps);
  expect(channels()).toEqual(['C0SECURITY']);
});

test('at once: every holding that is due at any time goes to the removals queue, while a stop stands and not otherwise', async () => {
  const live = holding({ dueAt: iso(3600) });
  await on.calm.commit([put(absent('holding', live.holdingId), live)], on.clock.now());
  expect(await endAtOnce(on)).toBe(0);
  await write(stopped(), STANDING);
  expect(await endAtOnce(on)).toBe(1);
  expect(on.sent).toEqual([{ queue: 'removals', message: { holdingId: live.holdingId } }]);
});

test('a walk that finds nothing proves nothing in the first two minutes of a stop: an index may be behind', async () => {
  await write(stopped(iso(0)), STANDING);
  const clearedAt = async () => (await on.calm.read('stop', 'all')).value?.clearedAt;
  on.setTime(100);
  await obeyStop(on);
  expect(await clearedAt()).toBeNull();
  on.setTime(126);
  await obeyStop(on);
  expect(await clearedAt()).toBe(iso(126));
});
