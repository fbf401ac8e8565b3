/**
 * Every 15 minutes: does the provider show what our books say, in every container the policy manages? A live grant
 * that is not there sends its holding to ensure; a member whom no grant and no baseline explains is put on record and
 * wakes a person, once. Nothing is changed here.
 */
import type { Holding } from '../domain/holding/model.ts';
import { rankOf } from '../domain/holding/roles.ts';
import { heldRole } from '../domain/holding/standing.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { EventOf } from '../domain/records.ts';
import {
  type Clock,
  type ContainerRef,
  type Journal,
  type ProviderAccount,
  ProviderFault,
  type ProviderMembership,
  put,
  type Queues,
} from '../ports.ts';
import type { EnsureDeps } from './ensure-run.ts';
import { type Heartbeat, heartbeatOf } from './heartbeat.ts';
import type { Policies } from './policies.ts';

const EVERY_MS = 15 * 60_000;
/** Requests looked through for the holdings of one container. */
const RECENT = 500;

/** Sends every managed container to ensure when the last time was long enough ago. Part of the sweep. */
export async function askForDrift(
  deps: { journal: Journal; clock: Clock; policies: Policies; queues: Queues },
  heart: Heartbeat = heartbeatOf(deps.journal, 'drift'),
): Promise<number> {
  const now = deps.clock.now();
  const lastAt = await heart.lastAt(now, EVERY_MS - 1);
  if (lastAt !== null && now.getTime() - Date.parse(lastAt) < EVERY_MS) return 0;
  const active = await deps.policies.active();
  if (!active) return 0;
  const containers = new Map<string, ContainerRef>();
  for (const { provider, kind, resource } of membersOf(active.policy).entitlements.values())
    containers.set(nameOf({ provider, kind, resource }), { provider, kind, resource });
  for (const container of containers.values()) await deps.queues.send('removals', { container });
  await heart.beat(now);
  return containers.size;
}

const nameOf = ({ provider, kind, resource }: ContainerRef) => `${provider}:${kind}:${resource}`;

type Member = ProviderAccount & ProviderMembership;

/** Looks at one container. @throws Fault when the journal fails: the message comes back */
export async function lookForDrift(container: ContainerRef, deps: EnsureDeps): Promise<void> {
  const provider = deps.providers.get(container.provider);
  // Asking again would not configure it: the provider's error alarm tells, the queue keeps nothing.
  if (!provider) return notLookedAt(container, 'not-configured', deps);
  const members = await listed(() => provider.list(container), container, deps);
  if (!members) return;
  const holdings = await holdingsIn(container, deps.journal);
  const roles = provider.roles(container.kind);
  for (const holding of holdings)
    if (isMissing(holding, members, roles))
      await deps.queues.send('grants', { holdingId: holding.holdingId });
  const explained = new Set(holdings.filter(explains).map((holding) => holding.accountId));
  const strangers = members.filter(({ direct, accountId }) => direct && !explained.has(accountId));
  await recordStrangers(container, strangers, deps);
}

/** Null when the provider did not answer: the next look is in 15 minutes, and its own calls have alarms. */
async function listed(
  list: () => Promise<readonly Member[]>,
  container: ContainerRef,
  deps: EnsureDeps,
): Promise<readonly Member[] | null> {
  try {
    return await list();
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    notLookedAt(container, error.code, deps);
    return null;
  }
}

function notLookedAt(container: ContainerRef, code: string, { telemetry }: EnsureDeps): void {
  telemetry.measure('ProviderErrors', 1, container.provider);
  telemetry.error('A container could not be looked at', { container: nameOf(container), code });
}

async function holdingsIn(container: ContainerRef, journal: Journal): Promise<Holding[]> {
  const requests = await journal.requestsIn(nameOf(container), RECENT);
  const ids = [...new Set(requests.map((request) => request.holdingId))];
  const stored = await Promise.all(ids.map((id) => journal.read('holding', id)));
  return stored.flatMap(({ value }) => (value ? [value] : []));
}

/** An active grant whose role the provider does not show. */
function isMissing(
  holding: Holding,
  members: readonly Member[],
  roles: readonly string[],
): boolean {
  const rank = rankOf(roles);
  const shown = heldRole(
    roles,
    members.find(({ accountId }) => accountId === holding.accountId) ?? null,
  );
  return holding.grants.some(({ phase, role }) => phase === 'active' && rank(role) > rank(shown));
}

/** Something of ours, or what was there before us, accounts for this membership. */
const explains = ({ grants, baseline, ours, intents }: Holding): boolean =>
  grants.length > 0 || ours !== null || intents.length > 0 || baseline?.role != null;

async function recordStrangers(
  container: ContainerRef,
  strangers: readonly Member[],
  deps: EnsureDeps,
): Promise<void> {
  const name = nameOf(container);
  const base = await deps.journal.read('container', name);
  const now = deps.clock.now();
  const known = new Set(base.value?.strangers ?? []);
  const seen = strangers.map(({ accountId }) => accountId);
  const found = strangers.filter(({ accountId }) => !known.has(accountId));
  const gone = [...known].filter((accountId) => !seen.includes(accountId));
  const about = {
    v: 1 as const,
    at: now.toISOString(),
    actor: { kind: 'ensure' as const },
    container: name,
  };
  const events: EventOf<'container'>[] = [
    ...found.map(({ accountId, role }) => ({
      type: 'StrangerFound' as const,
      ...about,
      accountId,
      role,
    })),
    ...gone.map((accountId) => ({
      type: 'StrangerGone' as const,
      ...about,
      accountId,
      role: null,
    })),
  ];
  if (base.value && events.length === 0) return;
  const next = { strangers: seen, known: base.value?.known ?? seen, lookedAt: about.at };
  const result = await deps.journal.commit([put(base, next, events)], now);
  // Members from before the first look are there by other means: on record, but no news.
  if (!result.committed || !base.value) return;
  for (const { accountId, role } of found)
    deps.telemetry.alarm('drift-found', {
      container: name,
      accountId,
      actual: role,
      expected: null,
    });
}
