/**
 * Who is on call by a calendar (RFC 5545) now: the attendees of every event that is going on, or the addresses in its title.
 * Bounded in events and in repetitions; a calendar beyond that, or one that moves a whole rest of a series, is a Fault and not a
 * guess. An event counts only with a time of a known zone: whole days and floating times begin at no certain instant.
 */
import ICAL from 'ical.js';
import type { OnCallPerson } from '../../domain/policy/on-call.ts';
import { outsideFault } from '../bounded-get.ts';

const NAME = 'The on-call calendar';
const MOST_EVENTS = 2000;
const MOST_REPETITIONS = 20_000;
const MOST_PEOPLE = 50;
const ADDRESS = /[^\s@<>,;:"'()[\]]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;

type Span = { readonly startMs: number; readonly endMs: number };
type Budget = { left: number };

/** @throws Fault */
export function onCallByCalendar(text: string, now: Date): readonly OnCallPerson[] {
  const events = eventsOf(text);
  const moved = movedOf(events);
  const budget = { left: MOST_REPETITIONS };
  const people = new Set<string>();
  for (const event of events)
    if (isOn(event, { now, moved, budget })) for (const email of emailsOf(event)) people.add(email);
  return [...people].slice(0, MOST_PEOPLE).map((email) => ({ account: null, email }));
}

function eventsOf(text: string): ICAL.Component[] {
  try {
    const parsed: unknown = ICAL.parse(text);
    if (!Array.isArray(parsed)) throw new TypeError('no component');
    const events = new ICAL.Component(parsed).getAllSubcomponents('vevent');
    if (events.length <= MOST_EVENTS) return events;
  } catch (error) {
    throw outsideFault(NAME, 'is no calendar that can be read.', error);
  }
  throw outsideFault(NAME, `has more than ${MOST_EVENTS} events. Give one that begins later.`);
}

/** Repetitions that were moved or changed by themselves: `uid#instant`. */
function movedOf(events: readonly ICAL.Component[]): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const event of events) {
    const property = event.getFirstProperty('recurrence-id');
    if (!property) continue;
    if (property.getParameter('range') !== undefined)
      throw outsideFault(NAME, 'moves the rest of a series at once, which is not supported.');
    const instant = instantOf(property);
    if (instant !== null) moved.add(`${uidOf(event)}#${instant}`);
  }
  return moved;
}

const uidOf = (event: ICAL.Component): string => String(event.getFirstPropertyValue('uid') ?? '');

function isOn(
  event: ICAL.Component,
  at: { readonly now: Date; readonly moved: ReadonlySet<string>; readonly budget: Budget },
): boolean {
  const first = spanOf(event);
  const cancelled =
    String(event.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED';
  if (!first || cancelled) return false;
  const nowMs = at.now.getTime();
  const goesOn = (startMs: number) =>
    startMs <= nowMs && nowMs < startMs + (first.endMs - first.startMs);
  const single = event.hasProperty('recurrence-id') || !repeats(event);
  if (single) return goesOn(first.startMs);
  for (const startMs of startsUntil(event, nowMs, at.budget))
    if (goesOn(startMs) && !at.moved.has(`${uidOf(event)}#${startMs}`)) return true;
  return false;
}

const repeats = (event: ICAL.Component): boolean =>
  event.hasProperty('rrule') || event.hasProperty('rdate');

function* startsUntil(event: ICAL.Component, nowMs: number, budget: Budget): Generator<number> {
  const steps = new ICAL.Event(event, { exceptions: [], strictExceptions: true }).iterator();
  for (;;) {
    const next = nextOf(steps);
    if (!next || next.toUnixTime() * 1000 > nowMs) return;
    budget.left -= 1;
    if (budget.left < 0)
      throw outsideFault(
        NAME,
        'repeats too often to be looked through. Give one that begins later.',
      );
    yield next.toUnixTime() * 1000;
  }
}

function nextOf(steps: ICAL.RecurExpansion): ICAL.Time | null {
  try {
    return steps.next() ?? null;
  } catch (error) {
    throw outsideFault(NAME, 'has an event whose repetition cannot be read.', error);
  }
}

/** Null: it has no certain instants. */
function spanOf(event: ICAL.Component): Span | null {
  const startMs = instantOf(event.getFirstProperty('dtstart'));
  if (startMs === null) return null;
  const endMs = instantOf(event.getFirstProperty('dtend'));
  if (endMs !== null) return endMs > startMs ? { startMs, endMs } : null;
  const duration = event.getFirstPropertyValue('duration');
  if (!(duration instanceof ICAL.Duration) || duration.toSeconds() <= 0) return null;
  return { startMs, endMs: startMs + duration.toSeconds() * 1000 };
}

/** A date-time of UTC, or of a zone that the calendar itself describes. */
function instantOf(property: ICAL.Property | null): number | null {
  const value: unknown = property?.getFirstValue();
  if (!(value instanceof ICAL.Time) || value.isDate) return null;
  const isFloating = value.zone === null || value.zone === ICAL.Timezone.localTimezone;
  return isFloating ? null : value.toUnixTime() * 1000;
}

function emailsOf(event: ICAL.Component): string[] {
  const attendees = event.getAllProperties('attendee').flatMap((attendee) => {
    const declined = String(attendee.getParameter('partstat') ?? '').toUpperCase() === 'DECLINED';
    const address = /^mailto:(.{3,254})$/i.exec(String(attendee.getFirstValue() ?? ''))?.[1];
    return address !== undefined && !declined ? [address.toLowerCase()] : [];
  });
  if (event.hasProperty('attendee')) return attendees;
  const title = String(event.getFirstPropertyValue('summary') ?? '').slice(0, 1000);
  return [...title.matchAll(ADDRESS)].map(([address]) => address.toLowerCase());
}
