/**
 * The way from a link to an authenticator, decided purely: which link is live, what it allows next, how often something
 * may be tried. Whoever holds a dead link learns why it is dead and nothing else.
 */
import { ok, type Result, refuse } from '../result.ts';
import { UNTRIED } from './attempts.ts';
import type { Authenticator, Enrolment } from './model.ts';

export const ENROLMENT = { linkSeconds: 600, vouchSeconds: 24 * 3600, tries: 5, secretBytes: 20 };

type At<Stage extends Enrolment['stage']> = Extract<Enrolment, { stage: Stage }>;
export type LiveLink = At<'offered' | 'revealed' | 'confirmed'>;
export type Opened = At<'revealed' | 'confirmed'>;
export type CodesLink = At<'recovery-codes'>;

export type LinkRefusal =
  /** Never made, replaced by a newer one, or mistyped. */
  { code: 'link-unknown' } | { code: 'link-expired' } | { code: 'link-used' };
export type PageRefusal =
  | LinkRefusal
  | { code: 'key-already-shown' }
  | { code: 'key-not-shown-yet' }
  | { code: 'code-malformed' }
  | { code: 'code-wrong' }
  | { code: 'too-many-tries' }
  /** The authenticator of this link was replaced or is being reset. */
  | { code: 'authenticator-changed' };
export type WordRefusal =
  | { code: 'no-enrolment' }
  | { code: 'link-expired' }
  | { code: 'word-too-early' }
  | { code: 'word-wrong' }
  | { code: 'too-many-tries' }
  /** The authenticator that was to be replaced is not the one in place any more. */
  | { code: 'authenticator-changed' };

const isLink = (enrolment: Enrolment): enrolment is LiveLink =>
  enrolment.stage === 'offered' ||
  enrolment.stage === 'revealed' ||
  enrolment.stage === 'confirmed';

/** The link in progress, null when there is none that still works. */
export const liveLink = (enrolment: Enrolment | null, now: Date): LiveLink | null =>
  enrolment && isLink(enrolment) && enrolment.expiresAt > now.toISOString() ? enrolment : null;

export function linkOf(
  enrolment: Enrolment | null,
  tokenHash: string,
  now: Date,
): Result<LiveLink, LinkRefusal> {
  const known = byToken(enrolment, tokenHash);
  if (!known || known.stage === 'recovery-codes') return refuse({ code: 'link-unknown' });
  if (known.stage === 'done') return refuse({ code: 'link-used' });
  return liveLink(known, now) ? ok(known) : refuse({ code: 'link-expired' });
}

/** The same for a link to new recovery codes. */
export function codesLinkOf(
  enrolment: Enrolment | null,
  tokenHash: string,
  now: Date,
): Result<CodesLink, LinkRefusal> {
  const known = byToken(enrolment, tokenHash);
  if (known?.stage === 'done') return refuse({ code: 'link-used' });
  if (known?.stage !== 'recovery-codes') return refuse({ code: 'link-unknown' });
  return known.expiresAt > now.toISOString() ? ok(known) : refuse({ code: 'link-expired' });
}

const byToken = (enrolment: Enrolment | null, tokenHash: string) =>
  enrolment && enrolment.stage !== 'vouched' && enrolment.tokenHash === tokenHash
    ? enrolment
    : null;

/** Counts a code before it is verified. */
export function reserveCode(link: LiveLink): Result<Opened, PageRefusal> {
  if (link.stage === 'offered') return refuse({ code: 'key-not-shown-yet' });
  if (link.codeTries >= ENROLMENT.tries) return refuse({ code: 'too-many-tries' });
  return ok({ ...link, codeTries: link.codeTries + 1 });
}

/** Counts a word before it is compared. */
export function reserveWord(
  enrolment: Enrolment | null,
  now: Date,
): Result<At<'confirmed'>, WordRefusal> {
  if (!enrolment || !isLink(enrolment)) return refuse({ code: 'no-enrolment' });
  if (!liveLink(enrolment, now)) return refuse({ code: 'link-expired' });
  if (enrolment.stage !== 'confirmed') return refuse({ code: 'word-too-early' });
  if (enrolment.wordTries >= ENROLMENT.tries) return refuse({ code: 'too-many-tries' });
  return ok({ ...enrolment, wordTries: enrolment.wordTries + 1 });
}

/** After the right code; a later one moves the step on, so that no code seen by the page ever approves anything. */
export const confirmed = (
  link: Opened,
  right: { step: number; wordHash: string; recovery: readonly string[] },
): At<'confirmed'> => ({
  ...link,
  stage: 'confirmed',
  codeTries: 0,
  confirmedStep: link.stage === 'confirmed' ? Math.max(link.confirmedStep, right.step) : right.step,
  wordHash: right.wordHash,
  wordTries: link.stage === 'confirmed' ? link.wordTries : 0,
  // Shown with the first right code, once.
  recovery: link.stage === 'confirmed' ? link.recovery : [...right.recovery],
});

/** The authenticator that a finished enrolment leaves. It accepts no step that the page or its predecessor has seen. */
export function enrolledFrom(
  link: At<'confirmed'>,
  predecessor: Authenticator | null,
  times: { now: Date; holdSeconds: number },
): Authenticator {
  const mayApproveFrom = new Date(times.now.getTime() + times.holdSeconds * 1000);
  return {
    owner: link.owner,
    authenticatorId: link.authenticatorId,
    sealed: link.sealed,
    enrolledAt: times.now.toISOString(),
    mayApproveFrom: mayApproveFrom.toISOString(),
    lastStep: Math.max(link.confirmedStep, predecessor?.lastStep ?? 0),
    ...UNTRIED,
    recovery: link.recovery.length > 0 ? { digests: link.recovery, ...UNTRIED } : null,
    reset: null,
    approvalsVoidUntil: predecessor?.approvalsVoidUntil ?? null,
  };
}
