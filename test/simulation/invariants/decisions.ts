/** S1 (enough distinct people, each with a code), S6 (one end per decision), A1, A2, A5, A6: looked at with every commit. */
import { isDeepStrictEqual } from 'node:util';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { findChainBreak } from '../../../shared/domain/audit/chain.ts';
import { type ChainKind, isChainKind } from '../../../shared/domain/records.ts';
import { NEEDED, personOf, REQUESTER_CODE, STAGING, STAGING_LIMITS } from '../cast.ts';
import { Json } from './json.ts';
import { type Invariant, placeOfHolding, rank, type Watch } from './watch.ts';

type EventsOf = (requestId: string) => AccessRequestEvent[];
const TERMINAL: ReadonlySet<AccessRequestEvent['type']> = new Set([
  'GrantAuthorized',
  'RequestDenied',
  'RequestWithdrawn',
  'RequestLapsed',
]);

export function decisions(watch: Watch): Invariant {
  const histories = new Map<string, AccessRequestEvent[]>();
  const heads = new Map<string, number>();
  const eventsOf: EventsOf = (id) => histories.get(id) ?? [];
  return {
    committed(_process, changes) {
      for (const { kind, id, events, request: fresh } of changes) {
        if (!isChainKind(kind)) continue;
        const chain = `${kind}#${id}`;
        const seq = (heads.get(chain) ?? 0) + events;
        heads.set(chain, seq);
        const { head } = watch.store.peek(kind, id);
        if (head.seq !== seq) watch.violate('A2', `${chain} stands at ${head.seq}, not ${seq}`);
        if (kind === 'request') histories.set(id, [...eventsOf(id), ...fresh]);
      }
      for (const { kind, id } of changes) if (kind === 'request') request(watch, id, eventsOf(id));
      for (const { kind, id } of changes)
        if (kind === 'request' || kind === 'holding')
          sameGrants(watch, kind === 'holding' ? id : holdingIdOf(watch, id));
    },
    async atRest() {
      for (const kind of [
        'request',
        'holding',
        'authenticator',
        'policy',
        'pause',
        'stop',
      ] as const)
        for (const id of watch.store.idsOf(kind)) await wholeChain(watch, kind, id);
    },
  };
}

const holdingIdOf = (watch: Watch, requestId: string): string => {
  const { value } = watch.store.peek('request', requestId);
  return value && value.status !== 'new' ? value.holdingId : '';
};

async function wholeChain(watch: Watch, kind: ChainKind, id: string): Promise<void> {
  const links = await watch.store.inner.history(kind, id);
  const json = links.map((link) => ({ ...link, event: Json.parse(link.event) }));
  const broken = findChainBreak(json, watch.store.peek(kind, id).head);
  if (broken) watch.violate('A2', `${kind}#${id} breaks at ${broken.seq}: ${broken.why}`);
}

function request(watch: Watch, id: string, events: AccessRequestEvent[]): void {
  const { value } = watch.store.peek('request', id);
  if (!isDeepStrictEqual(replay(events), value))
    watch.violate('A1', `${id} is not what its events say`);
  const ends = events.filter((event) => TERMINAL.has(event.type));
  if (ends.length > 1)
    watch.violate('S6', `${id} was decided twice: ${ends.map(({ type }) => type).join(', ')}`);
  const last = events.at(-1);
  if (last?.type === 'GrantAuthorized') earned(watch, id, events);
  if (last?.type === 'GrantRemoved' || last?.type === 'ActivationFailed') over(watch, id, events);
}

/** Enough distinct humans, none of them the requester or the subject, each with a code; all in the past. */
function earned(watch: Watch, id: string, events: readonly AccessRequestEvent[]): void {
  const asked = events[0];
  if (asked?.type !== 'AccessRequested') {
    watch.violate('S1', `${id} was never asked for`);
    return;
  }
  const { requester, subject, entitlement } = asked;
  if (neededNobody(watch, asked)) return;
  const own = new Set([personOf(requester).human, personOf(subject).human]);
  const humans = new Set<string>();
  for (const event of events) {
    if (event.type !== 'RequestApproved' || event.actor.kind !== 'person') continue;
    const person = personOf(event.actor.id);
    const right = person.roles.includes('approver') && !own.has(person.human);
    if (right && event.factor && event.contentHash === asked.contentHash) humans.add(person.human);
    if (own.has(person.human)) watch.violate('S1', `${id} was approved by ${person.slack}`);
    if (!event.factor) watch.violate('S1', `${id} was approved without a code`);
  }
  const needed = NEEDED[entitlement.resource] ?? Number.POSITIVE_INFINITY;
  if (humans.size < needed)
    watch.violate('S1', `${id} was authorized by ${humans.size} of ${needed} people`);
  if (REQUESTER_CODE[entitlement.resource] && !asked.factor)
    watch.violate('S1', `${id} was asked for without the requester's code`);
}

/** In an emergency, and at staging within its terms; how often is looked at elsewhere (life.ts). */
function neededNobody(
  watch: Watch,
  asked: Extract<AccessRequestEvent, { type: 'AccessRequested' }>,
): boolean {
  if (asked.v === 2 && asked.breakGlass) return true;
  if (asked.approvalsNeeded > 0) return false;
  const { requester, subject, entitlement, durationSeconds, requestId } = asked;
  const mayBe = entitlement.resource === STAGING && requester === subject;
  const isLater = asked.v === 2 && asked.start !== null;
  if (!mayBe || isLater || durationSeconds > STAGING_LIMITS.autoSeconds)
    watch.violate('S1', `${requestId} needed nobody's approval`);
  return true;
}

/** Each ended grant: authorized once, activated at most once, removed once, and really gone. */
function over(watch: Watch, id: string, events: readonly AccessRequestEvent[]): void {
  const count = (type: AccessRequestEvent['type']) =>
    events.filter((event) => event.type === type).length;
  const removed = count('GrantRemoved') + count('ActivationFailed');
  if (count('GrantAuthorized') !== 1 || count('GrantActivated') > 1 || removed !== 1)
    watch.violate('A5', `${id} ended with ${events.map(({ type }) => type).join(', ')}`);
  const last = events.at(-1);
  if (last?.type === 'GrantRemoved' && last.outcome === 'left') return;
  const { value } = watch.store.peek('holding', holdingIdOf(watch, id));
  if (!value) {
    watch.violate('A5', `${id} has no holding`);
    return;
  }
  const { place } = placeOfHolding(value);
  const others = Math.max(0, ...value.grants.map((grant) => rank(grant.role)));
  const allowed = Math.max(others, rank(watch.standing.get(place) ?? null));
  const actual = watch.provider.roles.get(place) ?? null;
  if (rank(actual) > allowed)
    watch.violate('A5', `${id} is reported over while ${place} is ${actual}`);
}

/** A6: the list that ensure drives is what the requests say. */
function sameGrants(watch: Watch, holdingId: string): void {
  const { value } = watch.store.peek('holding', holdingId);
  if (!value) return;
  const listed = new Map(value.grants.map(({ grantId, phase }) => [grantId, phase]));
  for (const id of watch.store.idsOf('request')) {
    const request = watch.store.peek('request', id).value;
    if (!request || request.status === 'new' || request.holdingId !== holdingId) continue;
    const live = ['activating', 'active', 'removing'].includes(request.status);
    if (listed.get(id) !== (live ? request.status : undefined))
      watch.violate('A6', `${id} is ${request.status}, its holding says ${listed.get(id)}`);
  }
}
