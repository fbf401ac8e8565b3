/** The one write door: exactly once, whoever else writes, whatever answer is lost. */
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import { put } from '../../shared/ports.ts';
import {
  askOf,
  type Bench,
  bench,
  boApproves,
  emptyBench,
  enrolBo,
  pendingOn,
  refusalsOf,
  requestIdOf,
  STEP,
  typesOf,
} from '../support/bench.ts';
import { confirmActivated, deny, endBy, lapse, withdraw } from '../support/commands.ts';
import { deployRule } from '../support/company.ts';
import { iso, later } from '../support/samples.ts';

const ID = 'AR-7K2M9Q';
const steps = async (on: Bench) =>
  (await on.calm.history('authenticator', 'U0BO')).map(({ event }) => event.type);
const holdingOf = async (on: Bench) =>
  (await on.calm.read('holding', askOf('ana').holdingId)).value;

async function approvable() {
  const on = await bench();
  await enrolBo(on);
  const state = await pendingOn(on);
  on.setTime(600);
  return { on, state, ...boApproves(state) };
}

describe('a decision', () => {
  test('writes events, state, holding, code step and interaction in one commit', async () => {
    const { on, command, code } = await approvable();
    const before = on.switches.commits;
    const answer = await on.run(command, { code, interaction: 'view-1' });
    expect(answer).toMatchObject({
      ok: true,
      value: { repeated: false, state: { status: 'activating', version: 3, expiresAt: iso(7800) } },
    });
    expect(on.switches.commits).toBe(before + 1);
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestApproved', 'GrantAuthorized']);
    expect(await holdingOf(on)).toMatchObject({
      login: 'ana-gh',
      dueAt: iso(600),
      grants: [{ grantId: ID, phase: 'activating', approvers: ['U0BO'], expiresAt: iso(7800) }],
    });
    expect((await on.calm.read('authenticator', 'U0BO')).value).toMatchObject({
      lastStep: STEP,
      attempts: 0,
    });
    expect(await steps(on)).toEqual(['CodeAccepted']);
    expect((await on.calm.read('interaction', 'view-1')).value?.requestId).toBe(ID);
    const { head } = await on.calm.read('request', ID);
    expect(findChainBreak(await on.calm.history('request', ID), head)).toBeNull();
  });

  test('with a code step that another decision took first is refused, and changes nothing', async () => {
    const { on, command, code } = await approvable();
    const other = await pendingOn(on, askOf('fay', { requestId: 'AR-000002' }));
    const { command: approveOther } = boApproves(other);
    const used = { ...code, evidence: { ...code.evidence, contentHash: other.contentHash } };
    expect(await on.run(approveOther, { code: used })).toMatchObject({ ok: true });
    expect(await on.run(command, { code })).toEqual({
      ok: false,
      error: { code: 'code-already-used' },
    });
    expect(await typesOf(on)).toEqual(['AccessRequested']);
    expect(await holdingOf(on)).toBeNull();
  });

  test('that is refused spends the code all the same', async () => {
    const { on, state, command, code } = await approvable();
    await on.run(withdraw());
    expect(await on.run(command, { code })).toMatchObject({ error: { code: 'wrong-status' } });
    expect(await steps(on)).toEqual(['CodeAccepted']);
    expect((await on.calm.read('authenticator', 'U0BO')).value?.lastStep).toBe(STEP);
    expect(state.version).toBe(1);
  });

  test('of two codes for one step in parallel, on two requests, one is accepted', async () => {
    const { on, command, code } = await approvable();
    const other = await pendingOn(on, askOf('fay', { requestId: 'AR-000002' }));
    const second = boApproves(other);
    const answers = await Promise.all([on.run(command, { code }), on.run(second.command, second)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual({ ok: false, error: { code: 'code-already-used' } });
    expect(await steps(on)).toEqual(['CodeAccepted']);
  });

  test('is refused when the account that was approved is no longer the one of the policy', async () => {
    const on = await bench();
    await enrolBo(on);
    const elsewhere = { holdingId: 'github:team:acme/deployers:ffffffffffffffff' };
    const state = await pendingOn(on, askOf('ana', elsewhere));
    const { command, code } = boApproves(state);
    expect(await on.run(command, { code })).toMatchObject({ error: { code: 'content-changed' } });
    expect(await typesOf(on)).toEqual(['AccessRequested']);
  });
});

describe('a conflict', () => {
  test('makes it reload and decide again: a denial that was faster wins', async () => {
    const { on, command, code } = await approvable();
    on.switches.before.push(async () => {
      expect((await on.run(deny('U0CY'))).ok).toBe(true);
    });
    expect(await on.run(command, { code })).toMatchObject({
      ok: false,
      error: { code: 'wrong-status', status: 'denied', by: { id: 'U0CY' } },
    });
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestDenied']);
    expect(await holdingOf(on)).toBeNull();
  });

  test('on the holding only is carried out on top of what the other one wrote', async () => {
    const { on, command, code } = await approvable();
    await on.run(command, { code });
    await on.run({ ...confirmActivated(), readBackAt: iso(601) });
    on.switches.before.push(async () => {
      const base = await on.calm.read('holding', askOf('ana').holdingId);
      if (!base.value) throw new Error('There is no holding');
      await on.calm.commit([put(base, { ...base.value, fence: 9 })], later(700));
    });
    on.setTime(700);
    expect(await on.run(endBy('U0ANA'))).toMatchObject({ ok: true });
    expect(await holdingOf(on)).toMatchObject({ fence: 9, grants: [{ phase: 'removing' }] });
  });

  test('that never ends is a fault that may be retried, and nothing happened', async () => {
    const { on, command, code } = await approvable();
    const bump = async () => {
      const base = await on.calm.read('authenticator', 'U0BO');
      if (base.value) await on.calm.commit([put(base, base.value)], later(600));
    };
    on.switches.before.push(...Array.from({ length: 6 }, () => bump));
    await expect(on.run(command, { code })).rejects.toMatchObject({
      name: 'Fault',
      retryable: true,
      message: expect.stringContaining('met 6 conflicts'),
    });
    expect(await typesOf(on)).toEqual(['AccessRequested']);
  });

  test('of 20 approvals and denials at once lets exactly one decide', async () => {
    const { on, command, code } = await approvable();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 ? on.run(deny('U0CY')) : on.run(command, { code }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const types = await typesOf(on);
    expect(types.filter((type) => /Denied|Authorized/.test(type))).toHaveLength(1);
  });
});

describe('an interaction', () => {
  test('that comes twice has one effect; the second answer shows the state and says so', async () => {
    const on = await bench();
    const first = await on.run(askOf('ana'), { interaction: 'trigger-1' });
    const second = await on.run(askOf('ana'), { interaction: 'trigger-1' });
    expect(first).toMatchObject({ ok: true, value: { repeated: false } });
    expect(second).toMatchObject({ ok: true, value: { repeated: true, state: { version: 1 } } });
    expect(await typesOf(on)).toEqual(['AccessRequested']);
    expect(await refusalsOf(on)).toEqual([]);
  });

  test('that comes 50 times at once has one effect', async () => {
    const on = await bench();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => on.run(askOf('ana'), { interaction: 'trigger-1' })),
    );
    expect(answers.filter((each) => each.ok && !each.value.repeated)).toHaveLength(1);
    expect(answers.filter((each) => each.ok && each.value.repeated)).toHaveLength(49);
    expect(await typesOf(on)).toEqual(['AccessRequested']);
  });

  test('that approves 50 times at once approves once, grants once and spends one code', async () => {
    const { on, command, code } = await approvable();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => on.run(command, { code, interaction: 'view-1' })),
    );
    expect(answers.filter((each) => each.ok && !each.value.repeated)).toHaveLength(1);
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestApproved', 'GrantAuthorized']);
    expect(await steps(on)).toEqual(['CodeAccepted']);
    expect((await holdingOf(on))?.grants).toHaveLength(1);
  });

  test('that approved is answered as repeated when it comes again later, and no refusal is recorded', async () => {
    const { on, command, code } = await approvable();
    await on.run(command, { code, interaction: 'view-1' });
    const again = await on.run(command, { code, interaction: 'view-1' });
    expect(again).toMatchObject({ ok: true, value: { repeated: true } });
    expect(await refusalsOf(on)).toEqual([]);
  });

  test('with another request under the same key has no effect on it', async () => {
    const on = await bench();
    await on.run(askOf('ana'), { interaction: 'trigger-1' });
    await on.run(askOf('fay', { requestId: 'AR-000002' }), { interaction: 'trigger-1' });
    expect(await typesOf(on, 'AR-000002')).toEqual([]);
  });

  test('under another key is another interaction', async () => {
    const on = await bench();
    await on.run(askOf('ana'), { interaction: 'trigger-1' });
    const other = askOf('fay', { requestId: 'AR-000002' });
    expect(await on.run(other, { interaction: 'trigger-2' })).toMatchObject({
      ok: true,
      value: { repeated: false },
    });
  });
});

describe('a lost answer', () => {
  test('of a commit that landed leads to one effect and a good answer', async () => {
    const { on, command, code } = await approvable();
    on.switches.losesAnswers = 1;
    expect(await on.run(command, { code, interaction: 'view-1' })).toMatchObject({
      ok: true,
      value: { repeated: true, state: { status: 'activating' } },
    });
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestApproved', 'GrantAuthorized']);
    expect(await steps(on)).toEqual(['CodeAccepted']);
    expect(await refusalsOf(on)).toEqual([]);
  });

  test('of an ask that landed leads to one request', async () => {
    const on = await bench();
    on.switches.losesAnswers = 1;
    expect(await on.run(askOf('ana'), { interaction: 'trigger-1' })).toMatchObject({
      ok: true,
      value: { repeated: true, state: { status: 'pending' } },
    });
    expect(await typesOf(on)).toEqual(['AccessRequested']);
  });

  test('of what time does leads to one effect', async () => {
    const on = await bench();
    await pendingOn(on);
    on.setTime(3600);
    on.switches.losesAnswers = 1;
    await on.run(lapse());
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestLapsed']);
  });

  test('of a commit that did not land is tried again', async () => {
    const { on, command, code } = await approvable();
    on.switches.failsCommits = 2;
    expect(await on.run(command, { code, interaction: 'view-1' })).toMatchObject({
      ok: true,
      value: { repeated: false },
    });
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestApproved', 'GrantAuthorized']);
  });
});

describe('a refused attempt', () => {
  test('of a person is recorded in a chain of its own and leaves the request as it was', async () => {
    const on = await bench();
    await pendingOn(on);
    const before = await on.calm.read('request', ID);
    expect(await on.run(withdraw('U0FAY'))).toMatchObject({ error: { code: 'not-your-request' } });
    expect(await on.run(deny('U0ANA'))).toMatchObject({ error: { code: 'self-approval' } });
    expect(await on.calm.read('request', ID)).toEqual(before);
    const about = { type: 'CommandRefused', v: 1, at: iso(), requestId: ID };
    expect(await refusalsOf(on)).toEqual([
      {
        ...about,
        actor: { kind: 'person', id: 'U0FAY' },
        command: 'WithdrawRequest',
        code: 'not-your-request',
      },
      {
        ...about,
        actor: { kind: 'person', id: 'U0ANA' },
        command: 'DenyRequest',
        code: 'self-approval',
      },
    ]);
    const chain = await on.calm.history('refusals', '2026-03-02#0');
    const { head } = await on.calm.read('refusals', '2026-03-02#0');
    expect(findChainBreak(chain, head)).toBeNull();
  });

  test('of a stale timer is not recorded', async () => {
    const on = await bench();
    await pendingOn(on);
    expect(await on.run(lapse())).toEqual({
      ok: false,
      error: { code: 'not-due', dueAt: iso(3600) },
    });
    expect(await refusalsOf(on)).toEqual([]);
  });

  test('is answered though it could not be recorded, and an operator can see that', async () => {
    const on = await bench();
    await pendingOn(on);
    on.switches.failsReads = (kind) => kind === 'refusals';
    expect(await on.run(withdraw('U0FAY'))).toMatchObject({ error: { code: 'not-your-request' } });
    expect(on.errors).toEqual(['A refused attempt could not be recorded']);
  });

  test('of many at once is recorded each time', async () => {
    const on = await bench();
    await pendingOn(on);
    await Promise.all(Array.from({ length: 4 }, () => on.run(withdraw('U0FAY'))));
    expect(await refusalsOf(on)).toHaveLength(4);
  });
});

describe('equal asks', () => {
  const first = askOf('ana');
  const second = askOf('ana', { requestId: 'AR-000002' });
  const lock = async (on: Bench) =>
    (await on.calm.read('pendingLock', 'U0ANA#github:acme/deployers#member')).value;

  test('at once: one waits, the other is told which one', async () => {
    const on = await bench();
    const answers = await Promise.all([on.run(first), on.run(second)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual({
      ok: false,
      error: { code: 'already-pending', requestId: (await lock(on))?.requestId },
    });
    const made = await Promise.all([typesOf(on, ID), typesOf(on, 'AR-000002')]);
    expect(made.flat()).toEqual(['AccessRequested']);
  });

  test('for another role, or by somebody else, do not stand in the way', async () => {
    const on = await bench();
    await pendingOn(on, first);
    const { entitlement } = first;
    const stronger = { ...second, entitlement: { ...entitlement, role: 'maintainer' } };
    expect((await on.run(stronger)).ok).toBe(true);
    expect((await on.run(askOf('fay', { requestId: 'AR-000003' }))).ok).toBe(true);
  });

  test.each([
    ['denied', (on: Bench) => on.run(deny('U0BO'))],
    ['withdrawn', (on: Bench) => on.run(withdraw())],
    [
      'lapsed',
      (on: Bench) => {
        on.setTime(3600);
        return on.run(lapse());
      },
    ],
    [
      'authorized',
      async (on: Bench) => {
        await enrolBo(on);
        const { value } = await on.calm.read('request', ID);
        if (value?.status !== 'pending') throw new Error('Not pending');
        const { command, code } = boApproves(value);
        return on.run(command, { code });
      },
    ],
  ])('are possible again once the first one was %s', async (_how, close) => {
    const on = await bench();
    await pendingOn(on, first);
    expect(await lock(on)).toEqual({ requestId: ID });
    expect((await on.run(second)).ok).toBe(false);
    expect((await close(on)).ok).toBe(true);
    expect(await lock(on)).toBeNull();
    expect((await on.run(second)).ok).toBe(true);
    expect(await lock(on)).toEqual({ requestId: 'AR-000002' });
  });

  test('20 at once: one waits', async () => {
    const on = await bench();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => on.run({ ...first, requestId: requestIdOf(i + 1) })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('an id that is taken already is refused, not overwritten', async () => {
    const on = await bench();
    await pendingOn(on, first);
    expect(await on.run(askOf('fay'))).toMatchObject({ error: { code: 'wrong-status' } });
    expect((await on.calm.read('request', ID)).value).toMatchObject({ requester: 'U0ANA' });
  });
});

test('the words of a person live beside the request, never in an event or the state', async () => {
  const on = await bench();
  const command = askOf('ana');
  const { text, commitment } = command.justification;
  const words = { key: 'justification' as const, text, salt: 's', commitment };
  await on.run(command, { text: words });
  expect((await on.calm.read('text', `${ID}#justification`)).value).toEqual({
    text,
    salt: 's',
    commitment,
  });
  const kept = [await on.calm.history('request', ID), await on.calm.read('request', ID)];
  expect(JSON.stringify(kept)).toContain(commitment);
  expect(JSON.stringify(kept)).not.toContain('rollback');
});

test('a refused ask leaves no words behind', async () => {
  const on = await bench();
  const command = askOf('ana', { durationSeconds: 99_999 });
  const { text, commitment } = command.justification;
  const words = { key: 'justification' as const, text, salt: 's', commitment };
  expect((await on.run(command, { text: words })).ok).toBe(false);
  expect((await on.calm.read('text', `${ID}#justification`)).value).toBeNull();
});

test('without a policy everything is refused, and recorded', async () => {
  const on = emptyBench();
  expect(await on.run(askOf('ana'))).toEqual({ ok: false, error: { code: 'policy-unavailable' } });
  expect(await typesOf(on)).toEqual([]);
  expect(await refusalsOf(on)).toMatchObject([{ code: 'policy-unavailable' }]);
});

test('a request that does not exist is unknown', async () => {
  const on = await bench();
  expect(await on.run(withdraw())).toEqual({ ok: false, error: { code: 'unknown-request' } });
});

test('a reset that is faster than the second approval voids the first one, in the same instant', async () => {
  const on = await bench({
    rules: [{ ...deployRule, approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] }],
  });
  await enrolBo(on);
  const { command, code } = boApproves(await pendingOn(on));
  on.setTime(600);
  expect(await on.run(command, { code })).toMatchObject({
    value: { state: { status: 'pending' } },
  });
  await enrolBo(on, 'U0CY');
  on.setTime(700);
  on.switches.before.push(async () => {
    const base = await on.calm.read('authenticator', 'U0BO');
    const lost = { ...base.value!, approvalsVoidUntil: iso(650) };
    await on.calm.commit([put(base, lost)], later(700));
  });
  const second = { ...command, actor: { kind: 'person' as const, id: 'U0CY' } };
  expect(await on.run(second, { code: { ...code, owner: 'U0CY' } })).toMatchObject({
    value: { state: { status: 'pending' } },
  });
  expect(on.switches.before).toEqual([]);
  expect(await typesOf(on)).not.toContain('GrantAuthorized');
});

test("the policy of the ask still binds after today's changed", async () => {
  const on = await bench({
    rules: [{ ...deployRule, approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] }],
  });
  await enrolBo(on);
  const { command, code } = boApproves(await pendingOn(on));
  const easier = await bench();
  const { value } = await easier.calm.read('policy', 'active');
  const text = (await easier.calm.read('policyVersion', value?.hash ?? '')).value?.text ?? '';
  expect((await on.enforce(text)).ok).toBe(true);
  expect(await on.run(command, { code })).toMatchObject({
    value: { state: { status: 'pending' } },
  });
});
