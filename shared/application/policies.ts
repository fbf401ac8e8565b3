/**
 * Which policy is in force. One loader: reads the file, validates it, stores it by hash, moves the pointer and
 * records PolicyChanged in one transaction. A broken file never replaces a good one; without any good one
 * there is no policy, and every request is refused.
 */
import type { PolicyInForce } from '../domain/access-request/facts.ts';
import type { Actor } from '../domain/access-request/model.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  absent,
  type Clock,
  type Journal,
  type PolicySource,
  put,
  type Stored,
  type Telemetry,
} from '../ports.ts';

export type PolicyProblem = {
  file: string;
  line: number;
  column: number;
  severity: 'error' | 'warning';
  message: string;
  fix: string;
};
export type PolicyReader = (
  text: string | Uint8Array,
  fileName: string,
) => Result<{ policy: Policy; hash: string; warnings: readonly PolicyProblem[] }, PolicyProblem[]>;

export type ActivePolicy = PolicyInForce & {
  /** The pointer as read: a write that relies on this policy checks it. */
  pointer: Stored<'policy'>;
};

export type Policies = {
  /** The active policy, or null when there has never been a good one. */
  active(): Promise<ActivePolicy | null>;
  byHash(hash: string): Promise<PolicyInForce>;
};

type Deps = { journal: Journal; readPolicy: PolicyReader };

/** Policies of the journal; parsed versions are immutable, so they are kept by hash in the container. */
export function journalPolicies({ journal, readPolicy }: Deps): Policies {
  const parsed = new Map<string, Policy>();
  async function byHash(hash: string): Promise<PolicyInForce> {
    const known = parsed.get(hash);
    if (known) return { policy: known, hash };
    const { value } = await journal.read('policyVersion', hash);
    if (!value)
      throw new Error(`Policy version ${hash} is not in the store. Restore it from backup.`);
    const read = readPolicy(value.text, 'access.yaml');
    if (!read.ok || read.value.hash !== hash)
      throw new Error(
        `Stored policy version ${hash} does not parse to itself: the row was changed.`,
      );
    parsed.set(hash, read.value.policy);
    return { policy: read.value.policy, hash };
  }
  return {
    byHash,
    async active() {
      const pointer = await journal.read('policy', 'active');
      return pointer.value ? { ...(await byHash(pointer.value.hash)), pointer } : null;
    },
  };
}

export type LoadResult = Result<{ hash: string; changed: boolean }, readonly PolicyProblem[]>;

/** Loads the file and makes it the active policy. Refused files leave the last good one in force. */
export async function loadPolicy(
  deps: Deps & { source: PolicySource; clock: Clock; telemetry: Telemetry },
  actor: Actor,
): Promise<LoadResult> {
  const { bytes, fileName } = await deps.source.load();
  const read = deps.readPolicy(bytes, fileName);
  if (!read.ok) {
    const first = read.error[0];
    const where = first ? `${first.file}:${first.line}:${first.column} ${first.message}` : fileName;
    deps.telemetry.alarm('policy-rejected', { where, problems: read.error.length });
    return refuse(read.error);
  }
  const { hash } = read.value;
  const pointer = await deps.journal.read('policy', 'active');
  if (pointer.value?.hash === hash) return ok({ hash, changed: false });
  const now = deps.clock.now();
  const version = await deps.journal.read('policyVersion', hash);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const at = now.toISOString();
  const result = await deps.journal.commit(
    [
      ...(version.value ? [] : [put(absent('policyVersion', hash), { hash, text, storedAt: at })]),
      put(pointer, { hash, activatedAt: at }, [
        { type: 'PolicyChanged', v: 1, at, actor, hash, previousHash: pointer.value?.hash ?? null },
      ]),
    ],
    now,
  );
  // Somebody else loaded at the same moment: the next call sees what they did.
  return ok({ hash, changed: result.committed });
}
