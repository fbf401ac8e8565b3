/**
 * What decisions ask beside Slack's users and the providers: every user group and on-call schedule that the policy names, and
 * every tracker in which it looks tickets up. Reads only, with the adapters that are deployed.
 */
import { groupKey, placeOf } from '../../../shared/domain/policy/group-place.ts';
import { onCallMembers } from '../../../shared/domain/policy/on-call.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { Tracker } from '../../../shared/domain/policy/schema/ticket.ts';
import { ticketOf } from '../../../shared/domain/policy/ticket.ts';
import { type Directory, Fault } from '../../../shared/ports.ts';
import type { OnCall, TicketBook } from '../../../shared/ports-outside.ts';
import { type Check, type Finding, ok, problem, warning } from './finding.ts';

export type OutsideAt = {
  readonly directory: Pick<Directory, 'groupMembers'>;
  readonly onCall: OnCall;
  readonly tickets: Pick<TicketBook, 'standing'>;
  now(): Date;
};

export const groupChecks = (policy: Policy, at: OutsideAt): Check[] =>
  Object.entries(policy.groups ?? {}).map(([name, group]) => ({
    name: `group ${name}`,
    run: () =>
      asked(async () => {
        const { system, id } = placeOf(group);
        const listed = new Set(Object.values(policy.people).map(({ slack }) => slack));
        const members =
          system === 'slack'
            ? (await at.directory.groupMembers(id, at.now())).filter((slack) => listed.has(slack))
            : onCallMembers(policy, system, await at.onCall.onCallNow({ system, id }, at.now()));
        if (members.length > 0)
          return [ok(`${groupKey(group)} answers: ${members.length} of the policy's people in it`)];
        return [
          warning(
            `${groupKey(group)} answers, and nobody in it now is one of the policy's people`,
            'Right if nobody is on call; else add them under `people`, with `email` or `accounts`',
          ),
        ];
      }),
  }));

/** Keys that nobody uses: an answer is all that is wanted. */
const NO_TICKET: Readonly<Record<Tracker, string>> = { jira: 'HALLPASS-0', github: 'o/r#1' };

export function trackerChecks(policy: Policy, at: OutsideAt): Check[] {
  const used = new Set(policy.rules.flatMap((rule) => ticketOf(rule)?.exists_in ?? []));
  return [...used].map((tracker) => ({
    name: `tracker ${tracker}`,
    run: () =>
      asked(async () => {
        await at.tickets.standing(tracker, NO_TICKET[tracker], at.now());
        return [ok('answers')];
      }),
  }));
}

async function asked(look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [
      problem(
        error.message,
        'Until then asks that depend on it are refused: docs/deployment.md, Secrets',
      ),
    ];
  }
}
