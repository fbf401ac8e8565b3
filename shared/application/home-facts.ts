/**
 * What a person's Home shows, true when it was read: lists come from indexes, which may be a moment old, so every request that
 * is still under way is read again before it is shown. Who may decide is asked of the evaluator, on fresh evidence.
 * At most three index queries (an admin's: five) and a bounded number of reads by key; nothing of a provider.
 */
import type { InStatus, KnownRequest } from '../domain/access-request/model.ts';
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import { recoveryCodesLeft } from '../domain/authenticator/recovery.ts';
import { isBeingReset, openStart } from '../domain/authenticator/reset.ts';
import { notFullMember } from '../domain/policy/identity.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { PolicyRefusal } from '../domain/policy/refusal.ts';
import type { StandingHalt } from '../domain/stop/standing.ts';
import type { AskedForMore } from './extension.ts';
import type { FactsDeps } from './facts-for.ts';
import { type Health, healthOf } from './home-health.ts';
import { type Waiting, waitingFor } from './home-waiting.ts';
import type { ActivePolicy } from './policies.ts';
import { standingHalts } from './standing-halts.ts';

export type MyAuthenticator = {
  readonly enrolledAt: string;
  /** Until then it may not approve, null when it may. */
  readonly holdUntil: string | null;
  readonly lockedUntil: string | null;
  /** Too many wrong codes: none helps any more. */
  readonly needsProof: boolean;
  readonly recoveryCodesLeft: number;
  /** `confirmed`: it counts for nothing while somebody else may hold it. */
  readonly reset: 'none' | 'started' | 'confirmed';
};
export type Live = InStatus<'activating' | 'active' | 'removing'>;
export type OpenHome = {
  readonly kind: 'open';
  readonly waiting: readonly Waiting[];
  /** Live access of others for which this person may give more time. */
  readonly extensions: readonly AskedForMore[];
  /** Break-glass that this person may review, what is owed first standing first. */
  readonly reviews: readonly KnownRequest[];
  readonly active: readonly Live[];
  /** Approved ahead: nobody has anything yet. */
  readonly scheduled: readonly InStatus<'scheduled'>[];
  readonly pending: readonly InStatus<'pending'>[];
  readonly recent: readonly KnownRequest[];
  /** There may be more than was looked at. */
  readonly more: { readonly waiting: boolean; readonly mine: boolean };
  readonly authenticator: MyAuthenticator | null;
  /** What keeps new access from being given now. */
  readonly halts: readonly StandingHalt[];
  /** For admins only. */
  readonly health: Health | null;
};
export type HomeFacts =
  | OpenHome
  | { readonly kind: 'closed'; readonly refusal: PolicyRefusal | { code: 'policy-unavailable' } };
/** What stands beside the facts: it moves all the time, and no Home is drawn anew for that. */
export type Beside = { readonly now: Date; readonly sweptAt: string | null };

/** How much is looked at: my requests, those of them under way. */
export const LOOKED_AT = {
  mine: 200,
  live: 100,
} as const;

/** @throws Fault when the store or Slack's directory does not answer: nothing is shown that was not read */
export async function homeFacts(
  deps: FactsDeps,
  person: string,
): Promise<{ facts: HomeFacts; beside: Beside }> {
  const now = deps.clock.now();
  const active = await deps.policies.active();
  const refusal = active
    ? await shutOut(deps, active, person)
    : { code: 'policy-unavailable' as const };
  if (!active || refusal)
    return {
      facts: { kind: 'closed', refusal: refusal ?? { code: 'policy-unavailable' } },
      beside: { now, sweptAt: null },
    };
  const [mine, waiting, authenticator, halts, admin] = await Promise.all([
    myRequests(deps, person),
    waitingFor(deps, active, person),
    myAuthenticator(deps, person),
    standingHalts(deps.journal, active),
    isAdmin(inForce(active), person) ? healthOf(deps, active) : null,
  ]);
  const facts: OpenHome = {
    kind: 'open',
    ...sorted(mine.states, person),
    waiting: waiting.rows,
    extensions: waiting.extensions,
    reviews: waiting.reviews,
    more: { waiting: waiting.more, mine: mine.more },
    authenticator,
    halts,
    health: admin?.health ?? null,
  };
  return { facts, beside: { now, sweptAt: admin?.sweptAt ?? null } };
}

/** Why this person has no Home here, or null. */
async function shutOut(
  deps: FactsDeps,
  { policy }: ActivePolicy,
  person: string,
): Promise<PolicyRefusal | null> {
  if (!membersOf(policy).bySlack.has(person)) return { code: 'unknown-person', person };
  const evidence = (await deps.directory.evidence([person], deps.clock.now())).get(person);
  if (!evidence) return { code: 'evidence-stale', person };
  const why = notFullMember(evidence, deps.teamId);
  return why ? { code: 'not-a-full-member', person, why } : null;
}

const LIVE = new Set<KnownRequest['status']>([
  ...(['pending', 'scheduled', 'activating', 'active', 'removing'] as const),
]);

/** My own and what others asked for on my behalf, newest first. A request that is over stays over: only the others are read again. */
async function myRequests(
  { journal }: FactsDeps,
  person: string,
): Promise<{ states: KnownRequest[]; more: boolean }> {
  const listed = await journal.requestsOf(person, LOOKED_AT.mine);
  const live = listed.filter(({ status }) => LIVE.has(status)).slice(0, LOOKED_AT.live);
  const fresh = await Promise.all(live.map(({ requestId }) => journal.read('request', requestId)));
  const known = new Map(fresh.map(({ id, value }) => [id, value]));
  const states = listed.flatMap((state): KnownRequest[] => {
    if (!LIVE.has(state.status)) return [state];
    const value = known.get(state.requestId);
    return value && value.status !== 'new' ? [value] : [];
  });
  return { states, more: listed.length === LOOKED_AT.mine };
}

const isPending = (state: KnownRequest): state is InStatus<'pending'> => state.status === 'pending';
const isLive = (state: KnownRequest): state is Live =>
  state.status === 'activating' || state.status === 'active' || state.status === 'removing';

const isScheduled = (state: KnownRequest): state is InStatus<'scheduled'> =>
  state.status === 'scheduled';

/** What ends first stands first, and what begins first; the rest newest first. Only who asked can ask for the same again. */
const sorted = (
  states: readonly KnownRequest[],
  person: string,
): Pick<OpenHome, 'active' | 'scheduled' | 'pending' | 'recent'> => ({
  active: states.filter(isLive).sort((one, other) => (one.expiresAt < other.expiresAt ? -1 : 1)),
  scheduled: states
    .filter(isScheduled)
    .sort((one, other) => (beginOf(one) < beginOf(other) ? -1 : 1)),
  pending: states.filter(isPending),
  recent: states.filter(({ status, requester }) => !LIVE.has(status) && requester === person),
});

const beginOf = ({ start }: KnownRequest): string => start?.notBefore ?? '';

async function myAuthenticator(
  { journal, clock }: FactsDeps,
  person: string,
): Promise<MyAuthenticator | null> {
  const { value } = await journal.read('authenticator', person);
  if (!value) return null;
  const now = clock.now();
  const ahead = (instant: string | null): string | null =>
    instant !== null && instant > now.toISOString() ? instant : null;
  const started = openStart(value.reset, now) ? 'started' : 'none';
  return {
    enrolledAt: value.enrolledAt,
    holdUntil: ahead(value.mayApproveFrom),
    lockedUntil: ahead(value.lockedUntil),
    needsProof: value.needsProof,
    recoveryCodesLeft: recoveryCodesLeft(value),
    reset: isBeingReset(value) ? 'confirmed' : started,
  };
}
