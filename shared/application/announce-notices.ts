/**
 * What happened to a person's authenticator, told to its owner and to the security channel: a projection of its chain, so
 * it does not matter who changed it, on the page, in Slack or at the command line. Also reminds the owner when a reset's delay
 * is over.
 */
import type { AuthenticatorEvent } from '../domain/authenticator/model.ts';
import type { SlackMessage } from '../ports.ts';
import { type Due, type Noticed, type NoticeParts, type Pictures, tellNotices } from './notices.ts';

export type { Noticed } from './notices.ts';

/** Pure pictures. */
export type RenderNotices = {
  event(event: AuthenticatorEvent): Pictures;
  /** The delay of a reset is over. */
  resetOpen(closesAt: string): SlackMessage;
};

export type NoticeDeps = NoticeParts & { renderNotices: RenderNotices };

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export const announceNotices = (owner: string, deps: NoticeDeps): Promise<Noticed> =>
  tellNotices(
    {
      about: owner,
      again: { noticesOf: owner },
      async news(after) {
        const chain = await deps.journal.history('authenticator', owner, after);
        return chain.map(({ seq, event }) => ({
          seq,
          pictures: deps.renderNotices.event(event),
          due: (before) => dueAfter(event, before),
        }));
      },
      async places() {
        const security = (await deps.policies.active())?.policy.security_channel ?? null;
        return { owner, security };
      },
      reminder: (due) => stillOpen(owner, due, deps),
    },
    deps,
  );

/** The end of a delay is due with the confirmation, and no longer once the reset is called off or has done its work. */
function dueAfter(event: AuthenticatorEvent, due: Due): Due {
  if (event.type === 'AuthenticatorResetConfirmed')
    return event.opensAt > event.at ? { at: event.opensAt, resetId: event.resetId } : null;
  if (event.type === 'AuthenticatorResetCancelled' || event.type === 'AuthenticatorReplaced')
    return null;
  return due;
}

/** The record says that the delay is over; whether the reset still stands is asked of the authenticator. */
async function stillOpen(
  owner: string,
  due: NonNullable<Due>,
  { journal, clock, renderNotices }: NoticeDeps,
): Promise<SlackMessage | null> {
  const { value } = await journal.read('authenticator', owner);
  const reset = value?.reset;
  const now = clock.now().toISOString();
  const stands =
    reset?.stage === 'confirmed' && reset.resetId === due.resetId && now < reset.closesAt;
  return stands ? renderNotices.resetOpen(reset.closesAt) : null;
}
