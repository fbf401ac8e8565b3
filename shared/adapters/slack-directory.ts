/**
 * Who Slack says somebody is (users.info), remembered for less than the minute that evidence may be old. Unknown users are left
 * out; anything else that is not a clear answer is a Fault: decisions fail closed.
 */
import * as z from 'zod';
import type { PersonEvidence } from '../domain/policy/identity.ts';
import { type Directory, Fault } from '../ports.ts';
import { slackCodeOf } from './slack-call.ts';
import { type SlackAccess, type SlackApi, slackApi } from './slack-client.ts';
import { slackUserGroups } from './slack-usergroups.ts';

/** Shorter than EVIDENCE_MAX_AGE_SECONDS, so that it is still fresh when the decision is made. */
const REMEMBERED_MS = 45_000;
const MOST_REMEMBERED = 5000;
const UNKNOWN = new Set(['user_not_found', 'users_not_found', 'user_not_visible']);

const Answer = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string(),
    deleted: z.boolean(),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    is_email_confirmed: z.boolean().optional(),
    profile: z.object({ email: z.string().nullish() }).default({}),
    enterprise_user: z.object({ id: z.string().optional() }).optional(),
  }),
});

export function slackDirectory(slack: SlackAccess): Directory {
  const api = slackApi(slack);
  const remembered = new Map<string, PersonEvidence>();
  const one = async (id: string, now: Date): Promise<PersonEvidence | null> => {
    const known = remembered.get(id);
    if (known && Math.abs(now.getTime() - Date.parse(known.observedAt)) < REMEMBERED_MS)
      return known;
    const evidence = await ask(api, id, now);
    remembered.delete(id);
    if (evidence) remembered.set(id, evidence);
    const oldest = remembered.keys().next();
    if (remembered.size > MOST_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
    return evidence;
  };
  return {
    groupMembers: slackUserGroups(api),
    async evidence(slackUserIds, now) {
      const found = await Promise.all([...new Set(slackUserIds)].map((id) => one(id, now)));
      return new Map(found.flatMap((each) => (each ? [[each.slackUserId, each]] : [])));
    },
  };
}

async function ask(api: SlackApi, id: string, now: Date): Promise<PersonEvidence | null> {
  const answer = await knownOrNull(api, id);
  if (answer === null) return null;
  const parsed = Answer.safeParse(answer);
  if (parsed.success && parsed.data.user.id === id) return evidenceOf(parsed.data.user, now);
  throw new Fault('Slack users.info answered in a shape nobody promised. Try again.', {
    service: 'slack',
    retryable: true,
  });
}

async function knownOrNull(api: SlackApi, id: string): Promise<unknown> {
  try {
    return await api('users.info', { user: id });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (UNKNOWN.has(slackCodeOf(error.cause) ?? '')) return null;
    const { message, cause } = error;
    throw new Fault(message, { service: 'slack', retryable: true, cause });
  }
}

function evidenceOf(user: z.infer<typeof Answer>['user'], now: Date): PersonEvidence {
  const { is_email_confirmed: emailVerified } = user;
  return {
    slackUserId: user.id,
    teamId: user.team_id,
    enterpriseUserId: user.enterprise_user?.id || null,
    email: user.profile.email || null,
    // Slack says "not confirmed" of people whose address it does not show as well.
    ...(emailVerified === undefined || !user.profile.email ? {} : { emailVerified }),
    deleted: user.deleted,
    isBot: user.is_bot || user.id === 'USLACKBOT',
    isRestricted: user.is_restricted,
    isUltraRestricted: user.is_ultra_restricted,
    isStranger: user.is_stranger,
    observedAt: now.toISOString(),
  };
}
