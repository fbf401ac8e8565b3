/**
 * Who is on call for an Opsgenie schedule now: GET /v2/schedules/{id or name}/on-calls?flat=true answers user names, which are
 * e-mail addresses. https://docs.opsgenie.com/docs/who-is-on-call-api
 */
import * as z from 'zod';
import type { OnCallPerson } from '../../domain/policy/on-call.ts';
import { boundedJson, type Outside, outsideFault } from '../bounded-get.ts';

export const OpsgenieSettings = z.object({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  /** In the EU `https://api.eu.opsgenie.com`. */
  apiUrl: z.url().default('https://api.opsgenie.com'),
});
export type OpsgenieSettings = z.infer<typeof OpsgenieSettings>;

const Answer = z.object({ data: z.object({ onCallRecipients: z.array(z.string()) }) });
const NAME = 'Opsgenie';
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export async function opsgenieOnCall(
  settings: OpsgenieSettings,
  schedule: string,
  outside: Partial<Outside> = {},
): Promise<readonly OnCallPerson[]> {
  const url = new URL(`/v2/schedules/${encodeURIComponent(schedule)}/on-calls`, settings.apiUrl);
  url.searchParams.set('flat', 'true');
  url.searchParams.set('scheduleIdentifierType', ID.test(schedule) ? 'id' : 'name');
  const headers = { authorization: `GenieKey ${settings.token}` };
  const answer = Answer.safeParse(await boundedJson({ name: NAME, ...outside }, url, headers));
  if (!answer.success) throw outsideFault(NAME, 'answered in a shape nobody promised.');
  return answer.data.data.onCallRecipients.map((name) => ({ account: name, email: name }));
}
