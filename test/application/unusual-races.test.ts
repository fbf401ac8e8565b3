/** Break-glass and later starts where two things happen at once, or a run dies after its fact: one outcome, and never more access. */
import type { executeCommand } from '../../shared/application/execute-command.ts';
import { wakeRequest } from '../../shared/application/sweep-requests.ts';
import type { RequestAccess, StartGrant } from '../../shared/domain/access-request/command.ts';
import { contentOf } from '../../shared/domain/access-request/decide.ts';
import { put } from '../../shared/ports.ts';
import {
  askOf,
  type Bench,
  bench,
  boApproves,
  enrolBo,
  pendingOn,
  STEP,
  typesOf,
} from '../support/bench.ts';
import { withdraw } from '../support/commands.ts';
import { deployRule, policyText } from '../support/company.ts';
import { iso, START } from '../support/samples.ts';

const glass = {
  id: 'glass',
  entitlements: ['github:*'],
  requesters: deployRule.requesters,
  break_glass: { max_duration: '30m', per_person_per_week: 1, review_within: '24h' },
};
const rules = [{ ...deployRule, start_within: '7d' }, glass];
let on: Bench;
beforeEach(async () => {
  on = await bench({ rules });
  await enrolBo(on);
  await enrolBo(on, 'U0ANA');
});

const emergency = (requestId: string, part: Partial<RequestAccess> = {}) =>
  askOf('ana', { requestId, durationSeconds: 600, breakGlass: { incident: 'INC-123' }, ...part });

async function taken(command: RequestAccess, step: number) {
  const active = await on.policies.active();
  const contentHash = contentOf(command, active?.hash ?? '');
  const evidence = { factor: { kind: 'totp' as const, step }, contentHash };
  const code = {
    owner: 'U0ANA',
    authenticatorId: 'a'.repeat(32),
    purpose: 'ask' as const,
    evidence,
  };
  return on.run(command, { code });
}
const codesOf = (answers: readonly Awaited<ReturnType<typeof executeCommand>>[]) =>
  answers.map((each) => (each.ok ? 'ok' : each.error.code)).sort();

describe('break-glass', () => {
  test('two at once at the edge of the quota: one has access, the other nothing', async () => {
    const answers = await Promise.all([
      taken(emergency('AR-000001'), STEP),
      taken(emergency('AR-000002'), STEP + 1),
    ]);
    expect(codesOf(answers)).toContain('ok');
    expect(codesOf(answers).filter((code) => code === 'ok')).toHaveLength(1);
    const all = [await typesOf(on, 'AR-000001'), await typesOf(on, 'AR-000002')];
    expect(all.flat().filter((type) => type === 'GrantAuthorized')).toHaveLength(1);
    const { value } = await on.calm.read('glass', 'U0ANA');
    expect(value?.taken).toHaveLength(1);
  });

  test('another one slips in between the decision and its transaction: decided anew, over the quota', async () => {
    on.switches.before.push(async () => {
      const base = await on.calm.read('glass', 'U0ANA');
      const other = { requestId: 'AR-000009', at: iso(), reviewBy: iso(86_400), reviewed: false };
      await on.calm.commit([put(base, { taken: [other] })], START);
    });
    expect(codesOf([await taken(emergency('AR-000001'), STEP)])).toEqual(['break-glass-quota']);
    expect(await typesOf(on, 'AR-000001')).toEqual([]);
  });

  test('an answer that was lost after the fact counts: the same again is no second one', async () => {
    on.switches.losesAnswers = 1;
    await taken(emergency('AR-000001'), STEP);
    expect(await typesOf(on, 'AR-000001')).toEqual(['AccessRequested', 'GrantAuthorized']);
    expect(codesOf([await taken(emergency('AR-000002'), STEP + 1)])).toEqual(['break-glass-quota']);
  });

  test('where the log cannot be written there is none', async () => {
    on.switches.failsCommits = 99;
    await expect(taken(emergency('AR-000001'), STEP)).rejects.toThrow('conflicts. Try again');
    expect(await typesOf(on, 'AR-000001')).toEqual([]);
    expect((await on.calm.read('glass', 'U0ANA')).value).toBeNull();
  });

  test.each([
    ['is overdue: none until it is given', iso(59), false, 'review-owed'],
    ['is given late', iso(59), true, 'ok'],
    ['is not due yet', iso(61), false, 'ok'],
  ])('a review that %s', async (_, reviewBy, reviewed, wanted) => {
    const base = await on.calm.read('glass', 'U0ANA');
    const before = { requestId: 'AR-000009', at: iso(-8 * 86_400), reviewBy, reviewed };
    await on.calm.commit([put(base, { taken: [before] })], START);
    on.setTime(60);
    expect(codesOf([await taken(emergency('AR-000001'), STEP)])).toEqual([wanted]);
  });

  test('without a code of the very content nobody has it', async () => {
    expect(codesOf([await on.run(emergency('AR-000001'))])).toEqual(['code-required']);
  });
});

describe('a later start', () => {
  const ID = 'AR-7K2M9Q';
  const startGrant: StartGrant = { type: 'StartGrant', requestId: ID, actor: { kind: 'sweep' } };
  async function scheduled() {
    const start = { notBefore: iso(3600), until: null };
    const state = await pendingOn(on, askOf('ana', { start }));
    const { command, code } = boApproves(state);
    const done = await on.run(command, { code });
    if (!done.ok) throw new Error(done.error.code);
    expect(done.value.state.status).toBe('scheduled');
  }
  const last = async () => (await typesOf(on, ID)).slice(3);

  test('not a second before its time, and once however often it is due', async () => {
    await scheduled();
    on.setTime(3599);
    expect(codesOf([await on.run(startGrant)])).toEqual(['not-due']);
    on.setTime(3600);
    const answers = await Promise.all([
      on.run(startGrant),
      on.run(startGrant),
      wakeRequest(ID, on),
    ]);
    expect(answers).toHaveLength(3);
    await wakeRequest(ID, on);
    expect(await last()).toEqual(['GrantStarted', 'GrantAuthorized']);
    const { value } = await on.calm.read('request', ID);
    expect(value).toMatchObject({ status: 'activating', expiresAt: iso(3600 + 7200) });
  });

  test('what the policy denies by then does not start, and that is on record', async () => {
    await scheduled();
    const no = { id: 'no', entitlements: ['github:*'], deny: true };
    expect((await on.enforce(policyText({ rules: [...rules, no] }))).ok).toBe(true);
    on.setTime(3600);
    await wakeRequest(ID, on);
    expect(await last()).toEqual(['GrantNotStarted']);
    const { value } = await on.calm.read('request', ID);
    expect(value).toMatchObject({ status: 'not-started', why: 'denied-by-rule' });
  });

  test('withdrawn in the same moment: it either starts or is taken back, never both', async () => {
    for (const order of ['start', 'withdraw'] as const) {
      on = await bench({ rules });
      await enrolBo(on);
      await scheduled();
      on.setTime(3600);
      const both = [() => on.run(startGrant), () => on.run(withdraw())];
      await Promise.all((order === 'start' ? both : both.reverse()).map((run) => run()));
      const types = await last();
      expect([['GrantStarted', 'GrantAuthorized'], ['RequestWithdrawn']]).toContainEqual(types);
    }
  });

  test('new grants are paused between its decision and its transaction: nobody gets anything', async () => {
    await scheduled();
    on.setTime(3600);
    on.switches.before.push(async () => {
      const base = await on.calm.read('pause', 'all');
      await on.calm.commit(
        [put(base, { paused: true, by: { kind: 'person', id: 'U0DEE' }, at: iso(3600) })],
        START,
      );
    });
    const done = await on.run(startGrant);
    expect(done.ok).toBe(false);
    expect(await last()).toEqual([]);
  });

  test('the run dies after its fact: the next one finds it started and starts nothing', async () => {
    await scheduled();
    on.setTime(3600);
    on.switches.losesAnswers = 1;
    await wakeRequest(ID, on);
    expect(await last()).toEqual(['GrantStarted', 'GrantAuthorized']);
    await wakeRequest(ID, on);
    expect(await last()).toEqual(['GrantStarted', 'GrantAuthorized']);
  });
});
