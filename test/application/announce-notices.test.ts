/** What happened to an authenticator, told to owner and security channel: each event once, whatever fails in between. */
import { noticesFor, resetOpenNotice } from '../../lambdas/slack/views/authenticator-notices.ts';
import { problemsOfBlocks } from '../../local/slack/block-kit/blocks.ts';
import { announceNotices, type NoticeDeps } from '../../shared/application/announce-notices.ts';
import type { AuthenticatorEvent } from '../../shared/domain/authenticator/model.ts';
import { Fault, put } from '../../shared/ports.ts';
import {
  BO,
  DEE,
  type EnrolmentWorld,
  enrolmentWorld,
  withAuthenticator,
} from '../support/enrolment-world.ts';
import { unmeasured } from '../support/unmeasured.ts';

type Post = { channel: string; text: string; slot: string };
const SECURITY = 'C0SECURITY';
const HOUR = 3600;

let world: EnrolmentWorld;
let posts: Post[];
let queued: unknown[];
let errors: string[];
let failing: (post: Post) => Fault | null;
let deps: NoticeDeps;
beforeEach(async () => {
  world = await enrolmentWorld();
  await withAuthenticator(world, BO);
  posts = [];
  queued = [];
  errors = [];
  failing = () => null;
  deps = {
    ...world.deps,
    telemetry: {
      ...unmeasured,
      info: () => {},
      alarm: () => {},
      error: (message) => errors.push(message),
    },
    queues: {
      send: async (queue, message) => {
        queued.push([queue, message]);
      },
    },
    announcer: {
      post: async ({ channel }, { text }, about) => {
        if (!('noticesOf' in about)) throw new Error('Not a notice');
        const post = { channel, text, slot: about.slot };
        const fault = failing(post);
        if (fault) throw fault;
        posts.push(post);
        return { channel, ts: '1' };
      },
      update: () => Promise.reject(new Error('Notices are not redrawn')),
      publishHome: () => Promise.reject(new Error('No Home')),
      isShared: async () => false,
    },
    renderNotices: { event: noticesFor, resetOpen: resetOpenNotice },
  };
});

const tell = () => announceNotices(BO, deps);
const iso = (seconds = 0) => new Date(world.now().getTime() + seconds * 1000).toISOString();
const head = () => ({
  v: 1 as const,
  owner: BO,
  at: iso(),
  actor: { kind: 'person' as const, id: DEE },
});
const factor = { kind: 'totp' as const, step: 1 };
const started = (): AuthenticatorEvent => ({
  ...{ type: 'AuthenticatorResetStarted', ...head(), authenticatorId: 'a', resetId: 'reset-00' },
  ...{ confirmUntil: iso(HOUR), factor },
});
const confirmed = (): AuthenticatorEvent => ({
  ...{ type: 'AuthenticatorResetConfirmed', ...head(), authenticatorId: 'a', resetId: 'reset-00' },
  ...{ startedBy: DEE, opensAt: iso(HOUR), closesAt: iso(2 * HOUR), factor },
});
const accepted = (step: number): AuthenticatorEvent => ({
  ...{ type: 'CodeAccepted', ...head(), step, purpose: 'approve' },
});
async function happened(...events: AuthenticatorEvent[]) {
  const base = await world.journal.read('authenticator', BO);
  const reset = events.some(({ type }) => type === 'AuthenticatorResetConfirmed')
    ? {
        ...{ stage: 'confirmed' as const, resetId: 'reset-00', startedBy: DEE, startedAt: iso() },
        ...{ confirmedBy: 'U0CY', confirmedAt: iso(), opensAt: iso(HOUR), closesAt: iso(2 * HOUR) },
      }
    : base.value!.reset;
  await world.journal.commit([put(base, { ...base.value!, reset }, events)], world.now());
}
const away = () => new Fault('Slack is silent', { service: 'slack', retryable: true });
const channels = () => posts.map(({ channel }) => channel);

it('tells each event to its owner and to the security channel, once however often it is asked', async () => {
  await happened(started());
  expect(await tell()).toBe('told');
  expect(channels()).toEqual([BO, SECURITY]);
  expect(await tell()).toBe('nothing-new');
  await happened(confirmed());
  await tell();
  await tell();
  expect(channels()).toEqual([BO, SECURITY, BO, SECURITY]);
  expect(posts.map(({ slot }) => slot)).toEqual(['owner-1', 'security-1', 'owner-2', 'security-2']);
});

it('goes on where Slack stopped it, and repeats nothing that arrived', async () => {
  await happened(started(), confirmed());
  failing = ({ slot }) => (slot === 'owner-2' ? away() : null);
  await expect(tell()).rejects.toThrow('Slack is silent');
  failing = ({ slot }) => (slot === 'security-1' ? away() : null);
  await expect(tell()).rejects.toThrow('Slack is silent');
  failing = () => null;
  await tell();
  expect(posts.map(({ slot }) => slot)).toEqual(['owner-1', 'owner-2', 'security-1', 'security-2']);
});

it('a channel that the bot is not in keeps nobody else from hearing it, and is told to the operators', async () => {
  await happened(started());
  failing = ({ channel }) =>
    channel === SECURITY
      ? new Fault('not_in_channel', { service: 'slack', retryable: false })
      : null;
  await tell();
  expect(channels()).toEqual([BO]);
  expect(errors).toEqual(['Slack does not take a notice there']);
  failing = () => null;
  expect(await tell()).toBe('nothing-new');
});

it('writes nothing for what nobody has to hear, until it lags far behind', async () => {
  for (let step = 1; step <= 49; step += 1) await happened(accepted(step));
  expect(await tell()).toBe('nothing-new');
  expect((await world.journal.read('notice', BO)).value).toBeNull();
  await happened(accepted(50));
  expect(await tell()).toBe('told');
  expect(posts).toEqual([]);
  expect((await world.journal.read('notice', BO)).value).toMatchObject({ owner: 50, security: 50 });
});

it('of five at once, one tells and the others come again', async () => {
  await happened(started());
  const all = await Promise.all(Array.from({ length: 5 }, tell));
  expect(all.filter((each) => each === 'told')).toHaveLength(1);
  expect(channels()).toEqual([BO, SECURITY]);
  expect(queued).toEqual(Array.from({ length: 4 }, () => ['announce', { noticesOf: BO }]));
});

it('a run that died gives way after a minute', async () => {
  await happened(started());
  const base = await world.journal.read('notice', BO);
  const lease = { token: 1, until: iso(60) };
  const dead = { owner: 0, security: 0, due: null, lease, fence: 1 };
  await world.journal.commit([put(base, dead)], world.now());
  expect(await tell()).toBe('busy');
  world.pass(60);
  expect(await tell()).toBe('told');
  expect(posts).toHaveLength(2);
});

describe('the end of a delay', () => {
  beforeEach(async () => {
    await happened(started(), confirmed());
    await tell();
    posts.length = 0;
  });
  const dueNow = async () =>
    (await world.journal.due(world.now(), 10)).filter(({ kind }) => kind === 'notice');

  it('is due in the index, told to the owner once, and due no more', async () => {
    expect(await dueNow()).toEqual([]);
    expect(await tell()).toBe('nothing-new');
    world.pass(HOUR);
    expect(await dueNow()).toMatchObject([{ kind: 'notice', id: BO }]);
    await tell();
    await tell();
    expect(posts).toMatchObject([{ channel: BO, text: 'You can set up a new authenticator' }]);
    expect(await dueNow()).toEqual([]);
  });

  it('is not told once the reset was called off', async () => {
    const base = await world.journal.read('authenticator', BO);
    const off: AuthenticatorEvent = {
      ...{
        type: 'AuthenticatorResetCancelled',
        ...head(),
        authenticatorId: 'a',
        resetId: 'reset-00',
      },
    };
    await world.journal.commit([put(base, { ...base.value!, reset: null }, [off])], world.now());
    await tell();
    world.pass(HOUR);
    expect(await dueNow()).toEqual([]);
    expect(await tell()).toBe('nothing-new');
    expect(posts.map(({ text }) => text)).not.toContain('You can set up a new authenticator');
  });

  it('is not told when nobody told us in time that the reset is gone', async () => {
    const base = await world.journal.read('authenticator', BO);
    await world.journal.commit([put(base, { ...base.value!, reset: null })], world.now());
    world.pass(HOUR);
    await tell();
    expect(posts).toEqual([]);
    expect(await dueNow()).toEqual([]);
  });
});

describe('the words', () => {
  const at = '2026-03-02T09:00:00.000Z';
  const about = { v: 1 as const, owner: BO, at, actor: { kind: 'person' as const, id: DEE } };
  const all: AuthenticatorEvent[] = [
    { type: 'AuthenticatorEnrolled', ...about, authenticatorId: 'a', mayApproveFrom: at },
    {
      type: 'AuthenticatorReplaced',
      ...about,
      authenticatorId: 'a',
      mayApproveFrom: at,
      replaces: 'b',
    },
    { type: 'AuthenticatorLocked', ...about, until: at },
    { type: 'AuthenticatorLocked', ...about, until: null },
    { type: 'RecoveryLocked', ...about, until: at },
    {
      type: 'RecoveryCodesIssued',
      ...about,
      authenticatorId: 'a',
      count: 10,
      occasion: 'renewal',
    },
    { type: 'RecoveryCodeUsed', ...about, authenticatorId: 'a', left: 9, leadsTo: 'b' },
    {
      type: 'AuthenticatorResetStarted',
      ...about,
      authenticatorId: 'a',
      resetId: 'reset-00',
      confirmUntil: at,
      factor,
    },
    {
      type: 'AuthenticatorResetConfirmed',
      ...about,
      authenticatorId: 'a',
      resetId: 'reset-00',
      startedBy: DEE,
      opensAt: at,
      closesAt: at,
      factor,
    },
    { type: 'AuthenticatorResetCancelled', ...about, authenticatorId: 'a', resetId: 'reset-00' },
    {
      type: 'AuthenticatorResetUsed',
      ...about,
      authenticatorId: 'a',
      resetId: 'reset-00',
      leadsTo: 'b',
    },
  ];
  it.each(all)('$type is told to both, in blocks that Slack takes, without a link', (event) => {
    const { owner, security } = noticesFor(event);
    for (const message of [owner, security]) {
      expect(message?.text).toMatch(/^\S.+/);
      expect(problemsOfBlocks(message?.blocks ?? [], 'message')).toEqual([]);
      expect(JSON.stringify(message)).not.toMatch(/https?:|undefined|NaN/);
    }
    expect(problemsOfBlocks(resetOpenNotice(at).blocks, 'message')).toEqual([]);
  });

  it('warn of the last three recovery codes', () => {
    const used = (left: number) =>
      noticesFor({
        type: 'RecoveryCodeUsed',
        ...about,
        authenticatorId: 'a',
        left,
        leadsTo: 'b',
      });
    expect(used(4).owner?.text).toBe('A recovery code was used');
    expect(used(3).owner?.text).toBe('A recovery code was used: 3 recovery codes remain');
    expect(used(1).owner?.text).toBe('A recovery code was used: 1 recovery code remains');
    expect(JSON.stringify(used(0).owner)).toContain('authenticator codes');
  });
});
