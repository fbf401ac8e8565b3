/**
 * Who is on call for a PagerDuty schedule now: GET /oncalls, REST API v2. The token is a read-only one of the account, so no
 * `From` is due. https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls
 */
import * as z from 'zod';
import type { OnCallPerson } from '../../domain/policy/on-call.ts';
import { boundedJson, type Outside, outsideFault } from '../bounded-get.ts';

export const PagerdutySettings = z.object({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  /** In the EU `https://api.eu.pagerduty.com`. */
  apiUrl: z.url().default('https://api.pagerduty.com'),
});
export type PagerdutySettings = z.infer<typeof PagerdutySettings>;

const Answer = z.object({
  oncalls: z.array(
    z.object({
      schedule: z.object({ id: z.string() }).nullable(),
      user: z.object({ id: z.string(), email: z.string().nullish() }),
      /** Null: always. */
      start: z.iso.datetime({ offset: true }).nullable(),
      end: z.iso.datetime({ offset: true }).nullable(),
    }),
  ),
  more: z.boolean().nullish(),
});
const NAME = 'PagerDuty';
const MOST = 100;

export async function pagerdutyOnCall(
  settings: PagerdutySettings,
  { schedule, now }: { readonly schedule: string; readonly now: Date },
  outside: Partial<Outside> = {},
): Promise<readonly OnCallPerson[]> {
  const url = new URL('/oncalls', settings.apiUrl);
  const until = new Date(now.getTime() + 1000);
  for (const [key, value] of [
    ['schedule_ids[]', schedule],
    ['include[]', 'users'],
    ['since', now.toISOString()],
    ['until', until.toISOString()],
    ['limit', String(MOST)],
  ] as const)
    url.searchParams.append(key, value);
  const answer = Answer.safeParse(
    await boundedJson({ name: NAME, ...outside }, url, {
      accept: 'application/vnd.pagerduty+json;version=2',
      authorization: `Token token=${settings.token}`,
    }),
  );
  if (!answer.success) throw outsideFault(NAME, 'answered in a shape nobody promised.');
  const { oncalls, more } = answer.data;
  if (more) throw outsideFault(NAME, `names more than ${MOST} on call for one schedule.`);
  return oncalls
    .filter((each) => each.schedule?.id === schedule && isNow(each, now))
    .map(({ user }) => ({ account: user.id, email: user.email ?? null }));
}

function isNow(
  { start, end }: { readonly start: string | null; readonly end: string | null },
  now: Date,
): boolean {
  const at = now.getTime();
  return (start === null || Date.parse(start) <= at) && (end === null || at < Date.parse(end));
}
