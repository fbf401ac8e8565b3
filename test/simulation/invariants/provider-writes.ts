/** S1 and S9 at the add, S2b, S3, S4, S5: looked at with every intent, every provider write issued, every one that lands. */
import type { Holding, HoldingEvent } from '../../../shared/domain/holding/model.ts';
import { holdingOf, permits } from '../cast.ts';
import { INFLIGHT_SECONDS, type ProviderWrite, placeOf } from '../sim-provider.ts';
import { type Invariant, isExclusive, rank, type Watch } from './watch.ts';

type Issued = Extract<HoldingEvent, { type: 'IntentIssued' }>;
type Closed = Extract<HoldingEvent, { type: 'IntentClosed' }>;
type Books = {
  intents: Map<string, Issued>;
  writes: Map<string, ProviderWrite>;
  /** When its call was made, by the one clock that is right. */
  issuedMs: Map<string, number>;
};

export function providerWrites(watch: Watch): Invariant {
  const books: Books = { intents: new Map(), writes: new Map(), issuedMs: new Map() };
  return {
    committed(process, changes) {
      for (const event of changes.flatMap(({ holding }) => holding)) {
        if (event.type === 'IntentClosed') closed(watch, books, event);
        if (event.type !== 'IntentIssued') continue;
        books.intents.set(event.intentId, event);
        if (process) process.intent = { id: event.intentId, holdingId: event.holdingId };
        if (event.kind === 'add') mayAdd(watch, event);
      }
    },
    issued(write) {
      const intent = write.intent ? books.intents.get(write.intent.id) : undefined;
      if (write.intent) {
        books.writes.set(write.intent.id, write);
        books.issuedMs.set(write.intent.id, watch.time.nowMs());
      }
      const open = openIntents(watch, write).find(({ intentId }) => intentId === write.intent?.id);
      const where = placeOf(write.resource, write.login);
      if (!intent || !open || open.role !== write.role) {
        watch.violate('S4', `${where} is set to ${write.role} without an open intent`);
        return;
      }
      if (intent.kind === 'add') scheduled(watch, intent);
      else keepsActive(watch, write);
    },
    landed(write) {
      const place = placeOf(write.resource, write.login);
      const standing = watch.standing.get(place) ?? null;
      if (rank(write.role) < rank(standing) && !isExclusive(watch, write.resource))
        watch.violate('S3', `${place} had ${standing} by other means and is ${write.role} now`);
      const { value } = watch.store.peek('holding', holdingOf(write.resource, write.login));
      const listed = Math.max(0, ...(value?.grants ?? []).map((grant) => rank(grant.role)));
      if (rank(write.role) > Math.max(listed, rank(standing)))
        watch.violate('A5', `${place} is ${write.role} again after every grant was reported over`);
      const open = openIntents(watch, write).some(({ intentId }) => intentId === write.intent?.id);
      if (!open) watch.violate('S5', `a call on ${place} took effect after its intent was closed`);
    },
  };
}

const openIntents = (watch: Watch, write: ProviderWrite): Holding['intents'] =>
  watch.store.peek('holding', holdingOf(write.resource, write.login)).value?.intents ?? [];

/** The request is in the right state, not over, not paused, and today's policy allows it: all before the add. */
function mayAdd(watch: Watch, intent: Issued): void {
  let strongest = 0;
  for (const grantId of intent.grantIds) {
    const { value } = watch.store.peek('request', grantId);
    const live = value?.status === 'activating' || value?.status === 'active';
    if (!live || value.expiresAt <= intent.at) {
      watch.violate('S1', `an add was recorded for ${grantId}, which is ${value?.status}`);
      continue;
    }
    const { role, resource } = value.entitlement;
    strongest = Math.max(strongest, rank(role));
    const narrow = watch.store.peek('policy', 'active').value?.hash === watch.narrowHash;
    if (!permits(narrow, { requester: value.requester, resource, role }))
      watch.violate('S9', `an add was recorded for ${grantId}, which the policy forbids`);
  }
  if (strongest < rank(intent.role))
    watch.violate('S1', `an add of ${intent.role} was recorded that no grant asks for`);
  for (const scope of ['all', 'sim'])
    if (watch.store.peek('pause', scope).value?.paused)
      watch.violate('S9', 'an add was recorded while new grants are paused');
}

function scheduled(watch: Watch, intent: Issued): void {
  for (const grantId of intent.grantIds) {
    const grant = watch.store
      .peek('holding', intent.holdingId)
      .value?.grants.find((each) => each.grantId === grantId);
    // Ended since the intent: its removal is due now, no schedule is needed.
    if (!grant || grant.phase === 'removing') continue;
    if (watch.scheduled.get(grantId) !== grant.expiresAt)
      watch.violate('S2b', `${grantId} is added without a schedule for ${grant.expiresAt}`);
  }
}

/** A removal leaves every active grant what it promised. */
function keepsActive(watch: Watch, write: ProviderWrite): void {
  const now = watch.time.now().toISOString();
  const { value } = watch.store.peek('holding', holdingOf(write.resource, write.login));
  for (const { grantId, phase, role, expiresAt } of value?.grants ?? [])
    if (phase === 'active' && expiresAt > now && rank(write.role) < rank(role))
      watch.violate('L3', `${grantId} is active as ${role} and set to ${write.role}`);
}

/** Closed by its own answer, or when it is too old to take effect; never because of what a read showed. */
function closed(watch: Watch, books: Books, event: Closed): void {
  if (event.result === 'refused') return;
  const intent = books.intents.get(event.intentId);
  if (!intent) {
    watch.violate('S5', `${event.intentId} was closed and never issued`);
    return;
  }
  if (event.result === 'confirmed' && books.writes.get(event.intentId)?.answered) return;
  const issuedMs = books.issuedMs.get(event.intentId);
  // On record, and its run came no further.
  if (issuedMs === undefined) return;
  const age = watch.time.nowMs() - issuedMs;
  if (age < INFLIGHT_SECONDS * 1000)
    watch.violate('S5', `an unanswered ${intent.kind} was closed after ${age / 1000} s`);
}
