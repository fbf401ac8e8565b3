/**
 * The switches and those who left. While everything is stopped, or new grants are paused, nothing is given; a stop and somebody's
 * leaving end what is live, soon once nothing goes wrong; and it takes two humans to stop everything or to let it go on.
 */
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { PROVIDER, personOf } from '../cast.ts';
import type { Change } from '../changes.ts';
import type { Invariant, Watch } from './watch.ts';

/** Each gives somebody access, now or later, that they would not have without it. */
const GIVES: ReadonlySet<AccessRequestEvent['type']> = new Set([
  ...(['AccessRequested', 'RequestApproved', 'GrantScheduled', 'GrantStarted'] as const),
  ...(['GrantAuthorized', 'ExtensionRequested', 'ExtensionApproved', 'GrantExtended'] as const),
  'ApproversNudged',
]);
/** Decided by a person on evidence that is fresh then; a decision may land this long after its run began. */
const DECIDED_WITHIN_MS = 30_000;
/** A dead run's lease, the provider's wish to wait, a sweep, the run itself. */
const OBEYED_WITHIN_MS = 300_000;
const LIVE: readonly string[] = ['activating', 'active'];
const OPEN: readonly string[] = ['pending', 'scheduled', ...LIVE];

export function stops(watch: Watch): Invariant {
  const stopped = { sinceMs: 0 };
  return {
    committed(_process, changes) {
      const { value } = watch.store.peek('stop', 'all');
      const by = value?.standing;
      if (by && personOf(by.proposedBy).human === personOf(by.confirmedBy).human)
        watch.violate('H4', 'one human stopped everything alone');
      given(watch, changes);
      for (const { request } of changes) leaversGetNothing(watch, request);
    },
    step() {
      const { nowMs } = watch.time;
      const { value } = watch.store.peek('stop', 'all');
      stopped.sinceMs = value?.standing ? Date.parse(value.standing.since) : Infinity;
      const calmSince = watch.disturbedMs();
      const lasts = (sinceMs: number) => nowMs() - Math.max(sinceMs, calmSince) > OBEYED_WITHIN_MS;
      if (lasts(stopped.sinceMs)) nothingIsOpen(watch);
      for (const [person, sinceMs] of watch.left) if (lasts(sinceMs)) nothingIsLive(watch, person);
    },
  };
}

function given(watch: Watch, changes: readonly Change[]): void {
  const what = changes.flatMap(({ request }) => request).find(({ type }) => GIVES.has(type));
  const add = changes
    .flatMap(({ holding }) => holding)
    .find((event) => event.type === 'IntentIssued' && event.kind === 'add');
  if (!what && !add) return;
  const told = what ? `${what.type} of ${what.requestId}` : 'an add';
  if (watch.store.peek('stop', 'all').value?.standing)
    watch.violate('H1', `${told} was recorded while everything is stopped`);
  for (const scope of ['all', PROVIDER])
    if (watch.store.peek('pause', scope).value?.paused)
      watch.violate('H1', `${told} was recorded while new grants are paused`);
}

function leaversGetNothing(watch: Watch, events: readonly AccessRequestEvent[]): void {
  // What time starts asks nobody who its holder is; the sweep ends that.
  if (events.some(({ type, actor }) => type === 'GrantStarted' && actor.kind !== 'person')) return;
  for (const { type, requestId } of events) {
    if (type !== 'GrantAuthorized' && type !== 'GrantExtended' && type !== 'GrantScheduled')
      continue;
    const { value } = watch.store.peek('request', requestId);
    const sinceMs = value && value.status !== 'new' ? watch.left.get(value.subject) : undefined;
    if (sinceMs !== undefined && watch.time.nowMs() - sinceMs > DECIDED_WITHIN_MS)
      watch.violate('H3', `${requestId}: ${type} for somebody who left`);
  }
}

function nothingIsOpen(watch: Watch): void {
  for (const id of watch.store.idsOf('request')) {
    const status = watch.store.peek('request', id).value?.status ?? '';
    if (OPEN.includes(status))
      watch.violate('H2', `${id} is ${status} long after everything was stopped`);
  }
}

function nothingIsLive(watch: Watch, person: string): void {
  for (const id of watch.store.idsOf('request')) {
    const { value } = watch.store.peek('request', id);
    if (value && value.status !== 'new' && value.subject === person && LIVE.includes(value.status))
      watch.violate('H3', `${id} is ${value.status} long after ${person} left`);
  }
}
