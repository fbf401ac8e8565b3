/**
 * Who else hears of a request that does not go the usual way: whoever holds access that somebody else asked for; of a break-glass every
 * approver who was not asked, and the security channel, which also hears when its review says that it was not justified.
 */
import type { Card, Run } from './announce-run.ts';

type Wanted = Pick<Card['direct'][number], 'what' | 'to' | 'dueAt'>;

/** More than any rule has approvers; keeps one request from flooding a workspace. */
const MOST_SKIPPED = 200;

export async function unusualMessages({ deps, state, facts }: Run): Promise<Wanted[]> {
  const { requester, subject, breakGlass, review } = state;
  const once = (what: Wanted['what'], to: string): Wanted => ({ what, to, dueAt: null });
  const held = subject === requester ? [] : [once('subject', subject)];
  if (!breakGlass) return held;
  const channel = (await deps.policies.active())?.policy.security_channel;
  const told = channel === undefined ? [] : [once('security', channel)];
  const unjustified = review?.verdict === 'not-justified' && channel !== undefined;
  return [
    ...held,
    ...told,
    ...facts.approvers.slice(0, MOST_SKIPPED).map((to) => once('skipped', to)),
    ...(unjustified ? [once('verdict', channel)] : []),
  ];
}
