/**
 * Which policy is in force. One loader: reads the file, validates it, stores it by hash, moves the pointer and
 * records PolicyChanged in one transaction. A broken file never replaces a good one; without any good one
 * there is no policy, and every request is refused.
 */
import type { PolicyInForce } from '../domain/access-request/facts.ts';
import type { Actor } from '../domain/access-request/model.ts';
import { sha256 } from '../domain/audit/digest.ts';
import { diffRights, type RightsDiff } from '../domain/policy/diff.ts';
import { canonical } from '../domain/policy/narrower.ts';
import { Policy } from '../domain/policy/policy.ts';
import type { RightsChanged } from '../domain/policy-change.ts';
import type { EventOf, RecordOf } from '../domain/records.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  absent,
  type Clock,
  Fault,
  type Journal,
  type PolicySource,
  put,
  type Stored,
  type Telemetry,
} from '../ports.ts';
import { notePolicyNotLoaded } from './policy-not-loaded.ts';

export type PolicyProblem = {
  file: string;
  line: number;
  column: number;
  severity: 'error' | 'warning';
  message: string;
  fix: string;
};
/** `content` is the file's data as JSON, before our schema: what is stored, so that only the loader needs a YAML reader. */
export type ReadPolicy = {
  policy: Policy;
  hash: string;
  content: string;
  warnings: readonly PolicyProblem[];
};
export type PolicyReader = (
  text: string | Uint8Array,
  fileName: string,
) => Result<ReadPolicy, PolicyProblem[]>;

export type ActivePolicy = PolicyInForce & {
  /** Gives more, and waits for its delay: until then this one must allow as well. */
  pending?: PolicyInForce;
  /** The pointer as read: a write that relies on this policy checks it. */
  pointer: Stored<'policy'>;
};

export type Policies = {
  /** The active policy, or null when there has never been a good one. */
  active(): Promise<ActivePolicy | null>;
  byHash(hash: string): Promise<PolicyInForce>;
};

/** Policies of the journal; versions are immutable, so they are kept by hash in the container. */
export function journalPolicies({ journal }: { journal: Journal }): Policies {
  const known = new Map<string, Policy>();
  async function byHash(hash: string): Promise<PolicyInForce> {
    const policy = known.get(hash) ?? (await versionOf(journal, hash));
    known.set(hash, policy);
    return { policy, hash };
  }
  return {
    byHash,
    async active() {
      const pointer = await journal.read('policy', 'active');
      if (!pointer.value) return null;
      const { hash, pending } = pointer.value;
      const active = { ...(await byHash(hash)), pointer };
      return pending ? { ...active, pending: await byHash(pending.hash) } : active;
    },
  };
}

async function versionOf(journal: Journal, hash: string): Promise<Policy> {
  const { value } = await journal.read('policyVersion', hash);
  if (!value)
    throw new Error(`Policy version ${hash} is not in the store. Restore it from backup.`);
  const policy = readVersion(value);
  if (!policy)
    throw new Error(
      `Stored policy version ${hash} is not what its hash says: the row was changed.`,
    );
  return policy;
}

/** Null for one that is not what its hash says. */
function readVersion({ hash, text, content }: RecordOf<'policyVersion'>): Policy | null {
  const policy = Policy.safeParse(dataOf(content));
  return policy.success && sha256(text) === hash ? policy.data : null;
}

function dataOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** `waitsUntil`: it gives more than the one in force, and takes effect then. */
export type LoadResult = Result<
  { hash: string; changed: boolean; waitsUntil?: string },
  readonly PolicyProblem[]
>;

export type LoaderDeps = {
  journal: Journal;
  readPolicy: PolicyReader;
  source: PolicySource;
  clock: Clock;
  telemetry: Telemetry;
};

/** Loads the file and makes it the active policy. Refused files leave the last good one in force. */
export const loadPolicy = (deps: LoaderDeps, actor: Actor): Promise<LoadResult> =>
  policyLoader(deps)(actor);

/** `loadPolicy` for a container that loads every minute: a file that did not change is not parsed again. */
export function policyLoader(deps: LoaderDeps): (actor: Actor) => Promise<LoadResult> {
  let last: ReadPolicy | null = null;
  return async (actor) => {
    const { bytes, fileName } = await fileOf(deps);
    if (last?.hash === sha256(bytes)) return enforce(deps, { bytes, read: last, actor });
    const read = deps.readPolicy(bytes, fileName);
    if (!read.ok) {
      const first = read.error[0];
      const where = first
        ? `${first.file}:${first.line}:${first.column} ${first.message}`
        : fileName;
      deps.telemetry.alarm('policy-rejected', { where, problems: read.error.length });
      await notePolicyNotLoaded(deps);
      return refuse(read.error);
    }
    last = read.value;
    return enforce(deps, { bytes, read: last, actor });
  };
}

/** @throws Fault when it is not there, or not to be had */
async function fileOf(deps: LoaderDeps): ReturnType<PolicySource['load']> {
  try {
    return await deps.source.load();
  } catch (error) {
    if (error instanceof Fault) await notePolicyNotLoaded(deps);
    throw error;
  }
}

async function enforce(
  deps: LoaderDeps,
  { bytes, read, actor }: { bytes: Uint8Array; read: ReadPolicy; actor: Actor },
): Promise<LoadResult> {
  const { hash, content } = read;
  const [pointer, version] = await Promise.all([
    deps.journal.read('policy', 'active'),
    deps.journal.read('policyVersion', hash),
  ]);
  const now = deps.clock.now();
  const at = now.toISOString();
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (version.value && (version.value.text !== text || version.value.content !== content)) {
    // The file says what this hash stands for; nothing of ours ever changes a stored version.
    deps.telemetry.alarm('policy-rejected', { where: `the stored version ${hash}`, problems: 1 });
    await deps.journal.commit([put(version, { hash, text, content, storedAt: at })], now);
  }
  const stored = version.value
    ? []
    : [put(absent('policyVersion', hash), { hash, text, content, storedAt: at })];
  const move = await moveTo(deps.journal, { read, pointer, actor, now });
  if (!move) return ok({ hash, changed: false });
  const { next, events } = move;
  const result = await deps.journal.commit([...stored, put(pointer, next, events)], now);
  // Somebody else loaded at the same moment: the next call sees what they did.
  const changed = result.committed && next.hash === hash && pointer.value?.hash !== hash;
  const waits = next.pending?.hash === hash ? { waitsUntil: next.pending.effectiveAt } : {};
  return ok({ hash, changed, ...waits });
}

type Move = { next: RecordOf<'policy'>; events: EventOf<'policy'>[] };
type Loaded = { read: ReadPolicy; pointer: Stored<'policy'>; actor: Actor; now: Date };

/** Where the pointer goes for this file; null: nowhere. What gives nobody more is in force at once. */
async function moveTo(journal: Journal, loaded: Loaded): Promise<Move | null> {
  const { read, pointer, actor, now } = loaded;
  const { hash } = read;
  const at = now.toISOString();
  const current = pointer.value;
  const pending = current?.pending;
  const about = { v: 1 as const, at, actor };
  const unscheduled: EventOf<'policy'>[] =
    pending && pending.hash !== hash
      ? [{ type: 'PolicyUnscheduled', ...about, hash: pending.hash }]
      : [];
  if (current?.hash === hash) {
    const { pending: _, ...next } = current;
    return pending ? { next, events: unscheduled } : null;
  }
  if (pending?.hash === hash && at < pending.effectiveAt) return null;
  const before = current && (await journal.read('policyVersion', current.hash)).value;
  // One that cannot be read is no measure: nothing is decided under it, and a good file mends that.
  const old = before ? readVersion(before) : null;
  const diff = old && diffRights(old, read.policy);
  const waitsMs = pending?.hash === hash ? 0 : (old?.widening_delay ?? 0) * 1000;
  const previousHash = current?.hash ?? null;
  if (!current || !diff?.widens || waitsMs === 0) {
    const rights = diff && rightsChanged(diff);
    const changed = { type: 'PolicyChanged', ...about, v: 2, hash, previousHash, rights } as const;
    return { next: { hash, activatedAt: at }, events: [...unscheduled, changed] };
  }
  const effectiveAt = new Date(now.getTime() + waitsMs).toISOString();
  const scheduled = { type: 'PolicyScheduled', ...about, hash, effectiveAt } as const;
  return {
    next: { ...current, pending: { hash, effectiveAt } },
    events: [
      ...unscheduled,
      { ...scheduled, previousHash: current.hash, rights: rightsChanged(diff) },
    ],
  };
}

const rightsChanged = (diff: RightsDiff): RightsChanged => ({
  ...diff.counts,
  truncated: diff.truncated,
  sha256: sha256(canonical({ changes: diff.changes, top: diff.widerAtTheTop })),
});
