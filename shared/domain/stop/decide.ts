/**
 * Who may press the red button, and what a press means: the first one proposes, another human's within ten minutes confirms. Both
 * are admins of the policies in force, full members by fresh evidence, each with a code of their own for exactly this. Pure.
 */
import { digestOf } from '../audit/digest.ts';
import {
  barredFromEnrolment,
  isAdmin,
  type RightsFacts,
  type Stranger,
} from '../authenticator/enrolment-rights.ts';
import { type InForce, sameHumanBy } from '../policy/in-force.ts';
import { ok, type Result, refuse } from '../result.ts';
import { NOTHING_STOPPED, type Stop, type StopWhat } from './model.ts';

const CONFIRM_WITHIN_SECONDS = 10 * 60;

export type SwitchRefusal = Stranger | { code: 'admins-only' };
export type StopRefusal =
  | SwitchRefusal
  | { code: 'already-stopped'; since: string }
  | { code: 'nothing-stopped' }
  | { code: 'second-admin-needed'; until: string };

export type Press = {
  readonly step: 'propose' | 'confirm';
  readonly what: StopWhat;
  /** Who proposed what is confirmed; null: it is proposed now. */
  readonly proposedBy: string | null;
  /** What the presser's code must be given for. */
  readonly contentHash: string;
};

/** Null: an admin of the policies in force, known to Slack as a full member just now. */
export function barredFromSwitches(
  policies: InForce,
  person: string,
  facts: RightsFacts,
): SwitchRefusal | null {
  const barred = barredFromEnrolment(policies, person, facts);
  if (barred) return barred;
  return isAdmin(policies, person) ? null : { code: 'admins-only' };
}

/** What this press would be: told before a code is asked for, and judged again when it is given. */
export function judgePress(
  { standing, proposal }: Stop,
  press: { person: string; what: StopWhat },
  at: { policies: InForce; facts: RightsFacts },
): Result<Press, StopRefusal> {
  const { person, what } = press;
  const { policies, facts } = at;
  const barred = barredFromSwitches(policies, person, facts);
  if (barred) return refuse(barred);
  if (what === 'stop' && standing)
    return refuse({ code: 'already-stopped', since: standing.since });
  if (what === 'lift' && !standing) return refuse({ code: 'nothing-stopped' });
  const open =
    proposal?.what === what && facts.now.toISOString() < proposal.until ? proposal : null;
  // A proposal counts for as long as who made it is still somebody who may.
  if (!open || barredFromSwitches(policies, open.by, facts)) {
    const contentHash = digestOf('red-button', { step: 'propose', what, by: person });
    return ok({ step: 'propose', what, proposedBy: null, contentHash });
  }
  if (sameHumanBy(policies, facts)(person, open.by))
    return refuse({ code: 'second-admin-needed', until: open.until });
  const { by, at: proposedAt } = open;
  const contentHash = digestOf('red-button', { step: 'confirm', what, by, proposedAt });
  return ok({ step: 'confirm', what, proposedBy: by, contentHash });
}

/** The record after a press that was allowed. */
export function pressed(stop: Stop, press: Press, by: { person: string; now: Date }): Stop {
  const at = by.now.toISOString();
  if (press.proposedBy === null) {
    const until = new Date(by.now.getTime() + CONFIRM_WITHIN_SECONDS * 1000).toISOString();
    return { ...stop, proposal: { what: press.what, by: by.person, at, until } };
  }
  if (press.what === 'lift') return NOTHING_STOPPED;
  const standing = { since: at, proposedBy: press.proposedBy, confirmedBy: by.person };
  return { standing, proposal: null, clearedAt: null };
}
