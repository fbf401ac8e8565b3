/** Where the members of a group are kept, and the key under which they arrive as facts. */
import type { Group } from './schema/people.ts';

/** The system that says who is in a group, and its name for it there. */
export type GroupPlace = {
  readonly system: 'slack' | 'pagerduty' | 'opsgenie' | 'ical';
  readonly id: string;
};

export function placeOf({ slack_usergroup: usergroup, on_call: onCall }: Group): GroupPlace {
  if (usergroup !== undefined) return { system: 'slack', id: usergroup };
  const { pagerduty, opsgenie, ical } = onCall ?? {};
  if (pagerduty !== undefined) return { system: 'pagerduty', id: pagerduty };
  if (opsgenie !== undefined) return { system: 'opsgenie', id: opsgenie };
  return { system: 'ical', id: ical ?? '' };
}

/** Key of the group in `GroupMembers`: a Slack user group's id, else `pagerduty:P123ABC` and so on. */
export function groupKey(group: Group): string {
  const { system, id } = placeOf(group);
  return system === 'slack' ? id : `${system}:${id}`;
}
