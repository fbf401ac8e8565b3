/**
 * The end of an enrolment: the word from the page, typed in the owner's own Slack. One transaction makes the
 * authenticator and closes the link. The new one may not approve before the policy's hold is over, and never with a
 * code that the page has seen; it takes the place only of the one that was proven.
 */

import {
  enrolledFrom,
  linkOf,
  reserveWord,
  type WordRefusal,
} from '../domain/authenticator/enrolment.ts';
import { barredFromEnrolment } from '../domain/authenticator/enrolment-rights.ts';
import type {
  Authenticator,
  AuthenticatorEvent,
  Enrolment,
} from '../domain/authenticator/model.ts';
import { isBeingReset } from '../domain/authenticator/reset.ts';
import { canonicalWord } from '../domain/authenticator/word.ts';
import { inForce, longestOf } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { check, put, type Stored } from '../ports.ts';
import { note, wordHashOf } from './enrol-on-page.ts';
import { type EnrolDeps, type OfferRefusal, rightsFacts } from './enrol-parts.ts';
import { about, type Change, changeEnrolment } from './enrol-writes.ts';
import { recordRefusal } from './record-refusal.ts';

type Confirmed = Extract<Enrolment, { stage: 'confirmed' }>;
type Made = Extract<
  AuthenticatorEvent,
  { type: 'AuthenticatorEnrolled' | 'AuthenticatorReplaced' }
>;
export type Enrolled = {
  mayApproveFrom: string;
  /** True when it took the place of another one. */
  replaced: boolean;
  /** What everybody concerned should hear of. */
  event: Made;
};
export type TypeWordRefusal = WordRefusal | OfferRefusal;

export async function typeWord(
  deps: EnrolDeps,
  given: { owner: string; typed: string },
): Promise<Result<Enrolled, TypeWordRefusal>> {
  const enrolled = await finish(deps, given);
  if (!enrolled.ok) {
    const { code } = enrolled.error;
    const actor = { kind: 'person' as const, id: given.owner };
    await recordRefusal(deps, { actor, command: 'FinishEnrolment', requestId: null, code });
  }
  return enrolled;
}

async function finish(
  deps: EnrolDeps,
  given: { owner: string; typed: string },
): Promise<Result<Enrolled, TypeWordRefusal>> {
  const { owner } = given;
  const reserved = await changeEnrolment<Confirmed, WordRefusal>(deps, owner, async (base, now) => {
    const counted = reserveWord(base.value, now);
    if (!counted.ok) return counted;
    return ok({ writes: [put(base, counted.value)], value: counted.value });
  });
  if (!reserved.ok) return reserved;
  const link = reserved.value;
  const word = canonicalWord(given.typed);
  if (word === null || wordHashOf(link.authenticatorId, word) !== link.wordHash) {
    await note(deps, link, 'wrong-word');
    return refuse({ code: 'word-wrong' });
  }
  return changeEnrolment(deps, owner, (base, now) => complete(deps, { base, link, now }));
}

async function complete(
  deps: EnrolDeps,
  from: { base: Stored<'enrolment'>; link: Confirmed; now: Date },
): Promise<Result<Change<Enrolled>, TypeWordRefusal>> {
  const { base, now } = from;
  const { owner, tokenHash } = from.link;
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const facts = await rightsFacts(deps, active, [owner]);
  const barred = barredFromEnrolment(inForce(active), owner, facts);
  if (barred) return refuse(barred);
  const link = linkOf(base.value, tokenHash, now);
  if (!link.ok || link.value.stage !== 'confirmed') return refuse({ code: 'no-enrolment' });
  const present = await deps.journal.read('authenticator', owner);
  if ((present.value?.authenticatorId ?? null) !== link.value.replaces)
    return refuse({ code: 'authenticator-changed' });
  const reset = present.value && isBeingReset(present.value) ? present.value.reset : null;
  // A reset stops every other way; a link that rests on one falls with it.
  if ((reset?.resetId ?? null) !== link.value.resetId)
    return refuse({ code: reset ? 'authenticator-being-reset' : 'no-reset' });
  const holdSeconds = longestOf(inForce(active), (each) => each.new_authenticator_hold);
  const authenticator = enrolledFrom(link.value, present.value, { now, holdSeconds });
  const event = eventOf(authenticator, link.value.replaces, now);
  const { authenticatorId, mayApproveFrom } = authenticator;
  const done = { stage: 'done' as const, owner, authenticatorId, tokenHash };
  const completed = { type: 'EnrolmentCompleted' as const, ...about(owner, now), authenticatorId };
  return ok({
    writes: [
      put(base, done, [completed]),
      put(present, authenticator, [event, ...issued(authenticator, now)]),
      check(active.pointer),
    ],
    value: { mayApproveFrom, replaced: link.value.replaces !== null, event },
  });
}

function issued({ owner, authenticatorId, ...made }: Authenticator, now: Date) {
  const count = made.recovery?.digests.length ?? 0;
  const type = 'RecoveryCodesIssued' as const;
  return count > 0
    ? [{ type, ...about(owner, now), authenticatorId, count, occasion: 'enrolment' as const }]
    : [];
}

function eventOf(made: Authenticator, replaces: string | null, now: Date): Made {
  const { authenticatorId, mayApproveFrom, owner } = made;
  const facts = { ...about(owner, now), authenticatorId, mayApproveFrom };
  return replaces === null
    ? { type: 'AuthenticatorEnrolled', ...facts }
    : { type: 'AuthenticatorReplaced', ...facts, replaces };
}
