/** A refusal in the product's own words, with the names of the policy in place of Slack's mentions. */
import { wordsFor } from '../../lambdas/slack/views/refusals.ts';
import { closest } from '../../shared/domain/policy/catalog.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { PolicyRefusal } from '../../shared/domain/policy/refusal.ts';
import { fromMrkdwn } from '../docs/from-mrkdwn.ts';
import { plain } from './terminal.ts';

/** The name under `people`; the id itself of whom the policy does not list. */
export const nameOf = (policy: Policy, slack: string): string =>
  membersOf(policy).bySlack.get(slack)?.name ?? slack;

export const namesOf = (policy: Policy, people: readonly string[]): string =>
  people.length === 0 ? 'nobody' : people.map((slack) => nameOf(policy, slack)).join(', ');

/** What to do where nobody is asked outside: here whoever asks says it. */
function hereNext(policy: Policy, refusal: PolicyRefusal): string | null {
  if (refusal.code === 'group-unknown')
    return `Say who is in it: ${refusal.groups.map((name) => `--group ${name}=ana,bo`).join(' ')} (in a case: \`groups\`).`;
  if (refusal.code !== 'unknown-entitlement') return null;
  const near = closest(refusal.entitlement, Object.keys(policy.entitlements));
  return near.length > 0
    ? `Did you mean ${near.join(' or ')}?`
    : 'Its targets stand under `entitlements`.';
}

export function sentencesOf(policy: Policy, refusal: PolicyRefusal, now: Date): string {
  const { happened, why, next } = wordsFor(refusal, now);
  const named = `${happened} ${why} ${hereNext(policy, refusal) ?? next}`.replace(
    /<@([UW][A-Z0-9]+)>/g,
    (_, id: string) => nameOf(policy, id),
  );
  return plain(fromMrkdwn(named));
}
