/**
 * Every 15 minutes: does the provider show what our books say, in every container the policy manages? A live grant
 * that is not there sends its holding to ensure; a member whom no grant and no baseline explains is put on record and
 * wakes a person, once. In an exclusive container some of them are handed to ensure to be taken out; nothing is changed here.
 */
import type { Holding } from '../domain/holding/model.ts';
import { rankOf } from '../domain/holding/roles.ts';
import { heldRole } from '../domain/holding/standing.ts';
import { isOursNow } from '../domain/holding/stray.ts';
import { membersOf } from '../domain/policy/members.ts';
import {
  type AccessProvider,
  type Clock,
  type ContainerRef,
  type Journal,
  type ListedMember,
  ProviderFault,
  type Queues,
} from '../ports.ts';
import { nameOf } from './container-name.ts';
import { isExclusive } from './ensure-facts.ts';
import { readablePolicy } from './ensure-holding.ts';
import type { EnsureDeps } from './ensure-run.ts';
import { type Heartbeat, heartbeatOf } from './heartbeat.ts';
import type { Policies } from './policies.ts';
import { recordStrangers, takeOut } from './strangers.ts';

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

/** Looks at one container. @throws Fault when the journal fails: the message comes back */
export async function lookForDrift(container: ContainerRef, deps: EnsureDeps): Promise<void> {
  const provider = deps.providers.get(container.provider);
  // Asking again would not configure it: the provider's error alarm tells, the queue keeps nothing.
  if (!provider) return notLookedAt(container, 'not-configured', deps);
  const active = await readablePolicy(deps);
  const exclusive = isExclusive(active, container);
  const seen = await listed(container, { provider, exclusive }, deps);
  if (!seen) return;
  const { members, containerId } = seen;
  const holdings = await holdingsIn(container, deps.journal, exclusive && members.length > 0);
  const roles = provider.roles(container.kind);
  for (const holding of holdings)
    if (isMissing(holding, members, roles))
      await deps.queues.send('grants', { holdingId: holding.holdingId });
  const explains = exclusive ? isOursNow : isExplained;
  const explained = new Set(holdings.filter(explains).map((holding) => holding.accountId));
  const strangers = members.filter(({ direct, accountId }) => direct && !explained.has(accountId));
  const look = { container, strangers, holdings, active, containerId };
  if (exclusive) return takeOut(look, deps);
  // A policy that cannot be read says nothing about whose the container is.
  await recordStrangers(container, { strangers, exclusive: active ? null : 'unknown' }, deps);
}

type Seen = { readonly members: readonly ListedMember[]; readonly containerId: string | null };

/** All of it or nothing. Null when the provider did not answer: the next look is in 15 minutes, and its own calls have alarms. */
async function listed(
  container: ContainerRef,
  { provider, exclusive }: { provider: AccessProvider; exclusive: boolean },
  deps: EnsureDeps,
): Promise<Seen | null> {
  try {
    const containerId = exclusive ? ((await provider.containerId?.(container)) ?? null) : null;
    const place = containerId === null ? container : { ...container, id: containerId };
    return { members: await provider.list(place), containerId };
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

/**
 * Those of its recent requests; before anybody is taken out also every holding that something is left to do about, which each one
 * with a live grant is: nobody's grant may be so old that it is overlooked.
 */
async function holdingsIn(
  container: ContainerRef,
  journal: Journal,
  all: boolean,
): Promise<Holding[]> {
  const requests = await journal.requestsIn(nameOf(container), RECENT);
  const ids = new Set(requests.map((request) => request.holdingId));
  if (all)
    for await (const { kind, id } of journal.allDue(EVER))
      if (kind === 'holding' && id.startsWith(`${nameOf(container)}:`)) ids.add(id);
  const stored = await Promise.all([...ids].map((id) => journal.read('holding', id)));
  return stored.flatMap(({ value }) => (value ? [value] : []));
}
const EVER = new Date('9999-01-01T00:00:00.000Z');

/** An active grant whose role the provider does not show. */
function isMissing(
  holding: Holding,
  members: readonly ListedMember[],
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
const isExplained = (holding: Holding): boolean =>
  isOursNow(holding) || holding.baseline?.role != null;
