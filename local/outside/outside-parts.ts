/** The ports OnCall and TicketBook of local mode: the real adapters, against real systems where switches name them, else stand-ins. */
import { onCallSystems } from '../../shared/adapters/on-call/on-call.ts';
import { trackers } from '../../shared/adapters/tickets/trackers.ts';
import type { OutsideSettings } from './outside-settings.ts';
import { OUTSIDE, type OutsideStandIn } from './outside-stand-in.ts';

export function outsideParts({ onCall, tickets }: OutsideSettings, { fetch }: OutsideStandIn) {
  const { pagerduty, opsgenie, ical, jira, github } = OUTSIDE;
  const here = { pagerduty, opsgenie, ical: { hosts: [...ical.hosts] } };
  return {
    onCall: onCall ? onCallSystems(async () => onCall) : onCallSystems(async () => here, { fetch }),
    tickets: tickets
      ? trackers(async () => tickets)
      : trackers(async () => ({ jira, github }), { fetch }),
  };
}
