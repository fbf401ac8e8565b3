/** Looks up what a card or receipt shows beside the state. Lists come from indexes and may be a moment old; nothing is decided by them. */
import type { Halted } from '../domain/access-request/command.ts';
import { type Permitted, standingApprovals } from '../domain/access-request/facts.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { type PolicyFacts, preview } from '../domain/policy/evaluate.ts';
import type { Clock, Directory, Journal } from '../ports.ts';
import { type EarlierApprovals, earlierApprovals } from './facts-for.ts';
import { type GroupDeps, groupFacts } from './group-facts.ts';
import { haltedBy, readHalts } from './halts.ts';
import type { ActivePolicy, Policies } from './policies.ts';
import { standingIn } from './standing.ts';
import { extensionTextOf, wordsOf } from './words-of.ts';

export type CardFacts = {
  readonly now: Date;
  /** The requester's words; null once they were erased. */
  readonly justification: string | null;
  /** Why it was denied or ended, in that person's words. */
  readonly reason: string | null;
  /** Why more time was denied last, in that person's words. */
  readonly extensionReason: string | null;
  /** Slack ids of those whose approval of what waits no longer counts: their authenticator was reset as lost since. */
  readonly voided: readonly string[];
  /** Slack ids whose approval would help, by today's policy. */
  readonly approvers: readonly string[];
  readonly groups: Permitted['approvals']['groups'];
  /** The rule wants approvers asked by direct message as well. */
  readonly dmApprovers: boolean;
  readonly privileged: boolean;
  /** Why access that was approved waits: everything is stopped, or new access is paused there. */
  readonly halted: Halted | null;
  /** True while the access has outlived its end for longer than it should. */
  readonly overdue: boolean;
  /** The requester's last requests for the same container, newest first, without this one. */
  readonly before: readonly { requestId: string; status: KnownRequest['status'] }[];
  /** Slack ids of those who hold access there through Hallpass now. */
  readonly holders: readonly string[];
};

export type CardFactsDeps = {
  journal: Journal;
  clock: Clock;
  policies: Policies;
  teamId: string;
} & {
  /** Of whoever can ask: without it nobody is named whose right comes by a group. */
  directory?: Directory;
} & Pick<GroupDeps, 'onCall' | 'telemetry'>;

/** Requests for the container that are looked at, newest first. */
const LISTED = 100;

/** What a picture needs beside the state and is found by the request's id alone, so that it is read together with the state. */
export type BesideState = Pick<CardFacts, 'justification' | 'reason'> & {
  readonly active: ActivePolicy | null;
};

export async function besideState(
  { journal, policies }: CardFactsDeps,
  requestId: string,
): Promise<BesideState> {
  const [justification, reason, active] = await Promise.all([
    wordsOf(journal, requestId, 'justification'),
    wordsOf(journal, requestId, 'reason'),
    policies.active(),
  ]);
  return { justification, reason, active };
}

/** Whatever the card and everything in its thread shows. */
export async function cardFactsFor(
  deps: CardFactsDeps,
  state: KnownRequest,
  beside: BesideState,
): Promise<CardFacts> {
  const { requestId, entitlement } = state;
  const [own, here] = await Promise.all([
    receiptFactsFor(deps, state, beside),
    state.status === 'pending' ? standingIn(deps.journal, entitlement, LISTED) : null,
  ]);
  const mine = here?.all.filter((each) => each.requester === state.requester) ?? [];
  return {
    ...own,
    before: mine
      .filter((each) => each.requestId !== requestId)
      .map(({ requestId: id, status }) => ({ requestId: id, status })),
    holders: [...new Set(here?.live.map((each) => each.subject))],
  };
}

/** What the requester's receipt shows: nothing about others, so no index is asked. */
export async function receiptFactsFor(
  deps: CardFactsDeps,
  state: KnownRequest,
  { justification, reason, active }: BesideState,
): Promise<CardFacts> {
  const denied = state.status === 'active' ? state.deniedExtension : null;
  const { voidUntil } = await earlierApprovals(deps.journal, state);
  const [verdict, halted, extensionReason] = await Promise.all([
    active ? verdictAtHand(deps, state, { active, voidUntil }) : undefined,
    state.status === 'activating' ? readHalts(deps.journal, state.entitlement.provider) : null,
    denied && wordsOf(deps.journal, state.requestId, extensionTextOf(denied.event)),
  ]);
  const now = deps.clock.now();
  return {
    ...{ now, justification, reason, extensionReason },
    voided: voidedIn(state, voidUntil),
    approvers: verdict?.approvers ?? [],
    groups: verdict?.approvals.groups ?? [],
    dmApprovers: verdict?.dmApprovers ?? false,
    privileged: verdict?.privileged ?? false,
    halted: halted && haltedBy(halted),
    overdue: isOverdue(state, now),
    before: [],
    holders: [],
  };
}

/** When the access should have been gone; null where nobody has any by this request. */
export function endOf(state: KnownRequest): string | null {
  if (state.status === 'removing') return [state.endedAt, state.expiresAt].sort()[0] ?? null;
  return state.status === 'active' ? state.expiresAt : null;
}

function isOverdue(state: KnownRequest, now: Date): boolean {
  const end = endOf(state);
  return end !== null && now.getTime() - Date.parse(end) > TIMING.overdueSeconds * 1000;
}

/** Whose right comes by a group is named as well, where this function can ask who is in it. */
async function groupsAtHand(
  { directory, clock, onCall, telemetry }: CardFactsDeps,
  entitlement: string,
  { policy }: ActivePolicy,
): Promise<Pick<PolicyFacts, 'groupMembers'>> {
  if (!directory) return {};
  const deps = { directory, clock, ...(onCall && { onCall }), ...(telemetry && { telemetry }) };
  return { groupMembers: await groupFacts(deps, [policy], entitlement) };
}

/** Of the request while it waits or is to begin, or of the extension that waits. */
function voidedIn(state: KnownRequest, voidUntil: EarlierApprovals['voidUntil']): string[] {
  const given = (state.status === 'active' && state.extension) || state;
  const standing = standingApprovals<Pick<Given, 'approver' | 'at'>>(given, {
    approvalsVoidUntil: voidUntil,
  });
  return given.approvals
    .map(({ approver }) => approver)
    .filter((approver) => !standing.some((each) => each.approver === approver));
}
type Given = KnownRequest['approvals'][number];

/** Today's rule, for names to mention; without asking Slack who people are. */
async function verdictAtHand(
  deps: CardFactsDeps,
  state: KnownRequest,
  { active, voidUntil }: { active: ActivePolicy; voidUntil: EarlierApprovals['voidUntil'] },
): Promise<Permitted | undefined> {
  const { requester, subject, entitlement, durationSeconds } = state;
  const extension = state.status === 'active' ? state.extension : null;
  const verdict = preview(
    active.policy,
    {
      requester,
      subject,
      entitlement: entitlement.id,
      role: entitlement.role,
      durationSeconds: extension?.bySeconds ?? durationSeconds,
      justification: { accepted: true },
      breakGlass: state.breakGlass !== null,
    },
    {
      now: deps.clock.now(),
      teamId: deps.teamId,
      evidence: new Map(),
      linkedAccounts: new Map(),
      approvals: standingApprovals(extension ?? state, { approvalsVoidUntil: voidUntil }),
      ...(await groupsAtHand(deps, entitlement.id, active)),
    },
  );
  return verdict.permitted ? verdict : undefined;
}
