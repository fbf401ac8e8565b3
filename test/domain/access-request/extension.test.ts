/** More time: asked for by who has the access, approved like an ask, counted from the end that stands, never beyond the rule. */
import { decide } from '../../../shared/domain/access-request/decide.ts';
import {
  extensionHash,
  mayDecideExtension,
  roomFor,
} from '../../../shared/domain/access-request/decide-extension.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { judgeRequest } from '../../../shared/domain/access-request/facts.ts';
import { digestOf } from '../../../shared/domain/audit/digest.ts';
import {
  approveMore,
  askForMore,
  denyMore,
  endBy,
  expire,
  withdraw,
} from '../../support/commands.ts';
import { deployRule, evidenceOf, factsAt, inForce, ruled } from '../../support/company.ts';
import {
  asked,
  EXTENSION_HASH,
  expired,
  extended,
  extensionApproved,
  extensionAsked,
  HISTORIES,
  iso,
  later,
  revoked,
} from '../../support/samples.ts';
import { given } from '../../support/story.ts';

const active = HISTORIES.active;
const waiting = [...active, extensionAsked()];
const code = { factor: { kind: 'totp', step: 59_000_100 } as const, contentHash: EXTENSION_HASH };
const coded = (seconds = 600, changes: Parameters<typeof factsAt>[1] = {}) =>
  factsAt(seconds, { code, ...changes });
const two = { approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] };

describe('asking for more time', () => {
  test('is a question on the live grant: nothing moves yet', () => {
    const next = given(...active)
      .when(askForMore(3600), factsAt(600))
      .thenEvents({ type: 'ExtensionRequested', bySeconds: 3600, approvalsNeeded: 1 });
    expect(next).toMatchObject({
      status: 'active',
      expiresAt: iso(7260),
      extension: { bySeconds: 3600, askedBy: 'U0ANA', approvals: [] },
    });
  });

  test('is bound to the end that stands, how much, and the policy', () => {
    const state = replay(active);
    if (state.status !== 'active') throw new Error('The sample is active');
    const hashes = [
      extensionHash(state, { bySeconds: 60, policyHash: 'a' }),
      extensionHash(state, { bySeconds: 61, policyHash: 'a' }),
      extensionHash(state, { bySeconds: 60, policyHash: 'b' }),
      extensionHash({ ...state, expiresAt: iso(1) }, { bySeconds: 60, policyHash: 'a' }),
      extensionHash({ ...state, requestId: 'AR-000000' }, { bySeconds: 60, policyHash: 'a' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    const { requestId, contentHash, expiresAt } = state;
    const content = { requestId, contentHash, expiresAt, bySeconds: 60, policyHash: 'a' };
    expect(hashes[0]).toBe(digestOf('extension', content));
  });

  test('is up to who asked and to who holds it', () => {
    const policies = [ruled({ subjects: { roles: ['developer'] } })] as const;
    for (const person of ['U0ANA', 'U0FAY'])
      given(asked({ subject: 'U0FAY' }), ...active.slice(1))
        .when(askForMore(60, person), factsAt(600, { policies }))
        .thenEvents({ type: 'ExtensionRequested' });
  });

  test.each(['U0BO', 'U0DEE', 'U0FAY'])('is not up to %s', (person) => {
    given(...active)
      .when(askForMore(60, person), factsAt(600))
      .thenRefused({ code: 'not-your-grant' });
  });

  test('one at a time', () => {
    given(...waiting)
      .when(askForMore(60), factsAt(600))
      .thenRefused({ code: 'extension-pending' });
  });

  test('reaches the total of the rule exactly, and not a second more', () => {
    given(...active)
      .when(askForMore(7200), factsAt(600))
      .thenEvents({ type: 'ExtensionRequested' });
    given(...active, extended())
      .when(askForMore(3601), factsAt(900))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 14_400 });
  });

  test('counts with all of its time against the limit of a day', () => {
    const policies = [ruled({ limits: { max_per_day: '3h' } })] as const;
    const ask = (bySeconds: number) =>
      given(...active).when(askForMore(bySeconds), factsAt(600, { policies, usage: [] }));
    ask(3600).thenEvents({ type: 'ExtensionRequested' });
    ask(3601).thenRefused({
      ...{ code: 'day-used-up', day: '2026-03-02', maxSeconds: 10_800, leftSeconds: 10_800 },
    });
  });

  test.each([
    [1e20, 'duration-too-long'],
    [-1e20, 'duration-too-short'],
    [Number.POSITIVE_INFINITY, 'duration-too-long'],
  ])('of %d seconds is refused, whatever that is as a date', (seconds, code) => {
    const decision = decide(replay(active), askForMore(seconds), factsAt(600));
    expect(decision).toMatchObject({ ok: false, error: { code } });
  });

  test.each([0, -60, Number.NaN, 366 * 86_400 + 1])(
    'of %d seconds is no time at all',
    (seconds) => {
      const policies = [ruled({ limits: { max_per_day: '3h' } })] as const;
      const decision = given(...active).when(
        askForMore(seconds),
        factsAt(600, { policies, usage: [] }),
      );
      expect(() => decision.thenEvents({ type: 'ExtensionRequested' })).toThrow(/duration-too-/);
    },
  );

  test('has the room that is left at once and in total, by the stricter of two policies', () => {
    const room = (
      history: readonly AccessRequestEvent[],
      ...policies: ReturnType<typeof ruled>[]
    ) => {
      const state = replay(history);
      const [first = inForce(), ...rest] = policies;
      if (state.status !== 'active') throw new Error(state.status);
      const verdicts = judgeRequest(factsAt(600, { policies: [first, ...rest] }), state);
      if (!verdicts.ok) throw new Error(verdicts.error.code);
      return roomFor(state, verdicts.value);
    };
    expect(room(active)).toBe(7200);
    expect(room([...active, extended()])).toBe(3600);
    expect(room(active, inForce(), ruled({ max_total: '3h' }))).toBe(3600);
    expect(room(active, ruled({ max_total: '3h' }), inForce())).toBe(3600);
  });

  test('never for longer at once than may be asked for', () => {
    given(...active)
      .when(askForMore(7201), factsAt(600))
      .thenRefused({ code: 'duration-too-long', maxSeconds: 7200 });
  });

  test('is impossible where the rule names no total', () => {
    const { max_total: _, ...rule } = deployRule;
    given(...active)
      .when(askForMore(60), factsAt(600, { policies: [inForce({ rules: [rule] })] }))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 7200, full: true });
  });

  test('is not called impossible while a minute is left', () => {
    const policies = [ruled({ max_total: '121m' })] as const;
    given(...active)
      .when(askForMore(61), factsAt(600, { policies }))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 7260 });
    given(...active)
      .when(askForMore(60), factsAt(600, { policies }))
      .thenEvents({ type: 'ExtensionRequested' });
  });

  test('is impossible for what was taken in an emergency', () => {
    const breakGlass = { incident: null, reviewBy: iso(86_400) };
    const decision = given(asked({ breakGlass }), ...active.slice(1)).when(
      askForMore(60),
      factsAt(600),
    );
    expect(() => decision.thenEvents({ type: 'ExtensionRequested' })).toThrow('Refused');
  });

  test.each([0, -60, 59, Number.NaN])('by %s seconds is none', (bySeconds) => {
    given(...active)
      .when(askForMore(bySeconds), factsAt(600))
      .thenRefused({ code: 'duration-too-short', minSeconds: 60 });
  });

  test.each([
    ['its end', active, 7260, iso(7260)],
    ['it expired', [...active, expired()], 7300, iso(7260)],
    ['it was ended', [...active, revoked()], 1300, iso(1200)],
    ['it was gone', HISTORIES.ended, 7300, iso(7260)],
  ] as const)('comes too late after %s', (_what, history, seconds, endedAt) => {
    given(...history)
      .when(askForMore(60), factsAt(seconds))
      .thenRefused({ code: 'extension-too-late', endedAt });
  });

  test('takes the code of who asks where the rule wants one, for this very extension', () => {
    const policy = ruled({ code: ['requester', 'approver'] });
    const facts = factsAt(600, { policies: [policy] });
    const refusal = { code: 'code-required', from: 'requester' } as const;
    given(...active)
      .when(askForMore(60), { ...facts, code: null })
      .thenRefused(refusal);
    given(...active)
      .when(askForMore(60), facts)
      .thenRefused(refusal);
    const state = replay(active);
    if (state.status !== 'active') throw new Error('The sample is active');
    const contentHash = extensionHash(state, { bySeconds: 60, policyHash: policy.hash });
    given(...active)
      .when(askForMore(60), { ...facts, code: { ...code, contentHash } })
      .thenEvents({ type: 'ExtensionRequested', factor: code.factor });
  });

  test('moves the end at once where the rule wants no approval for it', () => {
    const policies = [ruled({ extend: { approval: 'none' } })] as const;
    given(...active)
      .when(askForMore(3600), factsAt(600, { policies }))
      .thenEvents(
        { type: 'ExtensionRequested', approvalsNeeded: 0 },
        {
          type: 'GrantExtended',
          expiresAt: iso(10_860),
        },
      );
    given(...active, extended())
      .when(askForMore(7200), factsAt(900, { policies }))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 14_400 });
  });
});

describe('approving more time', () => {
  test('moves the end by what was asked, counted from the end that stands', () => {
    for (const seconds of [600, 7000]) {
      const next = given(...waiting)
        .when(approveMore(), coded(seconds))
        .thenEvents(
          { type: 'ExtensionApproved', contentHash: EXTENSION_HASH, factor: code.factor },
          { type: 'GrantExtended', expiresAt: iso(10_860), factor: null },
        );
      expect(next).toMatchObject({
        expiresAt: iso(10_860),
        authorizedAt: iso(60),
        extension: null,
      });
    }
  });

  test('takes as many humans as the ask, each once', () => {
    const policies = [ruled(two)] as const;
    const first = given(...waiting)
      .when(approveMore('U0BO'), coded(600, { policies }))
      .thenEvents({ type: 'ExtensionApproved' });
    expect(first).toMatchObject({ extension: { approvals: [{ approver: 'U0BO', coded: true }] } });
    const once = [...waiting, extensionApproved()];
    given(...once)
      .when(approveMore('U0BO'), coded(650, { policies }))
      .thenRefused({ code: 'already-approved', by: 'U0BO' });
    given(...once)
      .when(approveMore('U0CY'), coded(650, { policies }))
      .thenEvents({ type: 'ExtensionApproved' }, { type: 'GrantExtended' });
  });

  test('an earlier approval whose authenticator was reset since, or that had no code, counts no more', () => {
    const policies = [ruled(two)] as const;
    const approvalsVoidUntil = new Map([['U0BO', iso(560)]]);
    given(...waiting, extensionApproved())
      .when(approveMore('U0CY'), coded(650, { policies, approvalsVoidUntil }))
      .thenEvents({ type: 'ExtensionApproved' });
    given(...waiting, extensionApproved({ factor: null }))
      .when(approveMore('U0CY'), coded(650, { policies }))
      .thenEvents({ type: 'ExtensionApproved' });
  });

  test.each([
    ['the requester', 'U0ANA', { code: 'self-approval' }],
    ['a developer', 'U0FAY', { code: 'not-an-approver', from: ['release-manager'] }],
  ] as const)('is not up to %s', (_who, person, refusal) => {
    given(...waiting)
      .when(approveMore(person), coded())
      .thenRefused(refusal);
  });

  test('needs a code for this very extension', () => {
    const refusal = { code: 'code-required', from: 'approver' } as const;
    given(...waiting)
      .when(approveMore(), coded(600, { code: null }))
      .thenRefused(refusal);
    // The code of the sample is for the request itself.
    given(...waiting)
      .when(approveMore(), factsAt(600))
      .thenRefused(refusal);
    given(...waiting)
      .when(approveMore('U0BO', 'b'.repeat(64)), coded())
      .thenRefused({ code: 'content-changed' });
  });

  test('needs fresh evidence about the approver', () => {
    const evidence = new Map(factsAt(600).evidence).set('U0BO', evidenceOf('U0BO', later(500)));
    given(...waiting)
      .when(approveMore(), coded(600, { evidence }))
      .thenRefused({ code: 'evidence-stale', person: 'U0BO' });
  });

  test('is judged by the stricter of the policies in force', () => {
    const policies = [inForce(), ruled({ max_total: '2h' })] as const;
    given(...waiting)
      .when(approveMore(), coded(600, { policies }))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 7200, full: true });
  });

  test.each([
    ['its end came', waiting, 7260, iso(7260)],
    ['somebody ended it', [...waiting, revoked()], 1300, iso(1200)],
  ] as const)('comes too late once %s', (_what, history, seconds, endedAt) => {
    for (const command of [approveMore(), denyMore()])
      given(...history)
        .when(command, coded(seconds))
        .thenRefused({ code: 'extension-too-late', endedAt });
  });

  test('of what nobody asked for, or that was decided, is refused', () => {
    for (const history of [active, [...waiting, extensionApproved(), extended()]])
      given(...history)
        .when(approveMore(), coded())
        .thenRefused({ code: 'no-extension' });
  });
});

describe('an extension that waits', () => {
  test('ends with a no of whoever could approve it; the grant goes on', () => {
    const next = given(...waiting)
      .when(denyMore('U0CY'), factsAt(600, { code: null }))
      .thenEvents({ type: 'ExtensionDenied' });
    expect(next).toMatchObject({ status: 'active', expiresAt: iso(7260), extension: null });
    given(...waiting)
      .when(denyMore('U0FAY'), factsAt(600))
      .thenRefused({ code: 'not-an-approver', from: ['release-manager'] });
  });

  test('is taken back by who has the access, and by nobody else', () => {
    given(...waiting)
      .when(withdraw(), factsAt(600))
      .thenEvents({ type: 'ExtensionWithdrawn' });
    given(...waiting)
      .when(withdraw('U0BO'), factsAt(600))
      .thenRefused({ code: 'not-your-request' });
    given(...waiting)
      .when(withdraw(), factsAt(7260))
      .thenRefused({ code: 'extension-too-late', endedAt: iso(7260) });
    const forFay = [asked({ subject: 'U0FAY' }), ...waiting.slice(1)];
    for (const person of ['U0ANA', 'U0FAY'])
      given(...forFay)
        .when(withdraw(person), factsAt(600))
        .thenEvents({ type: 'ExtensionWithdrawn' });
    given(...active)
      .when(withdraw(), factsAt(600))
      .thenRefused({
        ...{ code: 'wrong-status', status: 'active' },
        ...{ by: { kind: 'person', id: 'U0BO' }, at: iso(60) },
      });
  });

  test('says before any code is asked for who may approve it, and whether a code is due', () => {
    const may = (
      person: string,
      history: readonly AccessRequestEvent[] = waiting,
      changes: Parameters<typeof factsAt>[1] = {},
    ) => mayDecideExtension(replay(history), person, factsAt(600, { code: null, ...changes }));
    expect(may('U0BO')).toMatchObject({ ok: true, value: { codeNeeded: true } });
    expect(may('U0ANA')).toMatchObject({ ok: false, error: { code: 'self-approval' } });
    expect(may('U0FAY')).toMatchObject({ ok: false, error: { code: 'not-an-approver' } });
    expect(may('U0BO', active)).toMatchObject({ ok: false, error: { code: 'no-extension' } });
    const without = { codeFrom: { requester: false, approver: false } };
    const [, ...rest] = waiting;
    const codeless = [asked(without), ...rest];
    const none = ruled({ code: [] });
    const due = (...policies: ReturnType<typeof ruled>[]) => {
      const [first = none, ...more] = policies;
      return may('U0BO', codeless, { policies: [first, ...more] });
    };
    expect(due(none)).toMatchObject({ ok: true, value: { codeNeeded: false } });
    expect(due(none, ruled({}))).toMatchObject({ ok: true, value: { codeNeeded: true } });
    expect(due(ruled({ max_total: '2h' }))).toMatchObject({ ok: false });
  });

  test('counts each approver once, the latest word', () => {
    const twice = [extensionApproved(), extensionApproved({ at: iso(700) })];
    const state = replay([...waiting, ...twice]);
    if (state.status !== 'active') throw new Error(state.status);
    expect(state.extension?.approvals.map(({ at }) => at)).toEqual([iso(700)]);
    const cy = extensionApproved({ actor: { kind: 'person', id: 'U0CY' } });
    const both = replay([...waiting, extensionApproved(), cy]);
    if (both.status !== 'active') throw new Error(both.status);
    expect(both.extension?.approvals.map(({ approver }) => approver)).toEqual(['U0BO', 'U0CY']);
  });

  test('dies with the grant, however that ends', () => {
    const over = given(...waiting)
      .when(expire(), factsAt(7260))
      .thenEvents({ type: 'GrantExpired' });
    expect(over).not.toHaveProperty('extension');
    given(...waiting)
      .when(endBy('U0ANA'), factsAt(600))
      .thenEvents({ type: 'GrantRevoked' });
  });
});
