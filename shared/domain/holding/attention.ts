/** What of a holding has lasted longer than it should: the sweep wakes a person about it, an admin's Home lists it. Pure. */
import type { Holding, HoldingGrant } from './model.ts';
import { TIMING } from './timing.ts';

export type Attention = {
  /** Access past its end, and since when it should be gone. */
  readonly overdue: readonly { readonly grant: HoldingGrant; readonly since: string }[];
  /** Provider calls whose outcome is not known yet. */
  readonly ambiguous: Holding['intents'];
  /** Grants that are being set up for too long. */
  readonly stuck: readonly HoldingGrant[];
};

export function attentionTo(holding: Holding, now: Date): Attention {
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  return {
    overdue: holding.grants
      .map((grant) => ({ grant, since: overSince(grant) }))
      .filter(({ since }) => since < before(TIMING.overdueSeconds)),
    ambiguous: holding.intents.filter(({ issuedAt }) => issuedAt < before(TIMING.ambiguousSeconds)),
    stuck: holding.grants.filter(
      ({ phase, authorizedAt }) =>
        phase === 'activating' && authorizedAt < before(TIMING.stuckSeconds),
    ),
  };
}

/** Ended early, or at its end: that this was recorded late does not make access any shorter. */
const overSince = ({ endedAt, expiresAt }: HoldingGrant): string =>
  endedAt !== null && endedAt < expiresAt ? endedAt : expiresAt;
