/**
 * Recovery codes: ten at a time, for the authenticator in place. New ones take a current code and are shown on the page,
 * once; with them the old ones are gone. Only digests are stored, so nobody can look at them again.
 */
import { digestOf } from '../domain/audit/digest.ts';
import { UNTRIED } from '../domain/authenticator/attempts.ts';
import {
  type CodesLink,
  codesLinkOf,
  ENROLMENT,
  type PageRefusal,
} from '../domain/authenticator/enrolment.ts';
import { RECOVERY, recoveryCodeFrom, recoveryCodesLeft } from '../domain/authenticator/recovery.ts';
import { isBeingReset, openStart } from '../domain/authenticator/reset.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Clock, check, type Ids, type Journal, put, type Stored } from '../ports.ts';
import { type EnrolDeps, type Offered, type OfferRefusal, permitted } from './enrol-parts.ts';
import { about, type Change, changeEnrolment } from './enrol-writes.ts';
import { recordRefusal } from './record-refusal.ts';
import {
  type CodeDeps,
  codeWrite,
  consumeCode,
  sealContext,
  type VerifiedCode,
  verifyCode,
} from './verify-code.ts';

/** A link to new codes, for who gives the code that the authenticator shows now. */
export async function offerRecoveryCodes(
  deps: EnrolDeps,
  ask: { owner: string; typed: string },
): Promise<Result<Offered, OfferRefusal>> {
  const offered = await offer(deps, ask);
  if (!offered.ok) {
    const { code } = offered.error;
    const actor = { kind: 'person' as const, id: ask.owner };
    await recordRefusal(deps, { actor, command: 'OfferRecoveryCodes', requestId: null, code });
  }
  return offered;
}

async function offer(
  deps: EnrolDeps,
  { owner, typed }: { owner: string; typed: string },
): Promise<Result<Offered, OfferRefusal>> {
  const may = await permitted(deps, owner);
  if (!may.ok) return may;
  const contentHash = digestOf('recovery-codes', { owner });
  const given = { owner, typed, contentHash, purpose: 'recovery-codes' } as const;
  const code = await verifyCode(deps, given);
  if (!code.ok) return code;
  const offered = await changeEnrolment(deps, owner, (base, now) =>
    codesLink(deps, { base, code: code.value, now }),
  );
  if (!offered.ok) await consumeCode(deps, code.value);
  return offered;
}

async function codesLink(
  deps: EnrolDeps,
  from: { base: Stored<'enrolment'>; code: VerifiedCode; now: Date },
): Promise<Result<Change<Offered>, OfferRefusal>> {
  const { base, code, now } = from;
  const { owner, authenticatorId } = code;
  const may = await permitted(deps, owner);
  if (!may.ok) return may;
  const spent = await codeWrite(deps.journal, code, now);
  if (!spent.ok) return spent;
  const token = `${owner}.${CODES_MARK}${deps.ids.token()}`;
  const expiresAt = new Date(now.getTime() + ENROLMENT.linkSeconds * 1000).toISOString();
  const tokenHash = digestOf('enrolment-token', token);
  const { factor } = code.evidence;
  const type = 'RecoveryCodesOffered' as const;
  const event = { type, ...about(owner, now), authenticatorId, factor };
  const createdAt = now.toISOString();
  const link = { owner, authenticatorId, tokenHash, createdAt, expiresAt };
  return ok({
    writes: [
      put(base, { stage: 'recovery-codes', ...link }, [event]),
      ...spent.value,
      check(may.value.active.pointer),
    ],
    value: { url: `${deps.publicUrl}/enroll/${token}`, expiresAt },
  });
}

const CODES_MARK = 'codes.';
const TOKEN = /^([UW][A-Z0-9]{2,30})\.codes\.[A-Za-z0-9_-]{22,128}$/;

/** Whether a link claims to lead to recovery codes, told by its looks alone. */
export const isCodesToken = (token: string): boolean => TOKEN.test(token);

/** What the page shows, once. */
export async function showRecoveryCodes(
  deps: CodeDeps & { ids: Ids },
  token: string,
): Promise<Result<readonly string[], PageRefusal>> {
  const owner = TOKEN.exec(token)?.[1];
  if (owner === undefined) return refuse({ code: 'link-unknown' });
  return changeEnrolment<readonly string[], PageRefusal>(deps, owner, async (base, now) => {
    const link = codesLinkOf(base.value, digestOf('enrolment-token', token), now);
    return link.ok ? issue(deps, { base, link: link.value, now }) : link;
  });
}

async function issue(
  deps: CodeDeps & { ids: Ids },
  from: { base: Stored<'enrolment'>; link: CodesLink; now: Date },
): Promise<Result<Change<readonly string[]>, PageRefusal>> {
  const { base, link, now } = from;
  const { owner, authenticatorId, tokenHash } = link;
  const present = await deps.journal.read('authenticator', owner);
  const { value } = present;
  if (value?.authenticatorId !== authenticatorId || isBeingReset(value))
    return refuse({ code: 'authenticator-changed' });
  const secret = await deps.secretBox.open(value.sealed, sealContext(deps.tenant, value));
  const { codes, digests } = newRecoveryCodes(deps, secret, authenticatorId);
  secret.fill(0);
  const count = codes.length;
  const head = { type: 'RecoveryCodesIssued' as const, ...about(owner, now), authenticatorId };
  const next = { ...value, recovery: { digests, ...UNTRIED } };
  const done = { stage: 'done' as const, owner, authenticatorId, tokenHash };
  return ok({
    writes: [put(base, done), put(present, next, [{ ...head, count, occasion: 'renewal' }])],
    value: codes,
  });
}

/** Ten codes as they are written down, and what is stored of them. */
export function newRecoveryCodes(
  { ids, codes: hash }: Pick<CodeDeps, 'codes'> & { ids: Ids },
  secret: Uint8Array,
  authenticatorId: string,
): { codes: string[]; digests: string[] } {
  const codes = Array.from({ length: RECOVERY.codes }, () =>
    recoveryCodeFrom(ids.secret(RECOVERY.bytes)),
  );
  const digests = codes.map((code) => hash.recoveryDigest(secret, authenticatorId, code));
  return { codes, digests };
}

/** What a person may know about the own authenticator. */
export type AuthenticatorStatus = {
  enrolledAt: string;
  mayApproveFrom: string;
  locked: boolean;
  recoveryCodesLeft: number;
  reset: 'none' | 'started' | 'confirmed';
};

/** Null: there is none. */
export async function authenticatorStatus(
  deps: { journal: Journal; clock: Clock },
  owner: string,
): Promise<AuthenticatorStatus | null> {
  const { value } = await deps.journal.read('authenticator', owner);
  if (!value) return null;
  const now = deps.clock.now();
  const { enrolledAt, mayApproveFrom, lockedUntil, needsProof, reset } = value;
  const started = openStart(reset, now) ? 'started' : 'none';
  return {
    enrolledAt,
    mayApproveFrom,
    locked: needsProof || (lockedUntil ?? '') > now.toISOString(),
    recoveryCodesLeft: recoveryCodesLeft(value),
    reset: isBeingReset(value) ? 'confirmed' : started,
  };
}
