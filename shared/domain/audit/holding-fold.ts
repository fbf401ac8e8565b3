/**
 * What the events of a holding decide of its record: to which account it was pinned, what that account had before, and which calls
 * are open. Who changes these has access restored that never was, or has it left. The rest of a holding follows from what the
 * provider showed, from the clock or from other chains, and no fold of these events can say it (docs/audit-format.md).
 */
import type { Holding } from '../holding/model.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { holdingIdOf } from './chain.ts';

export type DecidedTexts = {
  /** The facts of a record that its events decide; the same facts, the same text. */
  readonly text: string;
  /** The same without the role that is ours. */
  readonly unranked: string;
};

export const decidedTexts = ({ accountId, baseline, ours, intents }: Holding): DecidedTexts =>
  textsOf({
    ...{ accountId, baseline: baseline && { ...baseline }, ours },
    intents: intents.map(({ intentId, kind, role }) => ({ intentId, kind, role })),
  });

type Decided = {
  readonly accountId: Json;
  readonly baseline: Json;
  /** Role that our confirmed calls left. */
  readonly ours: Json;
  /** One of two roles: only the provider knows which is the stronger. */
  readonly isUnsure?: boolean;
  /** Of the call that was issued last. */
  readonly lastIssued?: Json;
  readonly intents: readonly {
    readonly intentId: Json;
    readonly kind: Json;
    readonly role: Json;
  }[];
};
const NOTHING: Decided = { accountId: null, baseline: null, ours: null, intents: [] };
function textsOf({ accountId, baseline, ours, intents }: Decided): DecidedTexts {
  const unranked = canonicalJson({ accountId, baseline, intents });
  return { text: canonicalJson({ ours, unranked }), unranked };
}
/** Of a holding without any event. */
export const UNDECIDED = textsOf(NOTHING).text;

export type HoldingFold = {
  add(event: unknown): void;
  /** Null: an event that no holding has. `isUnsure`: the role that is ours may be another. */
  texts(): (DecidedTexts & { readonly isUnsure: boolean }) | null;
};

/** Looks at what it needs of an event and no further: a text that a record says, or it says another one. */
export function openHoldingFold(): HoldingFold {
  let decided: Decided | null = NOTHING;
  return {
    add(event) {
      decided = decided && isFields(event) ? after(decided, event) : null;
    },
    texts() {
      try {
        return decided && { ...textsOf(decided), isUnsure: decided.isUnsure ?? false };
      } catch {
        // A lone surrogate: we never wrote it, and no record of ours says it.
        return null;
      }
    },
  };
}

type Fields = { readonly [name: string]: Json };
const isFields = (event: unknown): event is Fields =>
  typeof event === 'object' && event !== null && !Array.isArray(event);

function after(decided: Decided, event: Fields): Decided {
  const {
    type,
    accountId = null,
    membership = null,
    intentId = null,
    kind = null,
    role = null,
  } = event;
  const { intents } = decided;
  switch (type) {
    case 'AccountPinned':
      return { ...decided, accountId };
    case 'BaselineCaptured':
      return { ...decided, baseline: membership };
    case 'HoldingCleared':
      return { ...decided, baseline: null, ours: null, isUnsure: false };
    case 'IntentIssued':
      return {
        ...{ ...decided, lastIssued: intentId },
        intents: [...intents, { intentId, kind, role }],
      };
    case 'IntentClosed': {
      const closed = intents.find((each) => each.intentId === intentId);
      const left = { ...decided, intents: intents.filter((each) => each !== closed) };
      return closed && event['result'] === 'confirmed' ? oursAfter(left, closed) : left;
    }
    default:
      return decided;
  }
}

/** As ensure reckons it (holding/intents.ts), as far as that can be said without the order of the roles. */
function oursAfter(
  decided: Decided,
  { intentId, kind, role }: Decided['intents'][number],
): Decided {
  const { ours, baseline, lastIssued } = decided;
  const before = isFields(baseline) ? baseline['role'] : null;
  const left = kind === 'remove' && role === before ? null : role;
  if (kind === 'remove' && intentId === lastIssued)
    return { ...decided, ours: left, isUnsure: false };
  if (ours === null || left === null || ours === left) return { ...decided, ours: left ?? ours };
  return { ...decided, ours: left, isUnsure: true };
}

/** In place of a login that was erased; nothing is live then. */
export const ERASED_LOGIN = 'erased';

/** Does the record stand under its own key? Its id is made from its container and its login. */
export function isAtHome(id: string, { holdingId, container, login, grants }: Holding): boolean {
  const { provider, kind, resource } = container;
  if (holdingId !== id) return false;
  if (login !== ERASED_LOGIN) return holdingIdOf({ provider, kind, resource, login }) === id;
  const end = id.lastIndexOf(':');
  return grants.length === 0 && id.slice(0, end) === `${provider}:${kind}:${resource}`;
}

const LATEST_MS = 3_600_000;
/**
 * Does the sweep come back to what it lists? While anything is live or being taken away it is due at some time, and before the first
 * end: ensure writes nothing else. An hour is what a look may have run late by.
 */
export function isLookedAfter({ grants, dueAt }: Holding): boolean {
  if (grants.length === 0) return true;
  if (dueAt === null) return false;
  return grants.every(
    ({ phase, expiresAt }) =>
      phase === 'removing' || Date.parse(dueAt) <= Date.parse(expiresAt) + LATEST_MS,
  );
}
