/** What a decision asks of the policies in force: everything that is known, of each of them, and nothing of what nobody looked up. */

import { replay } from '../../../shared/domain/access-request/evolve.ts';
import {
  candidateRefusal,
  type Facts,
  type JudgeOptions,
  judge,
  judgeRequest,
  timeOf,
} from '../../../shared/domain/access-request/facts.ts';
import type { Ask, PolicyFacts } from '../../../shared/domain/policy/evaluate.ts';
import { evaluate } from '../../../shared/domain/policy/evaluate.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { factsAt, inForce, ruled } from '../../support/company.ts';
import { approval, asked, iso } from '../../support/samples.ts';

type Asked = { policy: Policy; ask: Ask; facts: PolicyFacts };

/** What the evaluator hears of a request that exists. */
function heard(
  changes: Partial<Facts> = {},
  options: JudgeOptions = {},
  part: Parameters<typeof asked>[0] = {},
): Asked[] {
  const state = replay([asked(part), approval()]);
  if (state.status !== 'pending') throw new Error(state.status);
  const calls: Asked[] = [];
  const by = (policy: Policy, ask: Ask, facts: PolicyFacts) => {
    calls.push({ policy, ask, facts });
    return evaluate(policy, ask, facts);
  };
  judgeRequest(factsAt(120, changes), state, { ...options, by });
  return calls;
}
const only = (calls: readonly Asked[]): Asked => {
  const [call, ...more] = calls;
  if (!call || more.length > 0) throw new Error(`${calls.length} calls`);
  return call;
};

test('each policy in force is asked, today’s first', () => {
  const policies = [inForce(), ruled({ max_duration: '3h' })] as const;
  expect(heard({ policies }).map(({ policy }) => policy)).toEqual([
    ...[policies[0].policy, policies[1].policy],
  ]);
});

test('a request is asked about as it was asked for, with the approvals that stand', () => {
  const { ask, facts } = only(heard());
  expect(ask).toEqual({
    ...{ requester: 'U0ANA', subject: 'U0ANA', requestId: 'AR-7K2M9Q' },
    ...{ entitlement: 'github:acme/deployers', role: 'member', durationSeconds: 7200 },
    ...{ breakGlass: false, start: null, justification: { accepted: true } },
  });
  expect(facts.approvals).toMatchObject([{ approver: 'U0BO', at: iso(60) }]);
  expect(Object.keys(facts).sort()).toEqual([
    ...['approvals', 'evidence', 'linkedAccounts', 'now', 'teamId'],
  ]);
});

test('all that the shell knows is told, and who decides', () => {
  const known = {
    reachableProviders: new Set(['github']),
    groupMembers: new Map([['S0OPS', ['U0ANA']]]),
    tickets: new Map([['jira:INC-1', 'open'] as const]),
    usage: [],
  };
  const { facts } = only(heard(known, { candidate: 'U0BO', decider: 'U0CY' }));
  expect(facts).toMatchObject({ ...known, candidate: 'U0BO', decider: 'U0CY' });
});

test('another length, time and set of approvals take the place of the request’s', () => {
  const window = { from: iso(1), to: iso(2) };
  const { ask, facts } = only(heard({}, { durationSeconds: 60, window, approvals: [] }));
  expect(ask).toMatchObject({ durationSeconds: 60, window });
  expect(facts.approvals).toEqual([]);
});

test('a later start is told with the time that it means, an emergency as one', () => {
  const start = { notBefore: iso(36_000), until: null };
  const later = only(heard({}, {}, { start, lapsesAt: iso(36_000) })).ask;
  expect(later).toMatchObject({ start, window: { from: iso(36_000), to: iso(43_200) } });
  const breakGlass = { incident: 'INC-1', reviewBy: iso(86_400) };
  expect(only(heard({}, {}, { breakGlass })).ask.breakGlass).toBe(true);
});

test('access of a window lies anywhere in it; without a start there is nothing to say', () => {
  const from = iso(100);
  expect(timeOf({ notBefore: from, until: iso(900) }, 60)).toEqual({
    window: { from, to: iso(900) },
  });
  expect(timeOf({ notBefore: from, until: null }, 60)).toEqual({ window: { from, to: iso(160) } });
  expect(timeOf(null, 60)).toEqual({});
});

test('a ticket that was recorded is judged at an approval, and left aside for a no and a list', () => {
  const kept = { ticket: { pattern: '[A-Z]+-[0-9]+', exists_in: 'jira', open: true } };
  const policies = [ruled({ justification: kept })] as const;
  const ticket = { tracker: 'jira', key: 'INC-1' } as const;
  const state = replay([asked({ ticket: ticket.key })]);
  if (state.status !== 'pending') throw new Error(state.status);
  const tickets = new Map([['jira:INC-1', 'closed'] as const]);
  const judged = (options: JudgeOptions) => {
    const result = judgeRequest(factsAt(120, { policies, tickets }), state, options);
    return result.ok ? 'permitted' : result.error.code;
  };
  expect(judged({})).toBe('ticket-closed');
  expect(judged({ ticket: 'left-aside' })).toBe('permitted');
  expect(judged({ by: evaluate })).toBe('permitted');
});

test('whom nobody asked about may not decide, and without a policy nothing is decided', () => {
  const verdict = judgeRequest(factsAt(120), pendingState(), {});
  if (!verdict.ok) throw new Error(verdict.error.code);
  expect(candidateRefusal(verdict.value[0])).toEqual({ code: 'not-an-approver', from: [] });
  const none = { ...factsAt(120), policies: [] };
  const { ask } = only(heard());
  expect(() => Reflect.apply(judge, null, [none, { ...ask, approvals: [] }])).toThrow(
    'No policy in force',
  );
});

function pendingState() {
  const state = replay([asked()]);
  if (state.status !== 'pending') throw new Error(state.status);
  return state;
}
