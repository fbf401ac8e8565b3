/**
 * States of requests as they can come about: random companies, policies and orders of commands, and one plain history for each
 * status; with names as long and as hostile as the schemas let them be. And what a picture of a state needs beside it.
 */
import * as fc from 'fast-check';
import type { CardFacts } from '../../../lambdas/slack/views/facts.ts';
import { endOf } from '../../../shared/application/card-facts.ts';
import { decide } from '../../../shared/domain/access-request/decide.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { evolve, INITIAL, replay } from '../../../shared/domain/access-request/evolve.ts';
import type { Permitted } from '../../../shared/domain/access-request/facts.ts';
import type {
  AccessRequest,
  InStatus,
  KnownRequest,
} from '../../../shared/domain/access-request/model.ts';
import { type Scenario, type Step, scenario } from '../../domain/access-request/generated.ts';
import { requestIdOf } from '../bench.ts';
import {
  activated,
  approval,
  asked,
  askedAhead,
  authorized,
  escalated,
  escalationPlanned,
  expired,
  extended,
  extensionApproved,
  extensionAsked,
  extensionDenied,
  extensionWithdrawn,
  HISTORIES,
  iso,
  later,
  nudged,
  removalFailed,
  removed,
  reviewed,
  reviewOverdue,
  revoked,
  START,
  scheduled,
  started,
} from '../samples.ts';
import { instant } from './arbitrary-of.ts';
import { nameUpTo, typedUpTo } from './hostile.ts';

export type Story = {
  readonly state: KnownRequest;
  readonly events: readonly AccessRequestEvent[];
};
export const STATUSES = [
  ...(['pending', 'denied', 'withdrawn', 'lapsed', 'activating'] as const),
  ...(['active', 'removing', 'ended', 'failed', 'scheduled', 'not-started'] as const),
];
export type Status = (typeof STATUSES)[number];

const known = (state: AccessRequest): KnownRequest => {
  if (state.status === 'new') throw new Error('A history without events');
  return state;
};
const ACTIVE = HISTORIES.active;
const GLASS = asked({ breakGlass: { incident: 'INC-123', reviewBy: iso(86_400) } });
const WINDOW = { notBefore: iso(36_000), until: iso(43_200) };
const OPENED = [
  ...[askedAhead({ start: WINDOW }), approval(), scheduled({ start: WINDOW }), started()],
  authorized(),
];
const OUTCOMES = ['removed', 'restored', 'covered', 'never-granted', 'left'] as const;
const CAUSES = ['requester', 'approver', 'admin', 'policy', 'operator'] as const;
/** What random commands seldom come to: every way to an end, extended, failing. */
const TOLD: readonly (readonly AccessRequestEvent[])[] = [
  ...STATUSES.map((status) => HISTORIES[status]),
  [...ACTIVE, extended()],
  [...ACTIVE, extensionAsked()],
  [...ACTIVE, extensionAsked({ approvalsNeeded: 2 }), extensionApproved()],
  [...ACTIVE, extensionAsked(), extensionDenied()],
  [...ACTIVE, extensionAsked(), extensionWithdrawn()],
  [asked(), escalationPlanned(), nudged(600), nudged(1500), escalated()],
  [asked(), nudged(600), nudged(1500), nudged(2400)],
  [GLASS, authorized(), activated()],
  [GLASS, authorized(), activated(), reviewOverdue()],
  [GLASS, authorized(), activated(), expired(), removed(), reviewed()],
  [GLASS, authorized(), activated(), reviewed({ verdict: 'not-justified' })],
  OPENED,
  [...OPENED, activated()],
  [asked({ subject: 'U0CY' }), approval(), authorized(), activated()],
  [...ACTIVE, revoked(), removalFailed(1), removalFailed(2)],
  ...OUTCOMES.map((outcome) => [...HISTORIES.removing, removed({ outcome })]),
  ...CAUSES.map((cause) => [...ACTIVE, revoked({ cause }), removed()]),
];

function played(told: Scenario): readonly AccessRequestEvent[] {
  const events: AccessRequestEvent[] = [];
  let state: AccessRequest = INITIAL;
  let now = START;
  const [first, ...rest] = told.steps;
  if (!first) throw new Error('A scenario without steps');
  const ask: Step = { ...first, type: 'RequestAccess', stale: false };
  for (const step of [ask, ...rest]) {
    now = new Date(now.getTime() + step.wait * 1000);
    const decision = decide(state, told.command(step, state, now), told.facts(step, state, now));
    if (!decision.ok) continue;
    events.push(...decision.value);
    state = decision.value.reduce<AccessRequest>(evolve, state);
  }
  return events;
}

const names = fc.record({ id: nameUpTo(200), role: nameUpTo(80), rule: nameUpTo(63) });

const named = (told: fc.Arbitrary<readonly AccessRequestEvent[]>): fc.Arbitrary<Story> =>
  fc
    .record({ events: told, given: fc.option(names), number: fc.nat(0x3fff_ffff) })
    .map(({ events, given, number }) => {
      const state = known(replay([...events]));
      const { id, role, rule } = given ?? { ...state.entitlement, rule: state.rule };
      const entitlement = { ...state.entitlement, id, role };
      return { state: { ...state, requestId: requestIdOf(number), entitlement, rule }, events };
    });
const plainly = named(fc.constantFrom(...TOLD));
const randomly = named(scenario.map(played).filter((events) => events.length > 0));

/** Any state, its names plain or hostile. */
export const story: fc.Arbitrary<Story> = fc.oneof(plainly, randomly);

/** A state in one of some statuses, by a plain history and with any names. */
export const stateIn = <S extends Status>(...statuses: readonly S[]): fc.Arbitrary<InStatus<S>> =>
  plainly
    .map(({ state }) => state)
    .filter((state): state is InStatus<S> => statuses.some((status) => status === state.status));

const policyName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,62}$/);
export const person = fc.constantFrom('U0ANA', 'U0BO', 'W0123456789AB');
export const peopleUpTo = (most: number): fc.Arbitrary<string[]> =>
  fc.array(person, { maxLength: most });

const groups: fc.Arbitrary<CardFacts['groups']> = fc.array(
  fc.record({
    from: fc.array(policyName, { maxLength: 20 }),
    people: fc.array(policyName, { maxLength: 20 }),
    count: fc.integer({ min: 1, max: 10 }),
  }),
  { maxLength: 5 },
);

/** `now` may be long past the end: then the access is overdue. */
export const cardFacts = (state: KnownRequest): fc.Arbitrary<CardFacts> =>
  fc.record({
    now: fc
      .integer({ min: 0, max: 40 * 86_400 })
      .map((seconds) => later(seconds, new Date(endOf(state) ?? state.requestedAt))),
    justification: fc.option(typedUpTo(3000)),
    reason: fc.option(typedUpTo(3000)),
    extensionReason: fc.option(typedUpTo(3000)),
    voided: peopleUpTo(3),
    approvers: peopleUpTo(60),
    groups,
    dmApprovers: fc.boolean(),
    privileged: fc.boolean(),
    halted: fc.option(
      fc.oneof(
        fc.record({ code: fc.constant('everything-stopped' as const), since: instant }),
        fc.record({
          code: fc.constant('grants-paused' as const),
          ...{ scope: nameUpTo(40), since: instant },
        }),
      ),
    ),
    overdue: fc.boolean(),
    before: fc.array(
      fc.record({ requestId: fc.constant('AR-000000'), status: fc.constantFrom(...STATUSES) }),
      { maxLength: 30 },
    ),
    holders: peopleUpTo(60),
  });

/** What a rule permits, in every shape: by itself, one or two groups, codes from either side. */
export const permitted: fc.Arbitrary<Permitted> = fc.record({
  permitted: fc.constant(true as const),
  rule: policyName,
  maxDurationSeconds: fc.constantFrom(60, 7200, 31_536_000),
  maxTotalSeconds: fc.option(fc.constantFrom(7200, 31_536_000)),
  extensionApproval: fc.constantFrom('required', 'none'),
  lapseAfterSeconds: fc.constantFrom(600, 86_400),
  codeFrom: fc.record({ requester: fc.boolean(), approver: fc.boolean() }),
  channel: fc.constantFrom('C0ACCESS', null),
  dmApprovers: fc.boolean(),
  privileged: fc.boolean(),
  escalate: fc.constant(null),
  automatic: fc.boolean(),
  approvals: groups.map((asked) => {
    const needed = asked.reduce((sum, { count }) => sum + count, 0);
    return { needed, have: 0, satisfied: needed === 0, groups: asked };
  }),
  approvers: peopleUpTo(60),
  candidate: fc.constantFrom(
    null,
    { may: true } as const,
    { may: false, refusal: { code: 'self-approval' } } as const,
  ),
  reasons: fc.array(typedUpTo(200), { maxLength: 6 }),
});
