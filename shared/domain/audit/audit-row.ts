/**
 * One event of the audit log as a person reads it: the chained event, and what it is about (the request or the holding it
 * belongs to). Pure: what it is about is looked up by the caller. Never holds a name, a login or a free text.
 */
import type { Actor, KnownRequest } from '../access-request/model.ts';
import type { AnyEvent, ChainKind } from '../records.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { ChainedEvent } from './chain.ts';

/** As the journal lists it. */
export type LoggedEvent = ChainedEvent<AnyEvent> & { kind: ChainKind; id: string };

/** Facts that never change, of what an event belongs to. */
export type AboutEvent = {
  /** Request that the event belongs to, also of another chain (a refused attempt); null where there is none. */
  readonly request: Pick<
    KnownRequest,
    'requestId' | 'requester' | 'subject' | 'entitlement'
  > | null;
  /** Who holds the account of the event's holding. */
  readonly holder: string | null;
};

export type LoggedRow = { readonly logged: LoggedEvent; readonly about: AboutEvent };

/** Narrowed to these; null where it is not. */
export type Narrowing = {
  readonly person: string | null;
  /** Key in the policy, and the container it stands for: holdings and containers know no keys. */
  readonly entitlement: { readonly id: string; readonly container: string | null } | null;
  readonly provider: string | null;
  readonly kind: ChainKind | null;
};
export const EVERYTHING: Narrowing = {
  person: null,
  entitlement: null,
  provider: null,
  kind: null,
};

/** What must be known beside an event before it can be told whether it fits. */
export const requestIdOf = (event: AnyEvent): string | null =>
  'requestId' in event ? event.requestId : null;

export const actorOf = (actor: Actor | { readonly kind: 'ensure' }): string =>
  actor.kind === 'person' ? actor.id : actor.kind;

/** Everybody whom the event concerns: who did it, asked, holds, approved, owns. */
export function peopleIn({ logged, about }: LoggedRow): ReadonlySet<string> {
  const { event } = logged;
  const named: (string | null)[] = [about.request?.requester ?? null, about.holder];
  named.push(about.request?.subject ?? null);
  if (event.actor.kind === 'person') named.push(event.actor.id);
  if ('owner' in event) named.push(event.owner);
  if ('person' in event) named.push(event.person);
  if ('approvers' in event) named.push(...event.approvers);
  if ('startedBy' in event) named.push(event.startedBy);
  if ('vouchedBy' in event && event.vouchedBy?.kind === 'person') named.push(event.vouchedBy.id);
  return new Set(named.filter((person) => person !== null));
}

/** `provider:kind:resource`, null for what belongs to no container. */
export function containerOf({ logged, about }: LoggedRow): string | null {
  if (logged.kind === 'container') return logged.id;
  if (logged.kind === 'holding') return logged.id.slice(0, logged.id.lastIndexOf(':'));
  if (about.request === null) return null;
  const { provider, kind, resource } = about.request.entitlement;
  return `${provider}:${kind}:${resource}`;
}

const providerOf = (row: LoggedRow): string | null => containerOf(row)?.split(':', 1)[0] ?? null;

export function fits(row: LoggedRow, only: Narrowing): boolean {
  if (only.kind !== null && row.logged.kind !== only.kind) return false;
  if (only.provider !== null && providerOf(row) !== only.provider) return false;
  if (only.entitlement !== null && !isAbout(row, only.entitlement)) return false;
  return only.person === null || peopleIn(row).has(only.person);
}

/** A request by its entitlement; what was read and written at the provider by the container. */
function isAbout(row: LoggedRow, entitlement: NonNullable<Narrowing['entitlement']>): boolean {
  if (row.about.request !== null) return row.about.request.entitlement.id === entitlement.id;
  return entitlement.container !== null && containerOf(row) === entitlement.container;
}

/** Columns of the CSV, in order. */
export const COLUMNS = [
  'at',
  'event',
  'actor',
  'request',
  'requester',
  'subject',
  'entitlement',
  'role',
  'provider',
  'chain',
  'seq',
  'details',
  'previous',
  'hash',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Flat, every value a string; `details` is the whole event as canonical JSON, so that nothing is lost. */
export function columnsOf(row: LoggedRow): Record<Column, string> {
  const { logged, about } = row;
  const { event } = logged;
  return {
    at: event.at,
    event: event.type,
    actor: actorOf(event.actor),
    request: requestIdOf(event) ?? '',
    requester: about.request?.requester ?? '',
    subject: about.request?.subject ?? about.holder ?? '',
    entitlement: about.request?.entitlement.id ?? '',
    role: about.request?.entitlement.role ?? ('role' in event ? (event.role ?? '') : ''),
    provider: providerOf(row) ?? '',
    chain: logged.chain,
    seq: String(logged.seq),
    details: canonicalJson(jsonOf(event)),
    previous: logged.previous,
    hash: logged.hash,
  };
}

const jsonOf = (event: AnyEvent): Json => event;

/** A line that proves itself: hash over tenant, chain, seq and event, linked to the one before. */
export const lineOf = ({ logged }: LoggedRow): string =>
  canonicalJson({
    tenant: logged.tenant,
    chain: logged.chain,
    seq: logged.seq,
    event: jsonOf(logged.event),
    previous: logged.previous,
    hash: logged.hash,
  });
