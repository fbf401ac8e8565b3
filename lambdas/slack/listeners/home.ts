/**
 * The Home tab is drawn by announce alone, one writer for one picture: here it is only asked for, which takes one message to a
 * queue, so that Slack is answered in time. Turning a page is asked for in the same way; the button says which, nothing else.
 */
import type { App } from '@slack/bolt';
import { type HomeJob, HomeLens } from '../../../shared/domain/home.ts';
import { type Act, onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { type ClickBody, HomeOpened, parseJsonAs } from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import { HOME_ACTIONS } from '../views/home-parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

export function registerHome(app: App, deps: SlackDeps): void {
  // A queue that does not answer makes the receiver say so, and Slack sends the event again.
  app.event('app_home_opened', async ({ event }) => opened(event, deps));
  for (const actionId of [HOME_ACTIONS.next, HOME_ACTIONS.previous])
    onClick(app, deps, { actionId, run: turned });
}

async function opened(event: unknown, deps: SlackDeps): Promise<void> {
  const parsed = HomeOpened.safeParse(event);
  if (!parsed.success) {
    deps.telemetry.info('A signed Slack event was malformed', { reason: 'app_home_opened' });
    return;
  }
  const { user, tab, view } = parsed.data;
  // The same event tells of the messages tab, which is no Home.
  if (tab !== 'home') return;
  await ask(deps, { home: user, why: 'opened', seen: view?.hash ?? null });
}

async function turned({ body }: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const lens = parseJsonAs(HomeLens, body.actions[0]?.value);
  if (!lens) return { message: refusalMessage({ code: 'action-unreadable' }, deps.clock.now()) };
  await ask(deps, { home: body.user.id, why: 'page', lens });
  return null;
}

const ask = (deps: SlackDeps, job: HomeJob): Promise<void> => deps.queues.send('announce', job);
