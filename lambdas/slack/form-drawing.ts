/**
 * What the form shows for what stands in its fields: keeps the role and length that still fit the target and proposes others
 * where they do not, and asks the evaluator what it makes of all of it. A field that keeps its content keeps its block id; one
 * whose content must change gets the next, for Slack ignores initial values under an id it knows.
 */

import { allTaken, takenBy } from '../../shared/application/glass.ts';
import {
  askedInEmergency,
  takenThisWeek,
} from '../../shared/domain/access-request/decide-break-glass.ts';
import { timeOf } from '../../shared/domain/access-request/facts.ts';
import type { Choices } from '../../shared/domain/policy/choices.ts';
import type { PersonEvidence } from '../../shared/domain/policy/identity.ts';
import type { PolicyRefusal } from '../../shared/domain/policy/refusal.ts';
import { type Asker, evidenceAtHand } from './asker.ts';
import type { SlackDeps } from './deps.ts';
import type { FieldValue, FormSheet } from './form-payloads.ts';
import { type OnScreen, readLength, startIn } from './form-screen.ts';
import type { Modal } from './views/block-kit.ts';
import { durationValue } from './views/durations.ts';
import { asksForCode, requestForm } from './views/form.ts';
import { FIRST_IDS, type FieldIds, type Filled, type GlassStanding } from './views/form-facts.ts';
import { OTHER_LENGTH } from './views/form-options.ts';
import { missingFacts } from './views/form-words.ts';

export type Drawing = {
  readonly sheet: FormSheet;
  readonly screen: OnScreen;
  readonly notes: readonly string[];
};

/** The form with everything in it that fits, ready for Slack. */
export async function drawnForm(
  deps: SlackDeps,
  asker: Asker,
  { sheet, screen, notes }: Drawing,
): Promise<Modal> {
  const { timezone } = asker.active.policy;
  const now = deps.clock.now();
  const evidence = await subjectEvidence(deps, asker, screen.filled);
  const fitted = fitting(asker, { sheet, screen, timezone, now, evidence });
  const { filled, choices } = fitted;
  const [enrolled, glass] = await Promise.all([
    isEnrolled(deps, asker, choices),
    glassStanding(deps, asker, choices),
  ]);
  const { subject, begins, from, until, incident } = filled;
  return requestForm({
    ...{ now, timezone, ...fitted, enrolled, glass },
    notes: [...notes, ...missingFacts(asker)],
    ids: idsFor(screen, filled),
    ways: asker.ways(filled.target),
    start: startIn(filled),
    sheet: {
      ...{ ...sheet, policyHash: asker.active.hash },
      beside: { subject, begins, from, until, glass: filled.glass, incident },
    },
    reason: screen.reason,
  });
}

/** Who is chosen may be a guest or a bot: said while the form is filled in, if Slack says so in time. */
async function subjectEvidence(deps: SlackDeps, { person }: Asker, { subject, glass }: Filled) {
  if (subject === null || subject === person || glass) return new Map<string, PersonEvidence>();
  const evidence = await evidenceAtHand(deps, subject);
  return new Map(evidence ? [[subject, evidence]] : []);
}

const isEnrolled = async (
  { journal }: SlackDeps,
  { person }: Asker,
  choices: Choices | null,
): Promise<boolean> =>
  !asksForCode(choices) || (await journal.read('authenticator', person)).value !== null;

/** What is left of the quota, and whether a review is owed: judged by what decides about it, with nothing of it decided. */
async function glassStanding(
  { journal, clock }: SlackDeps,
  { person, active }: Asker,
  choices: Choices | null,
): Promise<GlassStanding | null> {
  if (!choices?.emergency) return null;
  const policies = active.pending ? [active, active.pending] : [active];
  const identity = { evidence: new Map(), linkedAccounts: new Map() };
  const taken = await takenBy(journal, { policies, identity }, person);
  const facts = { glass: allTaken(taken), now: clock.now() };
  const ask = { breakGlass: { incident: null } };
  const judged = askedInEmergency(ask, [choices.emergency.terms], facts);
  return {
    taken: takenThisWeek(facts).length,
    refusal: judged.ok ? null : judged.error,
    reviewBy: judged.ok ? (judged.value?.reviewBy ?? null) : null,
    securityChannel: active.policy.security_channel ?? null,
  };
}

type Fitted = {
  filled: Filled;
  choices: Choices | null;
  refused: PolicyRefusal | null;
  seconds: number | null;
};
type When = { timezone: string; now: Date };
type On = When & {
  sheet: FormSheet;
  screen: OnScreen;
  evidence: ReadonlyMap<string, PersonEvidence>;
};

function fitting(asker: Asker, { sheet, screen, evidence, ...when }: On): Fitted {
  const { filled } = screen;
  const nothing = { filled, choices: null, refused: null, seconds: null };
  if (filled.target === null) return nothing;
  const said = beside(filled, filled.target);
  const ask = { ...said, role: filled.role ?? sheet.said.role };
  const first = asker.choices({ ...ask, durationSeconds: null }, evidence);
  if (!first)
    return { ...nothing, refused: asker.whyNot({ ...ask, durationSeconds: null }, evidence) };
  const { roles } = first;
  const role = roles.find((each) => each === ask.role) ?? (roles.length === 1 ? roles[0] : null);
  const before = lengthBefore(screen, sheet, when);
  const duration = fits(before, first) ? before.value : durationValue(first.proposedSeconds);
  const seconds = duration === before.value ? before.seconds : first.proposedSeconds;
  const whole = { ...said, role: role ?? null, durationSeconds: seconds };
  const window = timeOf(said.start, seconds ?? first.proposedSeconds);
  return {
    filled: { ...filled, role: role ?? null, duration, exact: filled.exact || before.exact },
    ...{ seconds, refused: null },
    choices: asker.choices({ ...whole, ...window }, evidence) ?? first,
  };
}

/** For whom, from when and in which emergency, as the evaluator is asked. */
function beside(filled: Filled, entitlement: string) {
  const start = startIn(filled);
  const incident = filled.incident.trim();
  return {
    entitlement,
    subject: filled.glass ? null : filled.subject,
    start: start === 'incomplete' ? null : start,
    breakGlass: filled.glass ? { incident: incident === '' ? null : incident } : null,
  };
}

/** `said`: it comes from the line that opened the form, and stands there however long it is. */
type Length = { value: string | null; exact: string; seconds: number | null; said: boolean };

/** What was chosen before, or said in the line that opened the form; a time of day is kept as it was typed. */
function lengthBefore({ filled, fields }: OnScreen, sheet: FormSheet, when: When): Length {
  const said = fields.duration?.value ? null : sheet.said.duration;
  if (said?.startsWith('until ')) {
    const seconds = readLength({ ...filled, duration: OTHER_LENGTH, exact: said }, when);
    return { value: OTHER_LENGTH, exact: said, seconds, said: true };
  }
  const duration = said ?? filled.duration;
  const seconds = readLength({ ...filled, duration }, when);
  const value = seconds === null ? null : durationValue(seconds);
  return {
    value: duration === OTHER_LENGTH ? duration : value,
    ...{ exact: filled.exact, seconds, said: said !== null },
  };
}

/** What was typed stays on the screen, right or wrong; a length from the list has to be one of this rule's. */
const fits = ({ value, seconds, said }: Length, { durations }: Choices): boolean =>
  value === OTHER_LENGTH ||
  (value !== null && seconds !== null && (said || seconds <= (durations.at(-1)?.seconds ?? 0)));

const idsFor = ({ fields }: OnScreen, filled: Filled): FieldIds => ({
  role: idFor('role', fields.role, filled.role),
  duration: idFor('duration', fields.duration, filled.duration),
  exact: fields.exact?.blockId ?? FIRST_IDS.exact,
});

const NUMBERED = /^[a-z]+~([0-9]{1,4})$/;

/** `role`, then `role~2`, `role~3`: another id only where the field must show something else than it does. */
function idFor(name: keyof FieldIds, before: FieldValue | null, wanted: string | null): string {
  if (before === null) return name;
  if (before.value === wanted) return before.blockId;
  const last = Number(NUMBERED.exec(before.blockId)?.[1] ?? 1);
  return `${name}~${last + 1}`;
}
