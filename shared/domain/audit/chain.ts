/**
 * The hash chain under every stream of audit events: `hash = SHA-256(0x02 || previous || canonical)`.
 * Also the two commitments built on the same hash: free text (salted) and the content of a request.
 * Pure; createHash is the only thing used from outside.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';
import { TAG, taggedHash } from './tagged-hash.ts';

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');
export const Commitment = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'a salted commitment, sha256:<hex>');

/** Where a chain stands: number of its last event (0 = none yet) and that event's hash. */
export const ChainHead = z.strictObject({ seq: z.int().min(0), hash: Sha256 });
export type ChainHead = z.infer<typeof ChainHead>;
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** An event as it is stored: what happened, where in which chain, and the hash that seals it. */
export type ChainedEvent<E> = {
  tenant: string;
  chain: string;
  seq: number;
  event: E;
  previous: string;
  hash: string;
};

type Link = { tenant: string; chain: string; seq: number; event: Json };

export function hashEvent(link: Link, previous: string): string {
  const body = canonicalJson({
    tenant: link.tenant,
    chain: link.chain,
    seq: link.seq,
    event: link.event,
  });
  return taggedHash(TAG.event, previous, body);
}

/** Appends events to a chain. The events must be JSON values; undefined fields are left out of the hash. */
export function chainEvents<E extends Json>(
  chain: { tenant: string; chain: string; head: ChainHead },
  events: readonly E[],
): { links: ChainedEvent<E>[]; head: ChainHead } {
  const links: ChainedEvent<E>[] = [];
  let head = chain.head;
  for (const event of events) {
    const seq = head.seq + 1;
    const link = { tenant: chain.tenant, chain: chain.chain, seq, event };
    const hash = hashEvent(link, head.hash);
    links.push({ ...link, previous: head.hash, hash });
    head = { seq, hash };
  }
  return { links, head };
}

export type ChainBreak = { seq: number; why: 'gap' | 'link' | 'hash' | 'head' };

/** Checks every link from the first event on, and the head. Returns the first break, or null. */
export function findChainBreak<E extends Json>(
  links: readonly ChainedEvent<E>[],
  head: ChainHead,
): ChainBreak | null {
  let last = EMPTY_CHAIN;
  for (const link of links) {
    if (link.seq !== last.seq + 1) return { seq: last.seq + 1, why: 'gap' };
    if (link.previous !== last.hash) return { seq: link.seq, why: 'link' };
    if (hashEvent(link, last.hash) !== link.hash) return { seq: link.seq, why: 'hash' };
    last = { seq: link.seq, hash: link.hash };
  }
  return last.seq === head.seq && last.hash === head.hash ? null : { seq: head.seq, why: 'head' };
}

/** Commits to a text without revealing it: erasing text and salt keeps the chain valid. */
export function commitText(text: string, salt: string): string {
  const body = canonicalJson({ salt, text: text.toWellFormed() });
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** What an approval is bound to: who, what, role, how long, why, under which policy. */
export function contentHash(content: {
  requester: string;
  subject: string;
  entitlement: string;
  role: string;
  durationSeconds: number;
  justification: string;
  policyHash: string;
  /** Only of what is asked for later, and only of break-glass: other content stays what it was. */
  start?: { notBefore: string; until: string | null };
  breakGlass?: { incident: string | null };
}): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** Names one account in one container without carrying the login: it stands in keys and events. */
export function holdingIdOf(place: {
  provider: string;
  kind: string;
  resource: string;
  login: string;
}): string {
  const { provider, kind, resource } = place;
  const digest = createHash('sha256')
    .update(canonicalJson({ provider, kind, resource, login: place.login.toLowerCase() }))
    .digest('hex');
  return `${provider}:${kind}:${resource}:${digest.slice(0, 16)}`;
}
