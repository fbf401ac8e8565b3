/**
 * An event of ours as an OCSF event, for a SIEM. Everything of the event is in it, under `unmapped`, beside what OCSF has words
 * for; `metadata.uid` is the event's hash: whoever gets one twice knows it by that. Never a name, a login or a free text.
 */
import type { AnyEvent } from '../records.ts';
import { actorOf, containerOf, type LoggedRow, requestIdOf } from './audit-row.ts';
import type { Json } from './canonical-json.ts';
import {
  CLASSES,
  type Classified,
  OCSF_CLASS_OF,
  OCSF_VERSION,
  SEVERITIES,
} from './ocsf-classes.ts';

const CATEGORY = { uid: 3, name: 'Identity & Access Management' } as const;
const OTHER = 99;
const NOBODY = 'unknown';
const PERSON = { type_id: 1, type: 'User' } as const;
const TOTP = { factor_type_id: 7, factor_type: 'OTP', is_totp: true } as const;

export type OcsfEvent = { readonly [key: string]: Json };

export function ocsfOf(row: LoggedRow): OcsfEvent {
  const { logged } = row;
  const { event } = logged;
  const classified = OCSF_CLASS_OF[event.type];
  const { uid: classUid, caption } = CLASSES[classified.in];
  const activity = activityOf(classified, event.type);
  const status = classified.failed
    ? { status_id: 2, status: 'Failure' }
    : { status_id: 1, status: 'Success' };
  const unmapped: Json = event;
  return {
    class_uid: classUid,
    class_name: caption,
    category_uid: CATEGORY.uid,
    category_name: CATEGORY.name,
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: classUid * 100 + activity.id,
    type_name: `${caption}: ${activity.id === OTHER ? 'Other' : activity.name}`,
    severity_id: classified.severity,
    severity: SEVERITIES[classified.severity],
    ...status,
    ...('code' in event ? { status_code: event.code } : {}),
    time: Date.parse(event.at),
    message: `${event.type} in ${logged.chain}`,
    metadata: metadataOf(row),
    actor: actorObject(event),
    ...objectOf(row, classified),
    unmapped,
  };
}

function activityOf(
  { in: name, activity }: Classified,
  type: string,
): { id: number; name: string } {
  if (activity === null) return { id: OTHER, name: type };
  const named = Object.entries(CLASSES[name].activities).find(([id]) => id === String(activity));
  if (!named) throw new Error(`${name} has no activity ${activity}`);
  return { id: activity, name: named[1] };
}

function metadataOf({ logged }: LoggedRow): Json {
  const requestId = requestIdOf(logged.event);
  return {
    version: OCSF_VERSION,
    product: { name: 'Hallpass', vendor_name: 'Hallpass' },
    uid: logged.hash,
    event_code: logged.event.type,
    log_name: logged.chain,
    sequence: logged.seq,
    tenant_uid: logged.tenant,
    original_time: logged.event.at,
    ...(requestId === null ? {} : { correlation_uid: requestId }),
  };
}

const person = (uid: string): Json => ({ uid, ...PERSON });

const actorObject = ({ actor }: AnyEvent): Json =>
  actor.kind === 'person' ? { user: person(actor.id) } : { app_name: `hallpass/${actorOf(actor)}` };

/** What the class demands beside the head: who or what it happened to. */
function objectOf(row: LoggedRow, classified: Classified): { readonly [key: string]: Json } {
  const { event } = row.logged;
  const owner = 'owner' in event ? event.owner : NOBODY;
  switch (classified.in) {
    case 'accountChange':
      return { user: person(owner), auth_factors: [TOTP] };
    case 'authentication':
      return {
        user: person(owner),
        service: { name: 'Hallpass' },
        auth_factors: [TOTP],
        is_mfa: true,
      };
    case 'userAccess':
      return accessOf(row);
    default:
      return { entity: entityOf(row) };
  }
}

function accessOf({ about: { request } }: LoggedRow): { readonly [key: string]: Json } {
  if (request === null) return { user: person(NOBODY), privileges: [] };
  const { entitlement, subject } = request;
  const { id, kind, resource, role } = entitlement;
  return {
    user: person(subject),
    privileges: [role],
    resources: [{ uid: id, name: resource, type: kind }],
  };
}

const OTHER_KINDS = {
  request: 'Access request',
  holding: 'Holding',
  authenticator: 'Authenticator',
  refusals: 'Refused attempt',
  administration: 'Audit log',
  policy: 'Policy',
  pause: 'Pause of new access',
  stop: 'Stop of everything',
  container: 'Container',
  enrolment: 'Enrolment',
} as const;

function entityOf(row: LoggedRow): Json {
  const { logged } = row;
  const { kind, event } = logged;
  if ('hash' in event)
    return { type_id: 5, type: 'Policy', uid: event.hash, policy: { uid: event.hash } };
  const uid = requestIdOf(event) ?? ('person' in event && event.person ? event.person : logged.id);
  const container = containerOf(row);
  const data = container === null ? {} : { data: { container } };
  return { type_id: OTHER, type: OTHER_KINDS[kind], uid, ...data };
}
