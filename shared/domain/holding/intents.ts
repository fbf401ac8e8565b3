/**
 * When an open intent may be closed. `confirmed` needs the call's own answer AND a read-back that agrees;
 * anything else stays open until it is so old that the call can no longer take effect (`settled`), whatever
 * a read showed before: a late call would otherwise undo what was believed.
 */

import { lastWriteMs, type Observed, overMs } from './facts.ts';
import type { Holding, Intent } from './model.ts';
import { rankOf, strongest } from './roles.ts';

export type Closing = {
  closed: readonly { intentId: string; result: 'confirmed' | 'settled' }[];
  /** What changes on the holding when they are closed. */
  holding: Partial<Pick<Holding, 'intents' | 'ours'>>;
};

export function closableIntents(holding: Holding, facts: Observed): Closing {
  const closed: { intentId: string; result: 'confirmed' | 'settled' }[] = [];
  let ours = holding.ours;
  for (const intent of holding.intents) {
    const seen = agrees(intent, holding, facts);
    const settled =
      overMs(Date.parse(intent.issuedAt), facts) <= Date.parse(facts.observation.startedAt);
    if (!settled && !(intent.answer === 'answered' && seen)) continue;
    closed.push({ intentId: intent.intentId, result: settled && !seen ? 'settled' : 'confirmed' });
    if (seen) ours = oursAfter(intent, { ours, holding, facts });
  }
  const ids = new Set(closed.map((each) => each.intentId));
  const intents = holding.intents.filter((intent) => !ids.has(intent.intentId));
  return { closed, holding: closed.length > 0 ? { intents, ours } : {} };
}

function agrees(intent: Intent, holding: Holding, facts: Observed): boolean {
  const rank = rankOf(facts.roles);
  const { role, direct } = facts.observation.membership;
  if (intent.kind === 'add') return direct && rank(role) >= rank(intent.role);
  if (intent.role !== null) return role === intent.role;
  return !direct || role === null || role === holding.baseline?.role;
}

/**
 * Intents are not closed in the order in which they were issued. So closing one never makes `ours` weaker, unless it
 * is a removal after which nothing was issued: what we forget having written would never be taken away.
 */
function oursAfter(
  intent: Intent,
  now: { ours: string | null; holding: Holding; facts: Observed },
): string | null {
  const { ours, holding, facts } = now;
  const left = intent.kind === 'add' ? intent.role : leftOver(intent, holding);
  const isLast = Date.parse(intent.issuedAt) >= lastWriteMs(holding);
  if (intent.kind === 'remove' && isLast) return left;
  return strongest(facts.roles, [ours, left]);
}

/** A lowering to a role that somebody still wants leaves that role ours; down to the baseline nothing is. */
const leftOver = (intent: Intent, holding: Holding): string | null =>
  intent.role === holding.baseline?.role ? null : intent.role;
