/**
 * Who gets a link to the enrolment page. Open: whom the policy lists. Vouched: for whom an enrolled approver or admin
 * answered. Replacing: who proves the present authenticator by its current code (by a recovery code: recover.ts; by a
 * reset: use-reset.ts). A new link ends the one before; the rights are judged on what is true when the link is written.
 */
import { digestOf } from '../domain/audit/digest.ts';
import { type LiveLink, liveLink } from '../domain/authenticator/enrolment.ts';
import { vouchersFor } from '../domain/authenticator/enrolment-rights.ts';
import type { Enrolment } from '../domain/authenticator/model.ts';
import { isBeingReset } from '../domain/authenticator/reset.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { check, type Stored } from '../ports.ts';
import {
  type EnrolDeps,
  newLink,
  type Offered,
  type OfferRefusal,
  permitted,
} from './enrol-parts.ts';
import { type Change, changeEnrolment } from './enrol-writes.ts';
import { recordRefusal } from './record-refusal.ts';
import { offerByReset } from './use-reset.ts';
import { codeWrite, consumeCode, type VerifiedCode, verifyCode } from './verify-code.ts';

type Ask = {
  owner: string;
  /** Current code, where an authenticator is replaced. */
  typed: string | null;
};

/** A link for the person themself. */
export async function offerEnrolment(
  deps: EnrolDeps,
  ask: Ask,
): Promise<Result<Offered, OfferRefusal>> {
  const offered = await offer(deps, ask);
  if (!offered.ok) {
    const { code } = offered.error;
    const actor = { kind: 'person' as const, id: ask.owner };
    await recordRefusal(deps, { actor, command: 'OfferEnrolment', requestId: null, code });
  }
  return offered;
}

/** What a person who wants to enrol has to do next. */
export type NextStep =
  | { step: 'open-link'; offered: Offered }
  /** A link is in use already; what is missing is the word. */
  | { step: 'type-word'; expiresAt: string }
  | { step: 'give-code' };

/** Where a person stands: never a dead end while a link lives. `afresh` gives up a link that is in use. */
export async function beginEnrolment(
  deps: EnrolDeps,
  ask: { owner: string; afresh: boolean },
): Promise<Result<NextStep, OfferRefusal>> {
  const { value } = await deps.journal.read('enrolment', ask.owner);
  const link = liveLink(value, deps.clock.now());
  if (link?.stage === 'confirmed' && !ask.afresh)
    return ok({ step: 'type-word', expiresAt: link.expiresAt });
  const { value: present } = await deps.journal.read('authenticator', ask.owner);
  if (present && !present.needsProof && !isBeingReset(present)) return ok({ step: 'give-code' });
  const offered = await offerEnrolment(deps, { owner: ask.owner, typed: null });
  if (offered.ok) return ok({ step: 'open-link', offered: offered.value });
  // An operator's link needs no vouching: its owner comes here only to type the word.
  return link ? ok({ step: 'type-word', expiresAt: link.expiresAt }) : offered;
}

async function offer(
  deps: EnrolDeps,
  { owner, typed }: Ask,
): Promise<Result<Offered, OfferRefusal>> {
  const present = await deps.journal.read('authenticator', owner);
  if (!present.value)
    return changeEnrolment(deps, owner, (base, now) => firstLink(deps, { base, present, now }));
  if (isBeingReset(present.value)) return offerByReset(deps, owner);
  if (present.value.needsProof) return refuse({ code: 'proof-needed' });
  if (typed === null) return refuse({ code: 'current-code-needed' });
  const replaces = present.value.authenticatorId;
  const contentHash = digestOf('replace', { owner, replaces });
  const code = await verifyCode(deps, { owner, typed, contentHash, purpose: 'replace' });
  if (!code.ok) return code;
  const offered = await changeEnrolment(deps, owner, (base, now) =>
    replacementLink(deps, { base, code: code.value, replaces, now }),
  );
  if (!offered.ok) await consumeCode(deps, code.value);
  return offered;
}

async function firstLink(
  deps: EnrolDeps,
  from: { base: Stored<'enrolment'>; present: Stored<'authenticator'>; now: Date },
): Promise<Result<Change<Offered>, OfferRefusal>> {
  const { base, present, now } = from;
  const owner = base.id;
  const may = await permitted(deps, owner);
  if (!may.ok) return may;
  const { active, facts } = may.value;
  const policies = inForce(active);
  const demanded = new Set(policies.map(({ enrolment }) => enrolment));
  if (demanded.has('oidc')) return refuse({ code: 'sign-in-not-available' });
  const vouch = validVouch(base.value, now);
  if (demanded.has('vouched') && !vouch)
    return refuse({ code: 'vouching-needed', vouchers: vouchersFor(policies, owner, facts) });
  const { write, offered } = newLink(deps, { base, owner, now, vouch, replaces: null });
  return ok({ writes: [write, check(active.pointer), check(present)], value: offered });
}

async function replacementLink(
  deps: EnrolDeps,
  from: { base: Stored<'enrolment'>; code: VerifiedCode; replaces: string; now: Date },
): Promise<Result<Change<Offered>, OfferRefusal>> {
  const { base, code, replaces, now } = from;
  const may = await permitted(deps, code.owner);
  if (!may.ok) return may;
  const spent = await codeWrite(deps.journal, code, now);
  if (!spent.ok) return spent;
  const { factor } = code.evidence;
  const { owner } = code;
  const { write, offered } = newLink(deps, { base, owner, now, vouch: null, replaces, factor });
  return ok({ writes: [write, ...spent.value, check(may.value.active.pointer)], value: offered });
}

function validVouch(enrolment: Enrolment | null, now: Date): LiveLink['vouch'] {
  if (!enrolment || !('vouch' in enrolment) || !enrolment.vouch) return null;
  return enrolment.vouch.until > now.toISOString() ? enrolment.vouch : null;
}
