/** Gathers what `decide` must know: policies in force, fresh evidence about everybody involved, pinned accounts. */
import type { CodeEvidence, Command } from '../domain/access-request/command.ts';
import type { Facts, PolicyInForce } from '../domain/access-request/facts.ts';
import { givesAccess } from '../domain/access-request/halted.ts';
import type { AccessRequest } from '../domain/access-request/model.ts';
import type { IdentityFacts, PersonEvidence } from '../domain/policy/identity.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type Clock, type Directory, Fault, type Journal, type Stored } from '../ports.ts';
import { type Alias, aliasesOf, otherAccounts } from './accounts-of-humans.ts';
import type { Counted } from './counted.ts';
import { allTaken, glassOf } from './glass.ts';
import { type Halts, haltedBy, readHalts, stoppedBy } from './halts.ts';
import { type OutsideDeps, outsideFacts } from './outside-facts.ts';
import { groupsAhead } from './own-groups.ts';
import type { ActivePolicy, Policies } from './policies.ts';
import { countedPeople, isCounted, usageOf } from './usage.ts';

export type FactsDeps = {
  journal: Journal;
  clock: Clock;
  policies: Policies;
  directory: Directory;
  teamId: string;
  /** Of whoever takes asks: the providers that this deployment can reach. */
  reachableProviders?: ReadonlySet<string>;
} & OutsideDeps;

export const factsFor = async (deps: FactsDeps, ask: AskedFor): Promise<Facts> =>
  (await factsAndUsage(deps, ask)).facts;

type AskedFor = {
  command: Command;
  state: AccessRequest;
  active: ActivePolicy;
  code: CodeEvidence | null;
  pending: string | null;
  /** Already read by who relies on it in the decision's transaction. */
  earlier?: EarlierApprovals;
  halts?: Halts | null;
};

/** With the records on which the counts and the quota rest, for who writes in the same transaction. */
export async function factsAndUsage(
  deps: FactsDeps,
  ask: AskedFor,
): Promise<{ facts: Facts } & Counted> {
  const { command, state, active } = ask;
  const policies = await policiesInForce(deps, state, active);
  const [earlier, halts] = await Promise.all([
    ask.earlier ?? earlierApprovals(deps.journal, state),
    ask.halts === undefined ? haltsFor(deps.journal, command, state) : ask.halts,
  ]);
  const people = judgedPeople(command, state);
  const compared = command.type === 'StartGrant' ? peopleIn(command, state) : people;
  const now = deps.clock.now();
  const [known, outside] = await Promise.all([
    identityOf(deps, { active, people, compared }, command),
    people.length > 0
      ? outsideFacts(deps, { command, state, policies })
      : groupsAhead(deps.journal, command, state),
  ]);
  const { identity, aliases } = await withOtherAccounts(deps, { ...ask, policies }, known);
  const counted = { command, state, policies, identity, now };
  const [usage, glass] = await Promise.all([
    usageOf(deps.journal, counted),
    glassOf(deps.journal, counted),
  ]);
  const facts = {
    now,
    policies,
    teamId: deps.teamId,
    ...(deps.reachableProviders === undefined
      ? {}
      : { reachableProviders: deps.reachableProviders }),
    ...identity,
    ...outside,
    halted: halts && haltedBy(halts),
    stoppedBy: halts && stoppedBy(halts),
    code: ask.code,
    pending: ask.pending,
    approvalsVoidUntil: earlier.voidUntil,
    glass: glass ? allTaken(glass) : [],
    ...(usage && { usage: usage.uses }),
  };
  return { facts, usage, glass, aliases };
}

async function identityOf(
  deps: FactsDeps,
  of: { active: ActivePolicy; people: readonly string[]; compared: readonly string[] },
  command: Command,
): Promise<IdentityFacts> {
  const [evidence, linkedAccounts] = await Promise.all([
    of.people.length > 0 ? evidenceOf(deps, of.people, command) : new Map<string, PersonEvidence>(),
    linked(deps.journal, of.active.policy, of.compared),
  ]);
  return { evidence, linkedAccounts };
}

/** Where something is counted: what is known about further accounts that may be those people's as well. */
async function withOtherAccounts(
  deps: FactsDeps,
  ask: AskedFor & Pick<Facts, 'policies'>,
  identity: IdentityFacts,
): Promise<{ identity: IdentityFacts; aliases: Alias[] }> {
  const { command, state, active, policies } = ask;
  const isEmergency = command.type === 'RequestAccess' && command.breakGlass !== null;
  if (!isEmergency && !isCounted(ask)) return { identity, aliases: [] };
  const people = countedPeople(command, state);
  const aliases = await aliasesOf(deps.journal, { policies, identity }, people);
  const others = otherAccounts(aliases, [...people, ...identity.evidence.keys()]);
  if (others.length === 0) return { identity, aliases };
  const more = await identityOf(deps, { active, people: others, compared: others }, command);
  const evidence = new Map([...identity.evidence, ...more.evidence]);
  const linkedAccounts = new Map([...identity.linkedAccounts, ...more.linkedAccounts]);
  return { identity: { evidence, linkedAccounts }, aliases };
}

/** Null for what gives nobody access and rests on no stop either. */
export async function haltsFor(
  journal: Journal,
  command: Command,
  state: AccessRequest,
): Promise<Halts | null> {
  if (!givesAccess(command) && command.type !== 'ObeyStop') return null;
  if (command.type === 'RequestAccess') return readHalts(journal, command.entitlement.provider);
  return state.status === 'new' ? null : readHalts(journal, state.entitlement.provider);
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
  const extended = state.status === 'active' ? (state.extension?.approvals ?? []) : [];
  const waits = state.status === 'pending' || state.status === 'scheduled';
  const given = waits ? state.approvals : extended;
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
  const asked = policyOfTheAsk(state);
  const pending = active.pending ? [active.pending] : [];
  const isThere = [active, ...pending].some(({ hash }) => hash === asked);
  if (asked === null || isThere) return [active, ...pending];
  return [active, ...pending, { ...(await deps.policies.byHash(asked)), past: true }];
}

/** The policy under which what waits was asked. */
function policyOfTheAsk(state: AccessRequest): string | null {
  if (state.status === 'pending' || state.status === 'scheduled') return state.policyHash;
  return state.status === 'active' ? (state.extension?.policyHash ?? null) : null;
}

/** Taking back, reminding, and what a stop that stands demands. */
const RESTS_ON_NOBODY: ReadonlySet<Command['type']> = new Set([
  'WithdrawRequest',
  'NudgeApprovers',
  'ObeyStop',
]);

/** Everybody on whose identity the decision rests; empty for what time and effects report. */
function judgedPeople(command: Command, state: AccessRequest): string[] {
  if (command.actor.kind !== 'person' || RESTS_ON_NOBODY.has(command.type)) return [];
  return peopleIn(command, state);
}

/** Who acts, asked, holds it and approved. */
function peopleIn(command: Command, state: AccessRequest): string[] {
  const asked = command.type === 'RequestAccess' ? [command.subject] : [];
  const known =
    state.status === 'new'
      ? []
      : [state.requester, state.subject, ...state.approvals.map((each) => each.approver)];
  if (state.status === 'active')
    known.push(...(state.extension?.approvals ?? []).map((each) => each.approver));
  const actor = command.actor.kind === 'person' ? [command.actor.id] : [];
  return [...new Set([...actor, ...asked, ...known])];
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
