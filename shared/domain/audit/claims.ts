/**
 * What the records claim beside the events: the state in a request's own record, its grant in the record of a holding, and what the
 * events of that holding itself decide. All have to be what the events lead to, since decisions read the records and not the events.
 */
import { AccessRequestEvent } from '../access-request/events.ts';
import { evolve, INITIAL } from '../access-request/evolve.ts';
import { AccessRequest, type KnownRequest } from '../access-request/model.ts';
import { Holding } from '../holding/model.ts';
import type { FoundHead } from './audit-source.ts';
import { canonicalJson } from './canonical-json.ts';
import { type Authorized, grantOf, grantTexts } from './grant-facts.ts';
import {
  decidedTexts,
  isAtHome,
  isLookedAfter,
  openHoldingFold,
  UNDECIDED,
} from './holding-fold.ts';
import { openQuickFold } from './quick-fold.ts';
import { isSwitch, openSwitchFold, switchText } from './switch-fold.ts';
import { jsonOf } from './verify-checkpoints.ts';

export type Claim = {
  /** Chain that it is about: of a request, a holding or a switch. */
  readonly chain: string;
  /** Number of the event up to which it speaks; 0: up to the last, as a holding's record does not say. */
  readonly seq: number;
  /** Chain of the record in which it stands. */
  readonly record: string;
  /** The same facts, the same text. */
  readonly text: string;
  /**
   * The same less what a side cannot be sure of; compared where both sides have it. Whose account it is, where several grants stand on
   * one (it may be given to somebody else); which role is ours, where two were written.
   */
  readonly loose?: string;
};

export const REQUEST = 'request#';
const HOLDING = 'holding#';
/** Beside the text of any claim: a record that cannot be read claims what no events lead to. */
const UNREADABLE = '';

/** Whether the records of such chains are read for claims. */
export const isCompared = (chain: string): boolean =>
  chain.startsWith(REQUEST) || chain.startsWith(HOLDING) || isSwitch(chain);

/** None from a source that knows only where a chain stands. */
export function claimsIn(head: FoundHead): Claim[] {
  if (head.value === undefined) return [];
  try {
    return readClaims(head);
  } catch {
    // What canonical JSON cannot carry was never written by us.
    const { chain, seq } = head;
    return [{ chain, seq, record: chain, text: UNREADABLE }];
  }
}

function readClaims({ chain, seq, value }: FoundHead): Claim[] {
  if (chain.startsWith(REQUEST)) {
    const state = AccessRequest.safeParse(value);
    return [{ chain, seq, record: chain, text: state.success ? textOf(state.data) : UNREADABLE }];
  }
  if (isSwitch(chain)) return [{ chain, seq, record: chain, text: switchText(value) }];
  if (!chain.startsWith(HOLDING)) return [];
  const holding = Holding.safeParse(value);
  return holding.success &&
    isAtHome(chain.slice(HOLDING.length), holding.data) &&
    isLookedAfter(holding.data)
    ? [...decidedClaims({ chain, seq }, holding.data), ...listedClaims(chain, holding.data)]
    : [{ chain, seq: 0, record: chain, text: UNREADABLE }];
}

/** A holding that has no event yet says nothing, or somebody made it say something. */
function decidedClaims(
  { chain, seq }: Pick<FoundHead, 'chain' | 'seq'>,
  holding: Holding,
): Claim[] {
  const { text, unranked } = decidedTexts(holding);
  const claim = { chain, seq, record: chain, text, loose: unranked };
  return seq === 0 && text === UNDECIDED ? [] : [claim];
}

function listedClaims(record: string, { grants, container, subject }: Holding): Claim[] {
  const { provider, kind, resource } = container;
  return grants.map((grant) => {
    const facts = { ...grant, subject, container: { provider, kind, resource } };
    const { text, unheld } = grantTexts(facts);
    const claim = { chain: `${REQUEST}${grant.grantId}`, seq: 0, record, text };
    return grants.length > 1 ? { ...claim, loose: unheld } : claim;
  });
}

export type Fold = {
  add(event: unknown): void;
  /** What the records have to claim after these events. */
  claims(at: { readonly chain: string; readonly seq: number }): Claim[];
};

/** What a record claims as its source read it: a request's own text need not be parsed to be compared. */
export const claimsAsRead = (head: FoundHead): Claim[] =>
  typeof head.text === 'string' && head.chain.startsWith(REQUEST)
    ? [{ chain: head.chain, seq: head.seq, record: head.chain, text: head.text }]
    : claimsIn(head);

/** Events of a request that is folded from pieces; beyond it something is unusual. */
const MOST_USUAL = 32;

export type UsualFold = Fold & {
  /** The JSON of the next event, which is what the journal wrote: of a line that has its hash. */
  addWritten(event: string): void;
};

/** Folds quickly while what the journal wrote is usual; the same claims as `openFold`. */
export function openUsualFold(chain: string): UsualFold {
  const quick = openQuickFold();
  let usual: string[] | null = [];
  let fold: Fold | null = null;
  const exact = (): Fold => {
    fold ??= openFold(chain);
    for (const event of usual ?? []) fold.add(jsonOf(event));
    usual = null;
    return fold;
  };
  return {
    add: (event) => exact().add(event),
    addWritten(event) {
      if (usual && usual.length < MOST_USUAL && quick.add(event)) usual.push(event);
      else exact().add(jsonOf(event));
    },
    claims(at) {
      const text = usual && quick.text();
      return text === null
        ? exact().claims(at)
        : [{ chain: at.chain, seq: at.seq, record: at.chain, text }];
    },
  };
}

/** Folds the events of one chain whose record is compared. Events that lead nowhere claim what no record can. */
export function openFold(chain: string): Fold {
  if (isSwitch(chain)) return switchFold();
  return chain.startsWith(HOLDING) ? holdingFold() : requestFold();
}

function switchFold(): Fold {
  const fold = openSwitchFold();
  return {
    add: (event) => fold.add(event),
    claims: ({ chain, seq }) => [{ chain, seq, record: chain, text: fold.text() ?? NOWHERE }],
  };
}

function holdingFold(): Fold {
  const fold = openHoldingFold();
  return {
    add: (event) => fold.add(event),
    claims({ chain, seq }) {
      const { text = NOWHERE, unranked, isUnsure } = fold.texts() ?? {};
      const claim = { chain, seq, record: chain, text };
      return [isUnsure && unranked ? { ...claim, loose: unranked } : claim];
    },
  };
}

function requestFold(): Fold {
  let state: AccessRequest | null = INITIAL;
  let authorized: Authorized | null = null;
  return {
    add(event) {
      const parsed = AccessRequestEvent.safeParse(event);
      state = state && parsed.success ? after(state, parsed.data) : null;
      if (parsed.data?.type === 'GrantAuthorized') authorized = parsed.data;
    },
    claims: ({ chain, seq }) => [
      { chain, seq, record: chain, text: state ? textOf(state) : NOWHERE },
      ...(state && authorized ? grantClaims(chain, state, authorized) : []),
    ],
  };
}
const NOWHERE = 'nowhere';

function after(state: AccessRequest, event: AccessRequestEvent): AccessRequest | null {
  try {
    return evolve(state, event);
  } catch {
    // An impossible history: to be named, not to end the verification.
    return null;
  }
}

function grantClaims(chain: string, state: AccessRequest, authorized: Authorized): Claim[] {
  const grant = grantOf(state, authorized);
  if (!grant || state.status === 'new') return [];
  const { text, unheld } = grantTexts(grant);
  return [{ chain, seq: 0, record: `${HOLDING}${state.holdingId}`, text, loose: unheld }];
}

const textOf = (state: KnownRequest | { status: 'new' }): string => canonicalJson({ ...state });
