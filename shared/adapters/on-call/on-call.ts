/**
 * The port OnCall over PagerDuty, Opsgenie and calendars, each answer remembered for less than a minute. A system that was never
 * configured is a Fault. A calendar is fetched from a host that the operator allowed and nobody else, whatever the policy says.
 */
import * as z from 'zod';
import type { OnCallPerson } from '../../domain/policy/on-call.ts';
import type { OnCall, OnCallPlace } from '../../ports-outside.ts';
import { boundedGet, type Outside, outsideFault, statusFault } from '../bounded-get.ts';
import { remembered } from '../remembered.ts';
import { OpsgenieSettings, opsgenieOnCall } from './opsgenie.ts';
import { PagerdutySettings, pagerdutyOnCall } from './pagerduty.ts';

const Host = z.string().regex(/^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);

/** What the secret of the on-call systems holds: each part only where the policy uses it. */
export const OnCallSettings = z.object({
  pagerduty: PagerdutySettings.optional(),
  opsgenie: OpsgenieSettings.optional(),
  /** Hosts from which a calendar may be fetched, for example `calendar.google.com`. */
  ical: z.object({ hosts: z.array(Host).max(50) }).optional(),
});
export type OnCallSettings = z.infer<typeof OnCallSettings>;

export function onCallSystems(
  settings: () => Promise<OnCallSettings>,
  outside: Pick<Outside, 'fetch'> = {},
): OnCall {
  const ask = async (key: string, now: Date): Promise<readonly OnCallPerson[]> => {
    const { system, id } = placeIn(key);
    const { pagerduty, opsgenie, ical } = await settings();
    if (system === 'pagerduty' && pagerduty)
      return pagerdutyOnCall(pagerduty, { schedule: id, now }, outside);
    if (system === 'opsgenie' && opsgenie) return opsgenieOnCall(opsgenie, id, outside);
    if (system === 'ical' && ical) return calendarOnCall(ical.hosts, { address: id, now }, outside);
    throw outsideFault(NAMES[system], 'is not configured: put it into the secret OnCall.');
  };
  const known = remembered(ask);
  return { onCallNow: ({ system, id }, now) => known(`${system}:${id}`, now) };
}

const NAMES = {
  pagerduty: 'PagerDuty',
  opsgenie: 'Opsgenie',
  ical: 'The on-call calendar',
} as const;
const System = z.enum(['pagerduty', 'opsgenie', 'ical']);

function placeIn(key: string): OnCallPlace {
  const colon = key.indexOf(':');
  return { system: System.parse(key.slice(0, colon)), id: key.slice(colon + 1) };
}

async function calendarOnCall(
  hosts: readonly string[],
  { address, now }: { readonly address: string; readonly now: Date },
  outside: Pick<Outside, 'fetch'>,
): Promise<readonly OnCallPerson[]> {
  const name = NAMES.ical;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.port !== '' || !hosts.includes(url.hostname))
    throw outsideFault(name, `is at ${url.hostname}, which the secret OnCall does not allow.`);
  const got = await boundedGet({ name, ...outside }, url, { accept: 'text/calendar' });
  if (got.status !== 200) throw statusFault(name, got.status);
  // Only who uses a calendar loads what reads one.
  const { onCallByCalendar } = await import('./calendar-now.ts');
  return onCallByCalendar(got.text, now);
}
