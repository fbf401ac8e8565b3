/**
 * What stands in the fields of a form on a screen, read once for whoever draws it anew and for whoever asks by it. A field that
 * this drawing has no place for counts as it stood when it was last seen. Nothing of it is judged here.
 */
import { SlackUserId, type Start } from '../../shared/domain/access-request/model.ts';
import { parseDuration } from '../../shared/domain/duration.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Asker } from './asker.ts';
import {
  BEGINS,
  type Beside,
  type FieldValue,
  type FormSheet,
  fieldOf,
  LONGEST_INCIDENT,
  NOTHING_BESIDE,
  type Values,
} from './form-payloads.ts';
import { secondsUntil } from './until.ts';
import type { Filled } from './views/form-facts.ts';
import { OTHER_LENGTH, targetOf } from './views/form-options.ts';

const FIELDS = [
  ...(['target', 'role', 'duration', 'exact', 'subject', 'begins', 'from', 'until'] as const),
  ...(['glass', 'incident', 'reason', 'code'] as const),
] as const;
export type FieldName = (typeof FIELDS)[number];

export type OnScreen = {
  readonly filled: Filled;
  /** The fields that this drawing has; null for one that it has not. */
  readonly fields: Readonly<Record<FieldName, FieldValue | null>>;
  readonly reason: string;
};

const NO_FIELDS: OnScreen['fields'] = {
  ...{ target: null, role: null, duration: null, exact: null, subject: null, begins: null },
  ...{ from: null, until: null, glass: null, incident: null, reason: null, code: null },
};
export const NOTHING_ON_SCREEN: OnScreen = {
  filled: { target: null, role: null, duration: null, exact: '', ...NOTHING_BESIDE },
  fields: NO_FIELDS,
  reason: '',
};

export function onScreen(values: Values, { beside }: FormSheet, { active }: Asker): OnScreen {
  const fields = { ...NO_FIELDS };
  for (const name of FIELDS) fields[name] = fieldOf(values, name);
  const target = fields.target?.value ?? null;
  return {
    filled: {
      // What is in no policy stays as it was sent: the evaluator says what is wrong with it.
      target: target && (targetOf(target, membersOf(active.policy).entitlements.keys()) ?? target),
      role: fields.role?.value ?? null,
      duration: fields.duration?.value ?? null,
      exact: fields.exact?.value ?? '',
      ...besideIn(fields, beside),
    },
    fields,
    reason: fields.reason?.value ?? '',
  };
}

function besideIn(fields: OnScreen['fields'], before: Beside): Beside {
  const { subject, begins, from, until, glass, incident } = fields;
  return {
    subject: subject ? (SlackUserId.safeParse(subject.value).data ?? null) : before.subject,
    begins: begins ? (BEGINS.find((each) => each === begins.value) ?? 'now') : before.begins,
    from: from ? instantIn(from) : before.from,
    until: until ? instantIn(until) : before.until,
    glass: glass ? glass.value === 'glass' : before.glass,
    incident: incident ? (incident.value ?? '').slice(0, LONGEST_INCIDENT) : before.incident,
  };
}

/** Only what a picker of times makes. */
const instantIn = ({ value }: FieldValue): string | null =>
  value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/.test(value) ? value : null;

/** When access would begin by what is chosen; `incomplete` while a time is missing. An emergency begins at once. */
export function startIn({ begins, from, until, glass }: Beside): Start | null | 'incomplete' {
  if (glass || begins === 'now') return null;
  if (begins === 'at') return from === null ? 'incomplete' : { notBefore: from, until: null };
  return from === null || until === null ? 'incomplete' : { notBefore: from, until };
}

/** Seconds of what was chosen or typed; null for nothing or for what is no length. `until` counts from where it begins. */
export function readLength(
  { duration, exact, ...beside }: Pick<Filled, 'duration' | 'exact'> & Beside,
  when: { timezone: string; now: Date },
): number | null {
  const written = (duration === OTHER_LENGTH ? exact : (duration ?? '')).trim();
  const until = /^until\s+(\S+)$/.exec(written)?.[1];
  if (until === undefined) return parseDuration(written);
  const start = startIn(beside);
  const begins = start === null || start === 'incomplete' ? when.now : new Date(start.notBefore);
  return secondsUntil(until, when.timezone, begins);
}
