/** Which workspace and app a signed payload speaks for. A secret that is shared or leaked must not let another one in. */
import type { Payload } from './parse-body.ts';

type Pins = { readonly appId: string; readonly teamId: string; readonly enterpriseId?: string };

/** The first field that is not ours, or null. What Slack always sends must be there. */
export function foreignSender(payload: Payload, pins: Pins): string | null {
  if (payload['api_app_id'] !== pins.appId) return 'api_app_id';
  if ((payload['team_id'] ?? idIn(payload['team'])) !== pins.teamId) return 'team_id';
  if (String(payload['is_enterprise_install'] ?? false) !== 'false') return 'is_enterprise_install';
  const enterprise = payload['enterprise_id'] ?? idIn(payload['enterprise']) ?? pins.enterpriseId;
  if (pins.enterpriseId !== undefined && enterprise !== pins.enterpriseId) return 'enterprise_id';
  return null;
}

const idIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
