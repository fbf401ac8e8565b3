/**
 * Whoever has to know of the red button is told: the security channel, and each admin by direct message. A projection of the stop's
 * chain (notices.ts): whatever was pressed is told once to each, however the trigger came; one admin whom Slack cannot reach
 * keeps nobody else from hearing it.
 */
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { EventOf } from '../domain/records.ts';
import { EVERYTHING } from './halts.ts';
import { type NoticeParts, type NoticeSource, type Pictures, tellNotices } from './notices.ts';

export type StopEvent = EventOf<'stop'>;
/** Pure pictures. `owner`: what one admin is told. */
export type RenderStop = (event: StopEvent, to: { admin: string | null; now: Date }) => Pictures;
export type StopNoticeDeps = NoticeParts & { renderStop: RenderStop };

/** Who became an admin since hears of what goes on now, and of nothing that is long over. */
const NEWS_MS = 24 * 3_600_000;

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function announceStop(deps: StopNoticeDeps): Promise<void> {
  const active = await deps.policies.active();
  const admins = active
    ? [...membersOf(active.policy).bySlack.keys()].filter((id) => isAdmin(inForce(active), id))
    : [];
  const security = active?.policy.security_channel ?? null;
  const told = await Promise.allSettled([
    tellNotices(sourceFor(deps, { admin: null, channel: security }), deps),
    ...admins.map((admin) => tellNotices(sourceFor(deps, { admin, channel: admin }), deps)),
  ]);
  for (const each of told) if (each.status === 'rejected') throw each.reason;
}

/** Each has a place of their own in the chain. */
function sourceFor(
  { journal, clock, renderStop }: StopNoticeDeps,
  { admin, channel }: { admin: string | null; channel: string | null },
): NoticeSource {
  const about = admin === null ? 'red-button' : `red-button-${admin}`;
  return {
    about,
    again: { redButton: true },
    async news(after) {
      const now = clock.now();
      const chain = await journal.history('stop', EVERYTHING, after);
      return chain.map(({ seq, event }) => {
        const isOld = now.getTime() - Date.parse(event.at) > NEWS_MS;
        const { owner, security } = renderStop(event, { admin, now });
        const pictures = admin === null ? { owner: null, security } : { owner, security: null };
        return { seq, pictures: isOld ? NOBODY : pictures, due: () => null };
      });
    },
    places: async () =>
      admin === null ? { owner: null, security: channel } : { owner: channel, security: null },
    reminder: async () => null,
  };
}

const NOBODY: Pictures = { owner: null, security: null };
