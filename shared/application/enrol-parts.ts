/** What offering, vouching and the operator share: the refusals, the facts rights are judged by, the link itself. */
import { digestOf } from '../domain/audit/digest.ts';
import {
  ENROLMENT,
  type LiveLink,
  type PageRefusal,
  type WordRefusal,
} from '../domain/authenticator/enrolment.ts';
import {
  barredFromEnrolment,
  type RightsFacts,
  type RightsRefusal,
} from '../domain/authenticator/enrolment-rights.ts';
import type { ResetRefusal } from '../domain/authenticator/reset.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  type Clock,
  type Directory,
  type Ids,
  type Journal,
  put,
  type Stored,
  type Telemetry,
  type Write,
} from '../ports.ts';
import { about } from './enrol-writes.ts';
import { linked } from './facts-for.ts';
import type { ActivePolicy, Policies } from './policies.ts';
import type { CodeDeps, CodeRefusal, SpendRefusal, VerifiedCode } from './verify-code.ts';

export type EnrolDeps = CodeDeps & {
  ids: Ids;
  policies: Policies;
  directory: Directory;
  teamId: string;
  telemetry: Telemetry;
  /** Where people reach the page, without a trailing slash. */
  publicUrl: string;
};

export type OfferRefusal =
  | RightsRefusal
  | ResetRefusal
  | CodeRefusal
  | SpendRefusal
  | { code: 'policy-unavailable' }
  /** The policy wants somebody to vouch first. `vouchers`: Slack ids of who may. */
  | { code: 'vouching-needed'; vouchers: readonly string[] }
  /** The policy wants a sign-in on the page, which this version does not offer. */
  | { code: 'sign-in-not-available' }
  /** There is an authenticator already: replacing it needs its current code. */
  | { code: 'current-code-needed' }
  | { code: 'already-enrolled'; person: string }
  /** Too many wrong codes in a row: no code helps any more. */
  | { code: 'proof-needed' }
  | { code: 'recovery-code-malformed' }
  /** Wrong, used, or locked for a while: one answer. */
  | { code: 'recovery-code-refused' }
  /** None were made, or all are used. */
  | { code: 'no-recovery-codes' };

/** Every no on the way to an authenticator. */
export type EnrolRefusal = OfferRefusal | PageRefusal | WordRefusal;

export type Offered = { url: string; expiresAt: string };

/** Whether the policy and Slack, asked now, let this person have an authenticator. */
export async function permitted(
  deps: EnrolDeps,
  owner: string,
): Promise<
  Result<
    { active: ActivePolicy; facts: RightsFacts },
    RightsRefusal | { code: 'policy-unavailable' }
  >
> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const facts = await rightsFacts(deps, active, [owner]);
  const barred = barredFromEnrolment(inForce(active), owner, facts);
  return barred ? refuse(barred) : ok({ active, facts });
}

/** Fresh evidence and known accounts of the people concerned. */
export async function rightsFacts(
  deps: { journal: Journal; directory: Directory; teamId: string; clock: Clock },
  { policy }: ActivePolicy,
  people: readonly string[],
): Promise<RightsFacts> {
  const now = deps.clock.now();
  const [evidence, linkedAccounts] = await Promise.all([
    deps.directory.evidence(people, now),
    linked(deps.journal, policy, people),
  ]);
  return { now: deps.clock.now(), teamId: deps.teamId, evidence, linkedAccounts };
}

export type LinkParts = Pick<LiveLink, 'owner' | 'vouch' | 'replaces'> & {
  base: Stored<'enrolment'>;
  now: Date;
  /** Absent: it rests on no reset. */
  resetId?: string;
  /** Absent: the owner. */
  actor?: { kind: 'operator' };
  factor?: VerifiedCode['evidence']['factor'];
};

/** The token names its owner, so that nobody has to be searched; its 256 random bits leave here once and are never stored. */
export function newLink(
  deps: { ids: Ids; publicUrl: string },
  parts: LinkParts,
): { write: Write; offered: Offered; authenticatorId: string } {
  const { base, owner, now, vouch, replaces } = parts;
  const token = `${owner}.${deps.ids.token()}`;
  const expiresAt = new Date(now.getTime() + ENROLMENT.linkSeconds * 1000).toISOString();
  const { resetId = null } = parts;
  const link = { owner, vouch, replaces, resetId, authenticatorId: deps.ids.unique() };
  const tokenHash = digestOf('enrolment-token', token);
  const event = {
    type: 'EnrolmentOffered' as const,
    ...about(owner, now, parts.actor),
    authenticatorId: link.authenticatorId,
    vouchedBy: vouch?.by ?? null,
    replaces,
    factor: parts.factor ?? null,
  };
  const createdAt = now.toISOString();
  const write = put(base, { stage: 'offered', ...link, tokenHash, createdAt, expiresAt }, [event]);
  const offered = { url: `${deps.publicUrl}/enroll/${token}`, expiresAt };
  return { write, offered, authenticatorId: link.authenticatorId };
}
