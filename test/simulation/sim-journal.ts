/**
 * The product's journal in memory, behind calls that take time and fail. Rows are read from a frozen copy kept by
 * revision, so that a read costs nothing and nobody can change what another one sees.
 */
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { nameOf } from '../../shared/application/container-name.ts';
import { type KnownRequest, requestDueAt } from '../../shared/domain/access-request/model.ts';
import { EMPTY_CHAIN } from '../../shared/domain/audit/chain.ts';
import type { Kind } from '../../shared/domain/records.ts';
import {
  type CommitResult,
  Fault,
  type Journal,
  type Stored,
  type Write,
} from '../../shared/ports.ts';
import { TENANT } from './cast.ts';
import type { Process, Processes } from './processes.ts';
import { dueIndex, type Index, type IndexLag, NO_LAG } from './sim-index.ts';

export type Store = {
  readonly inner: Journal;
  /** What is stored now, at no cost and without faults: for observers. */
  peek<K extends Kind>(kind: K, id: string): Stored<K>;
  idsOf(kind: Kind): string[];
  commit(writes: readonly Write[], at: Date): Promise<CommitResult>;
  readonly index: Index;
  requestsOf(person: string): KnownRequest[];
  /** `container`: `provider:kind:resource`. */
  requestsIn(container: string): KnownRequest[];
};

type Rows = { readonly [K in Kind]: Map<string, Stored<K>> };

export function simStore(lag: IndexLag = NO_LAG): Store {
  const inner = memoryJournal(TENANT);
  const index = dueIndex(lag);
  const rows: Rows = {
    request: new Map(),
    holding: new Map(),
    authenticator: new Map(),
    refusals: new Map(),
    administration: new Map(),
    legalHold: new Map(),
    policy: new Map(),
    pause: new Map(),
    stop: new Map(),
    container: new Map(),
    policyVersion: new Map(),
    enrolment: new Map(),
    link: new Map(),
    text: new Map(),
    pendingLock: new Map(),
    glass: new Map(),
    alias: new Map(),
    usage: new Map(),
    interaction: new Map(),
    draft: new Map(),
    suggestion: new Map(),
    card: new Map(),
    dismissal: new Map(),
    home: new Map(),
    digest: new Map(),
    notice: new Map(),
    ahead: new Map(),
    watch: new Map(),
    leaver: new Map(),
    seal: new Map(),
    heartbeat: new Map(),
  };
  const keep = async <K extends Kind>(kind: K, id: string) => {
    rows[kind].set(id, frozen(await inner.read(kind, id)));
    if (kind === 'request' || kind === 'holding' || kind === 'leaver')
      index.keep(kind, id, dueAt(rows, kind, id));
  };
  return {
    inner,
    index,
    peek: (kind, id) => rows[kind].get(id) ?? { kind, id, value: null, rev: 0, head: EMPTY_CHAIN },
    idsOf: (kind) => [...rows[kind].keys()],
    async commit(writes, at) {
      const result = await inner.commit(writes, at);
      if (result.committed)
        for (const { kind, id } of writes.filter((each) => each.do !== 'check'))
          await keep(kind, id);
      return result;
    },
    requestsOf: (person) =>
      known(rows).filter(({ requester, subject }) => [requester, subject].includes(person)),
    requestsIn: (container) =>
      known(rows).filter(({ entitlement }) => nameOf(entitlement) === container),
  };
}

const known = (rows: Rows): KnownRequest[] =>
  [...rows.request.values()].flatMap(({ value }) =>
    value && value.status !== 'new' ? [value] : [],
  );

function dueAt(rows: Rows, kind: 'request' | 'holding' | 'leaver', id: string): string | null {
  if (kind === 'request') return requestDueAt(rows.request.get(id)?.value ?? { status: 'new' });
  return rows[kind].get(id)?.value?.dueAt ?? null;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

const INDEX_LAG_MS = 20_000;
const TIMES = { latencyMs: [4, 40], slowMs: 9000 } as const;
const broken = () =>
  new Fault('The journal did not answer.', { service: 'journal', retryable: true });

export function simJournal(
  world: { processes: Processes; store: Store; onCommit: OnCommit; nowMs(): number },
  process: Process,
): Journal {
  const { processes, store } = world;
  // An index may be a while behind: nothing may rest on what it does not show yet.
  const indexedBefore = new Date(world.nowMs() - INDEX_LAG_MS).toISOString();
  const isIndexed = ({ requestedAt }: KnownRequest) => requestedAt < indexedBefore;
  const read = <T>(point: string, apply: () => T) =>
    processes.call(process, {
      point: `journal.${point}`,
      writes: false,
      ...TIMES,
      lateMs: 0,
      apply,
      fail: broken,
      refusals: [],
    });
  return {
    read: (kind, id) => read(`read.${kind}`, () => store.peek(kind, id)),
    commit: (writes, at) =>
      processes.call(process, {
        point: 'journal.commit',
        writes: true,
        ...TIMES,
        lateMs: 8000,
        fail: broken,
        refusals: [],
        apply: async () => {
          const result = await store.commit(writes, at);
          if (result.committed) world.onCommit(process, writes);
          return result;
        },
      }),
    due: (before, limit) => read('due', () => store.index.due(before, limit)),
    history: (kind, id, after) =>
      processes.call(process, {
        point: 'journal.history',
        writes: false,
        ...TIMES,
        lateMs: 0,
        fail: broken,
        refusals: [],
        apply: () => store.inner.history(kind, id, after),
      }),
    requestsOf: (person, limit) =>
      read('requestsOf', () => store.requestsOf(person).filter(isIndexed).slice(0, limit)),
    requestsIn: (container, limit) =>
      read('requestsIn', () => store.requestsIn(container).filter(isIndexed).slice(0, limit)),
    eventsOn: () => Promise.reject(new Error('No list is read in the simulation')),
    eventsBetween: noList,
    async *allDue(before) {
      yield* await read('allDue', () => store.index.due(before, Number.POSITIVE_INFINITY));
    },
  };
}

const noList = (): never => {
  throw new Error('No list is read in the simulation');
};

export type OnCommit = (process: Process | null, writes: readonly Write[]) => void;
