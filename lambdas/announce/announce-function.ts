/**
 * Announce queue -> Slack: each request is drawn from its state, and so are the Homes of those whom it concerns. Holds the Slack
 * token and no provider credentials.
 */
import * as z from 'zod';
import { type AnnounceDeps, announce, type Render } from '../../shared/application/announce.ts';
import { drawHome, type HomeDeps } from '../../shared/application/home.ts';
import { askForHomes } from '../../shared/application/home-jobs.ts';
import { RequestId } from '../../shared/domain/access-request/model.ts';
import { HomeJob } from '../../shared/domain/home.ts';
import { card } from '../slack/views/card.ts';
import { home } from '../slack/views/home.ts';
import { receipt } from '../slack/views/receipt.ts';
import { reminder } from '../slack/views/reminder.ts';
import { overdueMessage, threadMessage } from '../slack/views/thread.ts';
import { mendMessage } from '../slack/views/unreachable.ts';

const Message = z.union([z.strictObject({ requestId: RequestId }), HomeJob]);

const render: Render = {
  card,
  receipt,
  thread: threadMessage,
  overdue: overdueMessage,
  mend: mendMessage,
  reminder,
};

type Deps = AnnounceDeps & HomeDeps;

/** @throws whatever stopped it, after telling the operators: the message comes again */
export function announceMessage(
  parts: Omit<Deps, 'render' | 'home'>,
): (body: unknown) => Promise<void> {
  const deps = { ...parts, render, home };
  return async (body) => {
    const message = Message.parse(body);
    try {
      await ('home' in message ? drawHome(message, deps) : drawRequest(message.requestId, deps));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.telemetry.error('announce stopped; the message comes again', { ...message, why });
      throw error;
    }
  };
}

/** Neither waits for the other: a Home that cannot be asked for keeps no card from being drawn, and comes again with this message. */
async function drawRequest(requestId: string, deps: Deps): Promise<void> {
  const done = await Promise.allSettled([announce(requestId, deps), askForHomes(requestId, deps)]);
  for (const each of done) if (each.status === 'rejected') throw each.reason;
}
