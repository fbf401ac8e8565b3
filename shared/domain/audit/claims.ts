/**
 * What the records claim about requests beside their events: the state in a request's own record, and its grant in the record of
 * a holding. Both have to be what the events of the request lead to, since decisions read the records and not the events. What a
 * holding keeps of the provider (baseline, intents, lease) is no claim: it follows from what was seen there.
 */
import { AccessRequestEvent } from '../access-request/events.ts';
import { evolve, INITIAL } from '../access-request/evolve.ts';
import { AccessRequest, type KnownRequest } from '../access-request/model.ts';
import { Holding, type HoldingGrant } from '../holding/model.ts';
import type { FoundHead } from './audit-source.ts';
import { canonicalJson } from './canonical-json.ts';
import { openQuickFold } from './quick-fold.ts';
import { jsonOf } from './verify-checkpoints.ts';

export type Claim = {
  /** Chain of the request that it is about. */
  readonly chain: string;
  /** Number of the event up to which it speaks; 0: up to the last, as a holding's record does not say. */
  readonly seq: number;
  /** Chain of the record in which it stands. */
  readonly record: string;
  /** The same facts, the same text. */
  readonly text: string;
};

export const REQUEST = 'request#';
const HOLDING = 'holding#';
/** Beside the text of any claim: a record that cannot be read claims what no events lead to. */
const UNREADABLE = '';

/** Whether the records of such chains are read for claims. */
export const isCompared = (chain: string): boolean =>
  chain.startsWith(REQUEST) || chain.startsWith(HOLDING);

/** None from a source that knows only where a chain stands. */
export function claimsIn({ chain, seq, value }: FoundHead): Claim[] {
  if (value === undefined) return [];
  if (chain.startsWith(REQUEST)) {
    const state = AccessRequest.safeParse(value);
    return [{ chain, seq, record: chain, text: state.success ? textOf(state.data) : UNREADABLE }];
  }
  if (!chain.startsWith(HOLDING)) return [];
  const holding = Holding.safeParse(value);
  if (!holding.success) return [{ chain, seq: 0, record: chain, text: UNREADABLE }];
  return holding.data.grants.map((grant) => ({
    chain: `${REQUEST}${grant.grantId}`,
    seq: 0,
    record: chain,
    text: grantText(grant),
  }));
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
export function openUsualFold(): UsualFold {
  const quick = openQuickFold();
  let usual: string[] | null = [];
  let fold: Fold | null = null;
  const exact = (): Fold => {
    fold ??= openFold();
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

/** Folds the events of one request. Events that lead nowhere claim what no record can. */
export function openFold(): Fold {
  let state: AccessRequest | null = INITIAL;
  return {
    add(event) {
      const parsed = AccessRequestEvent.safeParse(event);
      state = state && parsed.success ? after(state, parsed.data) : null;
    },
    claims: ({ chain, seq }) => [
      { chain, seq, record: chain, text: state ? textOf(state) : NOWHERE },
      ...grantClaims(chain, state),
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

function grantClaims(chain: string, state: AccessRequest | null): Claim[] {
  const grant = state && grantOf(state);
  return grant && state.status !== 'new'
    ? [{ chain, seq: 0, record: `${HOLDING}${state.holdingId}`, text: grantText(grant) }]
    : [];
}

type GrantFacts = Pick<
  HoldingGrant,
  | 'grantId'
  | 'role'
  | 'requester'
  | 'entitlementId'
  | 'authorizedAt'
  | 'expiresAt'
  | 'phase'
  | 'endedAt'
>;

/** Null where no holding has to list the request. */
function grantOf(state: AccessRequest): GrantFacts | null {
  if (state.status !== 'activating' && state.status !== 'active' && state.status !== 'removing')
    return null;
  return {
    grantId: state.requestId,
    role: state.entitlement.role,
    requester: state.requester,
    entitlementId: state.entitlement.id,
    authorizedAt: state.authorizedAt,
    expiresAt: state.expiresAt,
    phase: state.status,
    endedAt: state.status === 'removing' ? state.endedAt : null,
  };
}

function grantText(grant: GrantFacts): string {
  const { grantId, role, requester, entitlementId, authorizedAt, expiresAt, phase, endedAt } =
    grant;
  return canonicalJson({
    ...{ grantId, role, requester, entitlementId },
    ...{ authorizedAt, expiresAt, phase, endedAt },
  });
}

const textOf = (state: KnownRequest | { status: 'new' }): string => canonicalJson({ ...state });
