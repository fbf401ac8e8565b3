/** Asks apart from the usual way: in an emergency, without an approval, for later; and who takes an ask back. */
import type { WithdrawRequest } from '../../../shared/domain/access-request/command.ts';
import { contentOf, decide } from '../../../shared/domain/access-request/decide.ts';
import { plannedEscalation } from '../../../shared/domain/access-request/decide-waiting.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { judgeRequest } from '../../../shared/domain/access-request/facts.ts';
import { pendingLockOf } from '../../../shared/domain/access-request/model.ts';
import { request, withdraw } from '../../support/commands.ts';
import { deployRule, factsAt, inForce, ruled } from '../../support/company.ts';
import {
  asked,
  extensionAsked,
  HASH,
  HISTORIES,
  iso,
  pendingRequest,
} from '../../support/samples.ts';
import { given } from '../../support/story.ts';

const DAY = 86_400;
const glass = inForce({
  rules: [
    deployRule,
    {
      ...{ id: 'glass', entitlements: ['github:acme/deployers'] },
      requesters: { roles: ['developer'] },
      break_glass: { max_duration: '2h', per_person_per_week: 1, review_within: '24h' },
    },
  ],
});
const emergency = (incident: string | null = 'INC-123') => request({ breakGlass: { incident } });
const factor = { kind: 'totp', step: 7 } as const;
const code = { factor, contentHash: contentOf(emergency(), glass.hash) };

describe('an ask in an emergency', () => {
  const at = (changes: Parameters<typeof factsAt>[1] = {}) =>
    factsAt(0, { policies: [glass], code, ...changes });

  test('gives access at once and owes a review', () => {
    const state = given()
      .when(emergency(), at())
      .thenEvents(
        {
          ...{ type: 'AccessRequested', rule: 'glass', approvalsNeeded: 0, start: null },
          ...{ breakGlass: { incident: 'INC-123', reviewBy: iso(DAY) }, factor },
        },
        {
          ...{ type: 'GrantAuthorized', durationSeconds: 7200, expiresAt: iso(7200) },
          ...{ policyHash: glass.hash, approvers: [] },
        },
      );
    expect(state).toMatchObject({ status: 'activating', approvals: [] });
  });

  test('needs its incident, and stays within its quota', () => {
    given()
      .when(emergency(null), at())
      .thenRefused({ code: 'incident-missing', rule: 'glass', pattern: null });
    const taken = { requestId: 'AR-000001', at: iso(-60), reviewBy: iso(DAY), reviewed: true };
    given()
      .when(emergency(), at({ glass: [taken] }))
      .thenRefused({ code: 'break-glass-quota', max: 1, againAt: iso(7 * DAY - 60) });
  });

  test('the usual way takes neither', () => {
    given()
      .when(request(), at())
      .thenEvents({ type: 'AccessRequested', rule: 'prod-deploy', breakGlass: null });
  });
});

describe('an ask for later', () => {
  const policies = [ruled({ start_within: '7d' })] as const;
  const at = factsAt(0, { policies });

  test('waits for its approval until its start, in a window until that ends', () => {
    const alone = { notBefore: iso(36_000), until: null };
    const window = { notBefore: iso(36_000), until: iso(50_000) };
    given()
      .when(request({ start: alone }), at)
      .thenEvents({ type: 'AccessRequested', start: alone, lapsesAt: iso(36_000) });
    given()
      .when(request({ start: window }), at)
      .thenEvents({ type: 'AccessRequested', start: window, lapsesAt: iso(50_000) });
  });
});

test('what an approval and a code are bound to says when, and whether in an emergency', () => {
  const start = { notBefore: iso(36_000), until: null };
  const contents = [
    request(),
    request({ start }),
    request({ start: { ...start, notBefore: iso(36_060) } }),
    emergency(null),
    emergency(),
  ].map((command) => contentOf(command, HASH));
  expect(new Set(contents).size).toBe(contents.length);
  expect(contentOf(request(), HASH)).toBe(contents[0]);
});

test('an escalation is planned only where it comes before the request lapses', () => {
  const facts = factsAt(0);
  const state = pendingRequest();
  if (state.status !== 'pending') throw new Error(state.status);
  const verdict = judgeRequest(facts, state);
  if (!verdict.ok) throw new Error(verdict.error.code);
  const planned = (afterSeconds: number) =>
    plannedEscalation(
      request(),
      { ...verdict.value[0], lapseAfterSeconds: 3600, escalate: { afterSeconds, to: ['U0DEE'] } },
      facts,
    );
  expect(planned(3599)).toEqual([
    {
      ...{ type: 'EscalationPlanned', v: 1, requestId: 'AR-7K2M9Q', at: iso(0) },
      ...{ actor: { kind: 'person', id: 'U0ANA' }, dueAt: iso(3599) },
    },
  ]);
  expect([planned(3600), plannedEscalation(request(), verdict.value[0], facts)]).toEqual([[], []]);
});

test('one request waits for the same person, entitlement and role', () => {
  expect(pendingLockOf({ subject: 'U0ANA', entitlementId: 'github:x', role: 'member' })).toBe(
    'U0ANA#github:x#member',
  );
});

describe('an ask is taken back', () => {
  const bySweep: WithdrawRequest = { ...withdraw(), actor: { kind: 'sweep' } };

  test('by its requester, where somebody else was to have it', () => {
    given(asked({ subject: 'U0FAY' }))
      .when(withdraw('U0ANA'), factsAt(60))
      .thenEvents({ type: 'RequestWithdrawn' });
  });

  test('by the sweep, once its person left', () => {
    for (const history of [HISTORIES.pending, HISTORIES.scheduled])
      given(...history)
        .when(bySweep, factsAt(60))
        .thenEvents({ type: 'RequestWithdrawn', actor: { kind: 'sweep' } });
  });

  test('but more time that was asked for is not the sweep’s to take back', () => {
    const waiting = replay([...HISTORIES.active, extensionAsked()]);
    expect(decide(waiting, bySweep, factsAt(600))).toMatchObject({
      error: { code: 'wrong-status', status: 'active' },
    });
  });
});

test('a command that does not exist is a defect that names itself', () => {
  const unknown = { ...request(), type: 'GiveMeEverything' };
  expect(() => Reflect.apply(decide, null, [replay([]), unknown, factsAt(0)])).toThrow(
    'Unhandled case: {"type":"GiveMeEverything"',
  );
});
