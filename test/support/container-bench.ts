/** One container at a provider in memory, looked at and driven by the real drift and ensure; the clock moves from look to look. */
import { lookForDrift } from '../../shared/application/drift.ts';
import { ensureHolding } from '../../shared/application/ensure-holding.ts';
import type { EnsureDeps } from '../../shared/application/ensure-run.ts';
import {
  type AccessProvider,
  type ContainerRef,
  ProviderFault,
  type ProviderFaultCode,
} from '../../shared/ports.ts';
import { askOf, type Bench, bench, boApproves, enrolBo, pendingOn, requestIdOf } from './bench.ts';

export const PLACE = { provider: 'github', kind: 'team', resource: 'acme/deployers' } as const;
export const CONTAINER = 'github:team:acme/deployers';
const LOOK_SECONDS = 15 * 60;

export const entitled = (exclusive: boolean) => ({
  entitlements: {
    'github:acme/deployers': { ...PLACE, roles: ['member', 'maintainer'], exclusive, owner: 'bo' },
  },
});
export const refused = (code: ProviderFaultCode, retryable: boolean) =>
  new ProviderFault(`The provider says ${code}.`, { code, retryable, applied: 'no' });

export type Place = {
  /** Account id -> role; a login is `login-of-<id>` unless it is `<name>-gh`, then the id is the name. */
  readonly members: Map<string, string>;
  /** Every change that was asked for, in order. */
  readonly writes: string[];
  /** Thrown by the next calls of that name. */
  readonly trouble: { list?: Error; remove?: Error };
  containerId: string | null;
  /** Accounts that go by another login by now. */
  readonly renamed: Map<string, string>;
  /** Comes between a look's listing and what it does with it. */
  between: () => Promise<void>;
  /** Asked right before somebody is taken out. */
  onRemoval: (accountId: string) => Promise<void>;
};

const loginOf = (accountId: string) => `${accountId}-gh`;
const accountOf = (login: string) => login.replace(/-gh$/, '');

function providerAt(place: Place): AccessProvider {
  const read = (accountId: string) => {
    const role = place.members.get(accountId) ?? null;
    return { role, direct: role !== null, until: null };
  };
  const change = async (accountId: string, role: string | null) => {
    if (role === null) await place.onRemoval(accountId);
    if (role === null && place.trouble.remove) throw place.trouble.remove;
    place.writes.push(`${role ?? 'out'} ${accountId}`);
    if (role === null) place.members.delete(accountId);
    else place.members.set(accountId, role);
  };
  return {
    name: 'github',
    inflightSeconds: 40,
    completeness: 'R0',
    roles: () => ['member', 'maintainer'],
    resolveAccount: async (login) => ({ accountId: accountOf(login), login }),
    currentAccount: async (accountId) => ({ accountId, login: loginOf(accountId) }),
    checkEligible: async () => undefined,
    ...(place.containerId !== null && { containerId: async () => place.containerId ?? '' }),
    read: async (_container, { accountId }) => read(accountId),
    setRole: async (_container, { accountId }, role) => change(accountId, role),
    remove: async (_container, { accountId }) => change(accountId, null),
    list: async (_container: ContainerRef) => {
      if (place.trouble.list) throw place.trouble.list;
      const listed = [...place.members.keys()].map((accountId) => ({
        ...{ accountId, login: place.renamed.get(accountId) ?? loginOf(accountId) },
        ...read(accountId),
      }));
      await place.between();
      return listed;
    },
  };
}

export type ContainerBench = Bench & {
  place: Place;
  ensure: { -readonly [K in keyof EnsureDeps]: EnsureDeps[K] };
  /** Sends what the queues hold to ensure, and what comes of that. */
  drain(): Promise<void>;
  /** A quarter of an hour later: one look, and all that it causes. */
  look(): Promise<void>;
  /** Moves the clock, nothing else. */
  wait(seconds: number): void;
  /** What became of strangers, `Type account` in order. */
  told(): Promise<string[]>;
  /** Somebody gets a grant through the whole way. Answers its request's id. */
  grant(name: string): Promise<string>;
};

export async function containerBench(exclusive = true): Promise<ContainerBench> {
  const on = await bench(entitled(exclusive));
  await enrolBo(on);
  const place: Place = {
    ...{ renamed: new Map(), members: new Map(), writes: [], trouble: {}, containerId: null },
    between: async () => undefined,
    onRemoval: async () => undefined,
  };
  const ensure: ContainerBench['ensure'] = {
    ...on,
    // What is to be looked at later is due by then: the next look brings it back, as the sweep does.
    queues: {
      send: async (queue, message, delaySeconds = 0) => {
        if (delaySeconds === 0) on.sent.push({ queue, message });
      },
    },
    providers: { get: (name) => (name === 'github' ? providerAt(place) : undefined) },
    ends: { schedule: async () => undefined, cancel: async () => undefined },
  };
  let seconds = 0;
  let grants = 0;
  const wait = (more: number) => {
    seconds += more;
    on.setTime(seconds);
  };
  async function drain(): Promise<void> {
    for (let rounds = 0; on.sent.length > 0; rounds += 1) {
      if (rounds > 200) throw new Error('ensure never comes to rest');
      const [first] = on.sent.splice(0, 1);
      if (first && 'holdingId' in first.message)
        await ensureHolding(first.message.holdingId, ensure);
    }
  }
  return {
    ...on,
    ...{ place, ensure, drain, wait },
    async look() {
      wait(LOOK_SECONDS);
      // What the sweep does: whatever is due comes back.
      for (const { id } of await on.journal.due(on.clock.now(), 100, 'holding'))
        await ensureHolding(id, ensure);
      await lookForDrift(PLACE, ensure);
      await drain();
    },
    async told() {
      const history = await on.calm.history('container', CONTAINER);
      return history.map(({ event }) =>
        event.type === 'ExclusiveReported'
          ? `${event.type} ${event.strangers}`
          : `${event.type} ${event.accountId}`,
      );
    },
    async grant(name) {
      grants += 1;
      const requestId = requestIdOf(1000 + grants);
      const state = await pendingOn(on, askOf(name, { requestId }));
      const { command, code } = boApproves(state, 59_000_100 + grants);
      const approved = await on.run({ ...command, requestId }, { code });
      if (!approved.ok) throw new Error(JSON.stringify(approved.error));
      await ensureHolding(state.holdingId, ensure);
      await drain();
      return requestId;
    },
  };
}
