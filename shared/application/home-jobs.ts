/**
 * Who has to see that a request changed: whoever asked, whoever holds it, whoever could ever decide it, and admins when access
 * outlived its end. Asks for their Homes to be drawn, each on its own, so that one that fails keeps nobody waiting. Bounded:
 * somebody beyond the bound sees the change on opening the Home.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { standsBehind } from '../domain/policy/evaluate.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { type GroupMembers, membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Clock, Directory, Journal, Queues } from '../ports.ts';
import { endOf } from './card-facts.ts';
import { type GroupDeps, groupsAtHand } from './group-facts.ts';
import type { Policies } from './policies.ts';

export type HomeJobDeps = {
  journal: Journal;
  queues: Queues;
  policies: Policies;
  clock: Clock;
  teamId: string;
  /** Without it nobody is reached whose right comes by a group. */
  directory?: Directory;
} & Pick<GroupDeps, 'onCall' | 'telemetry'>;

/** Homes that one change reaches at most. */
export const MOST_HOMES = 50;
const ADMIN_ROLE = 'admin';
const SHORTEST_SECONDS = 60;

/** Asks for the Homes of those concerned who ever opened theirs; answers how many. @throws Fault */
export async function askForHomes(requestId: string, deps: HomeJobDeps): Promise<number> {
  const [{ value: state }, active] = await Promise.all([
    deps.journal.read('request', requestId),
    deps.policies.active(),
  ]);
  if (!state || state.status === 'new') return 0;
  const people = active ? await concernedBy(state, active.policy, deps) : ownersOf(state);
  return askFor(people, deps);
}

/** The red button: what admins see of it. Everybody else sees it on opening theirs. @throws Fault */
export async function askForHomesOfAdmins({ policies, ...deps }: HomeJobDeps): Promise<number> {
  const active = await policies.active();
  if (!active) return 0;
  const people = [...membersOf(active.policy).bySlack.keys()];
  return askFor(
    people.filter((person) => isAdmin(inForce(active), person)),
    deps,
  );
}

async function askFor(
  people: readonly string[],
  { journal, queues }: Pick<HomeJobDeps, 'journal' | 'queues'>,
): Promise<number> {
  const homes = await Promise.all(
    people.slice(0, MOST_HOMES).map((person) => journal.read('home', person)),
  );
  const opened = homes.flatMap(({ id, value }) => (value ? [id] : []));
  await Promise.all(opened.map((home) => queues.send('announce', { home, why: 'changed' })));
  return opened.length;
}

const ownersOf = ({ requester, subject }: KnownRequest): string[] => [
  ...new Set([requester, subject]),
];

async function concernedBy(
  state: KnownRequest,
  policy: Policy,
  deps: Omit<HomeJobDeps, 'journal' | 'queues' | 'policies'>,
): Promise<string[]> {
  const now = deps.clock.now();
  const admins = outlivedItsEnd(state, now) ? adminsOf(policy) : [];
  const groupMembers = await groupsAtHand(deps, policy, state.entitlement.id);
  const { teamId } = deps;
  const deciders = everyDecider(state, policy, { now, teamId, groupMembers });
  return [...new Set([...ownersOf(state), ...deciders, ...admins])];
}

/** Whoever may have seen it wait: working hours, places filled meanwhile and its length are left aside. */
function everyDecider(
  { requester, subject, entitlement, breakGlass }: KnownRequest,
  policy: Policy,
  facts: { now: Date; teamId: string; groupMembers: GroupMembers },
): readonly string[] {
  const verdict = standsBehind(
    policy,
    {
      requester,
      subject,
      entitlement: entitlement.id,
      role: entitlement.role,
      durationSeconds: SHORTEST_SECONDS,
      justification: { accepted: true },
      breakGlass: breakGlass !== null,
    },
    { ...facts, evidence: new Map(), linkedAccounts: new Map(), approvals: [] },
  );
  return verdict.permitted ? verdict.approvers : [];
}

/** It is on admins' lists, or was until now. */
function outlivedItsEnd(state: KnownRequest, now: Date): boolean {
  const gone = state.status === 'ended' ? Date.parse(state.removedAt) : now.getTime();
  const end = state.status === 'ended' ? earlier(state.endedAt, state.expiresAt) : endOf(state);
  return end !== null && gone - Date.parse(end) > TIMING.overdueSeconds * 1000;
}

const earlier = (one: string, other: string): string => (one < other ? one : other);

const adminsOf = (policy: Policy): string[] =>
  [...membersOf(policy).bySlack.values()].flatMap(({ slack, roles }) =>
    roles.has(ADMIN_ROLE) ? [slack] : [],
  );
