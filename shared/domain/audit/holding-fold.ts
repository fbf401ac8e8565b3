/**
 * What the events of a holding decide of its record: to which account it was pinned, what that account had before, and which calls
 * are open. Who changes these has access restored that never was, or has it left. The rest of a holding follows from what the
 * provider showed, from the clock or from other chains, and no fold of these events can say it (docs/audit-format.md).
 */
import type { Holding } from '../holding/model.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { holdingIdOf } from './chain.ts';

/** The facts of a record that its events decide; the same facts, the same text. */
export const decidedText = ({ accountId, baseline, intents }: Holding): string =>
  textOf({
    ...{ accountId, baseline: baseline && { ...baseline } },
    intents: intents.map(({ intentId, kind, role }) => ({ intentId, kind, role })),
  });

type Decided = {
  readonly accountId: Json;
  readonly baseline: Json;
  readonly intents: readonly {
    readonly intentId: Json;
    readonly kind: Json;
    readonly role: Json;
  }[];
};
const NOTHING: Decided = { accountId: null, baseline: null, intents: [] };
const textOf = ({ accountId, baseline, intents }: Decided): string =>
  canonicalJson({ accountId, baseline, intents });
/** Of a holding without any event. */
export const UNDECIDED = textOf(NOTHING);

export type HoldingFold = {
  add(event: unknown): void;
  /** Null: an event that no holding has. */
  text(): string | null;
};

/** Looks at what it needs of an event and no further: a text that a record says, or it says another one. */
export function openHoldingFold(): HoldingFold {
  let decided: Decided | null = NOTHING;
  return {
    add(event) {
      decided = decided && isFields(event) ? after(decided, event) : null;
    },
    text() {
      try {
        return decided && textOf(decided);
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
      return { ...decided, baseline: null };
    case 'IntentIssued':
      return { ...decided, intents: [...intents, { intentId, kind, role }] };
    case 'IntentClosed':
      return { ...decided, intents: intents.filter((each) => each.intentId !== intentId) };
    default:
      return decided;
  }
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
