/** What a CI system must be able to do for us: the provider's part of the ports, in its own file for length only. */

/** One place at a provider that keeps members: a team, a project, a group. */
export type ContainerRef = {
  /** Provider name as in the policy, for example `github`. */
  readonly provider: string;
  /** What the container is there: `team` for GitHub. */
  readonly kind: string;
  /** The container's name at the provider, for example `acme/deployers`. */
  readonly resource: string;
  /** Its immutable id where its name can pass to another one (`containerId`); once known, calls go there. */
  readonly id?: string;
};

/** A person's account at a provider. The id is immutable there; the login may be renamed and taken over. */
export type ProviderAccount = { readonly accountId: string; readonly login: string };

/** What a provider answered about one account in one container. */
export type ProviderMembership = {
  /** Role held now, `null` when the account is no member. */
  readonly role: string | null;
  /** False when the role comes only by inheritance (child team, parent group): nothing here could be removed. */
  readonly direct: boolean;
  /** ISO instant at which the provider itself ends the membership, `null` where it has no such end. */
  readonly until: string | null;
  /** A stronger role that comes by inheritance beside the direct one, where there is such. */
  readonly inherited?: string;
  /** The provider's own refinement of the direct role (GitLab: id of a custom role), to put back later. */
  readonly variant?: string;
};

export type ListedMember = ProviderAccount & ProviderMembership;

/** One CI system. Reads are fresh; writes are idempotent there; what may have been applied is not retried inside. */
export interface AccessProvider {
  readonly name: string;
  /** Seconds after which a call that was issued can no longer take effect (HTTP timeout + the provider's own delay). */
  readonly inflightSeconds: number;
  /** What removal covers: R0 membership only, R1 also running jobs, R2 also tokens and sessions. */
  readonly completeness: 'R0' | 'R1' | 'R2';
  /** Weakest first; roles that are not named do not exist. */
  roles(kind: string): readonly string[];
  /** Resolves a login to the provider's immutable id. @throws ProviderFault `account-not-found` */
  resolveAccount(login: string): Promise<ProviderAccount>;
  /** The account's login of today, by its immutable id; null when the account no longer exists. */
  currentAccount(accountId: string): Promise<ProviderAccount | null>;
  /** Where a container's name can pass to another one: the id to pin. @throws ProviderFault `container-not-found` */
  containerId?(container: ContainerRef): Promise<string>;
  /** Checks that a grant could work at all (a full member, a container we may change). @throws ProviderFault with `applied: 'no'` */
  checkEligible(container: ContainerRef, account: ProviderAccount): Promise<void>;
  /** A bot's account, or the one we act as: no human's, so it is never taken out of anything. Absent where members are people only. */
  isMachine?(account: ProviderAccount): Promise<boolean>;
  read(container: ContainerRef, account: ProviderAccount): Promise<ProviderMembership>;
  /** Adds, raises or lowers. `until` is the dead-man switch where the provider has one, `variant` what a baseline had; others ignore both. */
  setRole(
    container: ContainerRef,
    account: ProviderAccount,
    role: string,
    until: string | null,
    variant?: string,
  ): Promise<void>;
  /** Removes the direct membership; succeeds when there is none. */
  remove(container: ContainerRef, account: ProviderAccount): Promise<void>;
  /** Every member of the container, direct and inherited, all pages. */
  list(container: ContainerRef): Promise<readonly ListedMember[]>;
}

export type ProviderFaultCode =
  | 'account-not-found'
  | 'account-changed'
  | 'account-not-eligible'
  | 'already-has-access'
  | 'not-a-member-of-organization'
  | 'container-not-found'
  | 'container-not-manageable'
  | 'invalid-role'
  | 'unauthorized'
  | 'rate-limited'
  | 'conflict'
  | 'timeout'
  | 'unavailable'
  | 'malformed-answer';

/** A provider failed or said no. `applied: 'unknown'` means that the write may still take effect. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  readonly code: ProviderFaultCode;
  readonly retryable: boolean;
  readonly applied: 'no' | 'unknown';
  /** Seconds the provider asked us to wait, clamped to 1..3600; `null` when it said nothing. */
  readonly retryAfterSeconds: number | null;
  constructor(
    message: string,
    detail: {
      code: ProviderFaultCode;
      retryable: boolean;
      applied: 'no' | 'unknown';
      retryAfterSeconds?: number | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: detail.cause });
    this.code = detail.code;
    this.retryable = detail.retryable;
    this.applied = detail.applied;
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null;
  }
}
