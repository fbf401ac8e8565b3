/** Gathers what `decide` must know: policies in force, fresh evidence about everybody involved, pinned accounts. */
import type { CodeEvidence, Command } from '../domain/access-request/command.ts';
import type { Facts, PolicyInForce } from '../domain/access-request/facts.ts';
import type { AccessRequest } from '../domain/access-request/model.ts';
import type { PersonEvidence } from '../domain/policy/identity.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type Clock, type Directory, Fault, type Journal, type Stored } from '../ports.ts';
import type { ActivePolicy, Policies } from './policies.ts';

export type FactsDeps = {
  journal: Journal;
  clock: Clock;
  policies: Policies;
  directory: Directory;
  teamId: string;
  /** Of whoever takes asks: the providers that this deployment can reach. */
  reachableProviders?: ReadonlySet<string>;
};

export async function factsFor(
  deps: FactsDeps,
  ask: {
    command: Command;
    state: AccessRequest;
    active: ActivePolicy;
    code: CodeEvidence | null;
    pending: string | null;
    /** Already read by who relies on it in the decision's transaction. */
    earlier?: EarlierApprovals;
  },
): Promise<Facts> {
  const { command, state, active } = ask;
  const policies = await policiesInForce(deps, state, active);
  const earlier = ask.earlier ?? (await earlierApprovals(deps.journal, state));
  const people = judgedPeople(command, state);
  const now = deps.clock.now();
  const [evidence, linkedAccounts] = await Promise.all([
    people.length > 0 ? evidenceOf(deps, people, command) : new Map<string, PersonEvidence>(),
    linked(deps.journal, active.policy, people),
  ]);
  return {
    now,
    policies,
    teamId: deps.teamId,
    ...(deps.reachableProviders === undefined
      ? {}
      : { reachableProviders: deps.reachableProviders }),
    evidence,
    linkedAccounts,
    code: ask.code,
    pending: ask.pending,
    approvalsVoidUntil: earlier.voidUntil,
  };
}

export type EarlierApprovals = {
  voidUntil: Facts['approvalsVoidUntil'];
  /** The authenticators that say so, as read. */
  read: readonly Stored<'authenticator'>[];
};

/** Who approved what still waits, and what became of their authenticators since. */
export async function earlierApprovals(
  journal: Journal,
  state: AccessRequest,
): Promise<EarlierApprovals> {
  const given = state.status === 'pending' ? state.approvals : [];
  const approvers = new Set(given.map(({ approver }) => approver));
  const read = await Promise.all([...approvers].map((id) => journal.read('authenticator', id)));
  const voidUntil = read.flatMap(({ id, value }) =>
    value?.approvalsVoidUntil ? [[id, value.approvalsVoidUntil] as const] : [],
  );
  return { read, voidUntil: new Map(voidUntil) };
}

async function policiesInForce(
  deps: FactsDeps,
  state: AccessRequest,
  active: ActivePolicy,
): Promise<readonly [PolicyInForce, ...PolicyInForce[]]> {
  if (state.status !== 'pending' || state.policyHash === active.hash) return [active];
  return [active, await deps.policies.byHash(state.policyHash)];
}

/** Everybody on whose identity the decision rests; empty for what time and effects report. */
function judgedPeople(command: Command, state: AccessRequest): string[] {
  if (command.actor.kind !== 'person' || command.type === 'WithdrawRequest') return [];
  const asked = command.type === 'RequestAccess' ? [command.subject] : [];
  const known =
    state.status === 'new'
      ? []
      : [state.requester, state.subject, ...state.approvals.map((each) => each.approver)];
  return [...new Set([command.actor.id, ...asked, ...known])];
}

async function evidenceOf(
  deps: FactsDeps,
  people: readonly string[],
  command: Command,
): Promise<ReadonlyMap<string, PersonEvidence>> {
  try {
    return await deps.directory.evidence(people, deps.clock.now());
  } catch (error) {
    // Taking access away must work while Slack's directory does not; everything else fails closed.
    if (command.type === 'EndGrant' && error instanceof Fault) return new Map();
    throw error;
  }
}

export async function linked(
  journal: Journal,
  policy: Policy,
  people: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pairs = await Promise.all(
    people.map(async (person) => {
      const accounts = accountsOf(policy, person);
      const links = await Promise.all(
        accounts.map(([provider, login]) => journal.read('link', linkId(provider, login))),
      );
      const ids = links.flatMap(({ value }, i) =>
        value ? [`${accounts[i]?.[0]}:${value.accountId}`] : [],
      );
      return [person, ids] as const;
    }),
  );
  return new Map(pairs);
}

export const linkId = (provider: string, login: string): string =>
  `${provider}:${login.toLowerCase()}`;

/** The accounts the policy names for a Slack user, as [provider, login]. */
export const accountsOf = (policy: Policy, slackUserId: string): [string, string][] => [
  ...(membersOf(policy).bySlack.get(slackUserId)?.accounts ?? []),
];
