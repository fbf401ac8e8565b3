/**
 * A provider with the usual traps: writes that land after their caller gave up, reads that lag behind writes,
 * limits, refusals. Whatever a call may still do is over `INFLIGHT_SECONDS` after it was issued.
 */
import {
  type AccessProvider,
  type ListedMember,
  ProviderFault,
  type ProviderFaultCode,
} from '../../shared/ports.ts';
import { MACHINE, PEOPLE, PROVIDER, ROLES } from './cast.ts';
import type { Faults } from './faults.ts';
import type { Process, Processes } from './processes.ts';
import type { Rng } from './rng.ts';
import type { VirtualTime } from './virtual-time.ts';

export const INFLIGHT_SECONDS = 40;

export type ProviderWrite = {
  readonly process: Process;
  readonly resource: string;
  readonly login: string;
  readonly role: string | null;
  readonly intent: Process['intent'];
  answered: boolean;
};
export type ProviderState = {
  /** What is really there: role by `resource login`. */
  readonly roles: Map<string, string | null>;
  /** Reads may still show the role of before until then. */
  readonly lag: Map<string, { role: string | null; untilMs: number }>;
};
export const placeOf = (resource: string, login: string): string => `${resource} ${login}`;

type World = {
  processes: Processes;
  time: VirtualTime;
  rng: Rng;
  faults: Faults;
  provider: ProviderState;
  onListed: (resource: string, accounts: ReadonlySet<string>) => void;
  onIssued: (write: ProviderWrite) => void;
  onLanded: (write: ProviderWrite) => void;
};

const fault = (code: ProviderFaultCode, applied: 'no' | 'unknown', detail = {}) =>
  new ProviderFault(`The provider failed: ${code}.`, { code, retryable: true, applied, ...detail });
const clearNo = (code: ProviderFaultCode) => () =>
  new ProviderFault(`The provider refused: ${code}.`, { code, retryable: false, applied: 'no' });

export function simProvider(world: World, process: Process): AccessProvider {
  const { processes, rng } = world;
  const times = { latencyMs: [60, 700], slowMs: 9500 } as const;
  const read = <T>(point: string, apply: () => T, refusals: readonly (() => Error)[]) =>
    processes.call(process, {
      point: `provider.${point}`,
      writes: false,
      ...times,
      lateMs: 0,
      apply,
      refusals,
      fail: (how) =>
        how === 'throttle'
          ? fault('rate-limited', 'no', { retryAfterSeconds: rng.between(1, 180) })
          : fault(rng.pick(['timeout', 'unavailable', 'malformed-answer']), 'no'),
    });
  return {
    name: PROVIDER,
    inflightSeconds: INFLIGHT_SECONDS,
    completeness: 'R0',
    roles: () => ROLES,
    resolveAccount: (login) =>
      read('resolveAccount', () => ({ accountId: `id-${login}`, login }), [
        clearNo('account-not-found'),
      ]),
    currentAccount: (accountId) =>
      read('currentAccount', () => ({ accountId, login: accountId.slice('id-'.length) }), []),
    checkEligible: (_container, account) =>
      read('checkEligible', () => void PEOPLE.some(({ login }) => login === account.login), [
        clearNo('not-a-member-of-organization'),
      ]),
    read: (container, account) =>
      read('read', () => seen(world, placeOf(container.resource, account.login)), [
        clearNo('unauthorized'),
      ]),
    setRole: ({ resource }, { login }, role) => write(world, process, { resource, login, role }),
    remove: ({ resource }, { login }) => write(world, process, { resource, login, role: null }),
    isMachine: ({ login }) => read('isMachine', () => login === MACHINE, []),
    list: ({ resource }) => read('list', () => listed(world, resource), [clearNo('unauthorized')]),
  };
}

/** Everybody who is there, as reads show it. */
function listed(world: World, resource: string): ListedMember[] {
  const members = [...world.provider.roles.keys()].flatMap((place) => {
    const [where, login = ''] = place.split(' ');
    const membership = where === resource ? seen(world, place) : null;
    return membership?.role ? [{ ...membership, accountId: `id-${login}`, login }] : [];
  });
  world.onListed(resource, new Set(members.map(({ accountId }) => accountId)));
  return members;
}

function seen(world: World, place: string) {
  const lag = world.provider.lag.get(place);
  const behind = lag && world.time.nowMs() < lag.untilMs && world.rng.chance(0.5);
  const role = (behind ? lag.role : world.provider.roles.get(place)) ?? null;
  return { role, direct: role !== null, until: null };
}

function write(
  world: World,
  process: Process,
  change: { resource: string; login: string; role: string | null },
): Promise<void> {
  if (process.dead) return new Promise(() => {});
  const { processes, time, rng, provider } = world;
  const issuedMs = time.nowMs();
  const made: ProviderWrite = { process, ...change, intent: process.intent, answered: false };
  world.onIssued(made);
  const place = placeOf(change.resource, change.login);
  const overMs = INFLIGHT_SECONDS * 1000 - 1;
  const called = processes.call(process, {
    point: change.role === null ? 'provider.remove' : 'provider.setRole',
    writes: true,
    latencyMs: [60, 700],
    slowMs: 9500,
    lateMs: overMs,
    apply: () => {
      const before = provider.roles.get(place) ?? null;
      if (world.faults.strikes('provider.stale')) {
        const untilMs = rng.between(time.nowMs(), issuedMs + overMs);
        provider.lag.set(place, { role: before, untilMs });
      } else provider.lag.delete(place);
      provider.roles.set(place, change.role);
      time.note(`  ${place} is ${change.role}`);
      world.onLanded(made);
    },
    fail: (how) =>
      how === 'throttle'
        ? fault('rate-limited', 'no', { retryAfterSeconds: rng.between(1, 180) })
        : how === 'before'
          ? fault('conflict', 'no')
          : fault(rng.pick(['timeout', 'unavailable', 'malformed-answer']), 'unknown'),
    refusals: [clearNo('unauthorized'), clearNo('conflict')],
  });
  return called.then(() => {
    made.answered = true;
  });
}
