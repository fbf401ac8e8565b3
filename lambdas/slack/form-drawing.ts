/**
 * What the form shows for what stands in its fields: looks up the target among those this person may ask for, keeps the
 * role and length that still fit it and proposes others where they do not. A field that keeps its content keeps its block
 * id; one whose content must change gets the next, for Slack ignores initial values under an id it knows.
 */
import { parseDuration } from '../../shared/domain/duration.ts';
import type { Choices } from '../../shared/domain/policy/choices.ts';
import type { Asker } from './asker.ts';
import type { SlackDeps } from './deps.ts';
import { type FieldValue, type FormSheet, fieldOf, type Values } from './form-payloads.ts';
import { secondsUntil } from './until.ts';
import type { Modal } from './views/block-kit.ts';
import { durationValue } from './views/durations.ts';
import { asksForCode, requestForm } from './views/form.ts';
import { FIRST_IDS, type FieldIds, type Filled } from './views/form-facts.ts';
import { OTHER_LENGTH, targetOf } from './views/form-options.ts';
import { missingFacts } from './views/form-words.ts';

/** Seconds of what was chosen or typed; null for nothing or for what is no length. */
export function readLength(
  { duration, exact }: Pick<Filled, 'duration' | 'exact'>,
  when: { timezone: string; now: Date },
): number | null {
  const written = (duration === OTHER_LENGTH ? exact : (duration ?? '')).trim();
  const until = /^until\s+(\S+)$/.exec(written)?.[1];
  return until === undefined
    ? parseDuration(written)
    : secondsUntil(until, when.timezone, when.now);
}

/** What stands in the fields of a form on a screen, and where. */
export type OnScreen = {
  readonly filled: Filled;
  readonly role: FieldValue | null;
  readonly duration: FieldValue | null;
  readonly exact: FieldValue | null;
  readonly reason: string;
  readonly code: FieldValue | null;
};

export const NOTHING_ON_SCREEN: OnScreen = {
  filled: { target: null, role: null, duration: null, exact: '' },
  ...{ role: null, duration: null, exact: null, reason: '', code: null },
};

export function onScreen(values: Values, { entries }: Asker): OnScreen {
  const [role, duration, exact] = ['role', 'duration', 'exact'].map((id) => fieldOf(values, id));
  const target = fieldOf(values, 'target')?.value ?? null;
  const known = entries.map(({ entitlement }) => entitlement);
  return {
    filled: {
      // What is no choice of this person stays as it was sent: the evaluator says what is wrong with it.
      target: target === null ? null : (targetOf(target, known) ?? target),
      role: role?.value ?? null,
      duration: duration?.value ?? null,
      exact: exact?.value ?? '',
    },
    role: role ?? null,
    duration: duration ?? null,
    exact: exact ?? null,
    reason: fieldOf(values, 'reason')?.value ?? '',
    code: fieldOf(values, 'code'),
  };
}

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
  const { filled, choices, seconds } = fitting(asker, { sheet, screen, timezone, now });
  const enrolled =
    !asksForCode(choices) ||
    (await deps.journal.read('authenticator', asker.person)).value !== null;
  return requestForm({
    ...{ now, timezone, filled, choices, seconds, enrolled },
    notes: [...notes, ...missingFacts(asker)],
    ids: idsFor(screen, filled),
    sheet: { ...sheet, policyHash: asker.active.hash },
    reason: screen.reason,
  });
}

type Fitting = { filled: Filled; choices: Choices | null; seconds: number | null };
type When = { sheet: FormSheet; screen: OnScreen; timezone: string; now: Date };

function fitting(asker: Asker, { sheet, screen, ...when }: When): Fitting {
  const { target, exact } = screen.filled;
  const offered = asker.entries.find(({ entitlement }) => entitlement === target);
  if (!offered) return { filled: screen.filled, choices: null, seconds: null };
  const { roles, entitlement } = offered;
  const wanted = screen.filled.role ?? sheet.said.role;
  const role = roles.find((each) => each === wanted) ?? (roles.length === 1 ? roles[0] : null);
  const before = lengthBefore(screen, sheet, when);
  const ask = { entitlement, role: role ?? null };
  const first = asker.choices({ ...ask, durationSeconds: null });
  if (!first) return { filled: screen.filled, choices: null, seconds: null };
  const duration = fits(before, first) ? before.value : durationValue(first.proposedSeconds);
  const seconds = duration === before.value ? before.seconds : first.proposedSeconds;
  const filled = {
    target: entitlement,
    role: role ?? null,
    duration,
    exact: exact || before.exact,
  };
  return { filled, seconds, choices: asker.choices({ ...ask, durationSeconds: seconds }) ?? first };
}

/** `said`: it comes from the line that opened the form, and stands there however long it is. */
type Length = { value: string | null; exact: string; seconds: number | null; said: boolean };

/** What was chosen before, or said in the line that opened the form; a time of day is kept as it was typed. */
function lengthBefore(
  screen: OnScreen,
  sheet: FormSheet,
  when: Omit<When, 'sheet' | 'screen'>,
): Length {
  const said = screen.duration?.value ? null : sheet.said.duration;
  if (said?.startsWith('until ')) {
    const seconds = readLength({ duration: OTHER_LENGTH, exact: said }, when);
    return { value: OTHER_LENGTH, exact: said, seconds, said: true };
  }
  const duration = said ?? screen.filled.duration;
  const { exact } = screen.filled;
  const seconds = readLength({ duration, exact }, when);
  const value = seconds === null ? null : durationValue(seconds);
  return {
    value: duration === OTHER_LENGTH ? duration : value,
    exact,
    seconds,
    said: said !== null,
  };
}

/** What was typed stays on the screen, right or wrong; a length from the list has to be one of this rule's. */
const fits = ({ value, seconds, said }: Length, { durations }: Choices): boolean =>
  value === OTHER_LENGTH ||
  (value !== null && seconds !== null && (said || seconds <= (durations.at(-1)?.seconds ?? 0)));

function idsFor(screen: OnScreen, filled: Filled): FieldIds {
  return {
    role: idFor('role', screen.role, filled.role),
    duration: idFor('duration', screen.duration, filled.duration),
    exact: screen.exact?.blockId ?? FIRST_IDS.exact,
  };
}

const NUMBERED = /^[a-z]+~([0-9]{1,4})$/;

/** `role`, then `role~2`, `role~3`: another id only where the field must show something else than it does. */
function idFor(name: keyof FieldIds, before: FieldValue | null, wanted: string | null): string {
  if (before === null) return name;
  if (before.value === wanted) return before.blockId;
  const last = Number(NUMBERED.exec(before.blockId)?.[1] ?? 1);
  return `${name}~${last + 1}`;
}
