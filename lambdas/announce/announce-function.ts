/**
 * Announce queue -> Slack: each request is drawn from its state, and so are the Homes of those whom it concerns; a digest is
 * posted as it was made. Holds the Slack token and no provider credentials.
 */
import * as z from 'zod';
import {
  type AnnounceDeps,
  announce,
  type Render,
  type ToDraw,
} from '../../shared/application/announce.ts';
import {
  type AnnounceDigestDeps,
  announceDigest,
} from '../../shared/application/announce-digest.ts';
import {
  announceNotices,
  type NoticeDeps,
  type RenderNotices,
} from '../../shared/application/announce-notices.ts';
import { announcePolicy, type PolicyNoticeDeps } from '../../shared/application/announce-policy.ts';
import { announceStop, type StopNoticeDeps } from '../../shared/application/announce-stop.ts';
import {
  announceStrangers,
  type StrangerNoticeDeps,
} from '../../shared/application/announce-strangers.ts';
import { drawHome, type HomeDeps } from '../../shared/application/home.ts';
import { askForHomes, askForHomesOfAdmins } from '../../shared/application/home-jobs.ts';
import { lookForLeavers } from '../../shared/application/note-leaver.ts';
import { redrawVoided } from '../../shared/application/redraw-voided.ts';
import { RequestId, SlackUserId } from '../../shared/domain/access-request/model.ts';
import { DigestId } from '../../shared/domain/digest/model.ts';
import { HomeJob } from '../../shared/domain/home.ts';
import { noticesFor, resetOpenNotice } from '../slack/views/authenticator-notices.ts';
import { card } from '../slack/views/card.ts';
import { digestMessage } from '../slack/views/digest.ts';
import { home } from '../slack/views/home.ts';
import { policyNotice } from '../slack/views/policy-change.ts';
import { promptMessage } from '../slack/views/prompt.ts';
import { receipt } from '../slack/views/receipt.ts';
import { reminder } from '../slack/views/reminder.ts';
import { stopNotices } from '../slack/views/stop-notices.ts';
import { strangerNotices } from '../slack/views/stranger-notices.ts';
import { overdueMessage, threadMessage } from '../slack/views/thread.ts';
import { mendMessage } from '../slack/views/unreachable.ts';
import { verdictMessage } from '../slack/views/unusual.ts';

const Message = z.union([
  z.strictObject({ requestId: RequestId, version: z.int().positive().optional() }),
  z.strictObject({ digestId: DigestId }),
  z.strictObject({ noticesOf: SlackUserId }),
  z.strictObject({ strangersIn: z.string().min(3).max(300) }),
  z.strictObject({ redButton: z.literal(true) }),
  z.strictObject({ policyChanged: z.literal(true) }),
  z.strictObject({ lookForLeavers: z.literal(true) }),
  HomeJob,
]);
type Message = z.infer<typeof Message>;

const render: Render = {
  card,
  receipt,
  thread: threadMessage,
  overdue: overdueMessage,
  mend: mendMessage,
  reminder,
  verdict: verdictMessage,
  prompt: promptMessage,
};

type Deps = AnnounceDeps &
  HomeDeps &
  AnnounceDigestDeps &
  NoticeDeps &
  StrangerNoticeDeps &
  StopNoticeDeps &
  PolicyNoticeDeps;

const renderNotices: RenderNotices = { event: noticesFor, resetOpen: resetOpenNotice };

/** @throws whatever stopped it, after telling the operators: the message comes again */
export function announceMessage(
  parts: Omit<
    Deps,
    | 'render'
    | 'home'
    | 'renderDigest'
    | 'renderNotices'
    | 'renderStrangers'
    | 'renderStop'
    | 'renderPolicy'
  >,
): (body: unknown) => Promise<void> {
  const renderers = { render, home, renderDigest: digestMessage, renderNotices };
  const chains = {
    renderStrangers: strangerNotices,
    renderStop: stopNotices,
    renderPolicy: policyNotice,
  };
  const deps = { ...parts, ...renderers, ...chains };
  return async (body) => {
    const message = Message.parse(body);
    await deps.telemetry.within(message, async () => {
      try {
        await draw(message, deps);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        deps.telemetry.error('announce stopped; the message comes again', { why });
        throw error;
      }
    });
  };
}

async function draw(message: Message, deps: Deps): Promise<void> {
  if ('home' in message) await drawHome(message, deps);
  else if ('digestId' in message) await announceDigest(message.digestId, deps);
  else if ('redButton' in message) await both(announceStop(deps), askForHomesOfAdmins(deps));
  else if ('policyChanged' in message) await announcePolicy(deps);
  else if ('lookForLeavers' in message) await lookForLeavers(deps);
  else if ('strangersIn' in message) await announceStrangers(message.strangersIn, deps);
  else if ('noticesOf' in message) await tellOwner(message.noticesOf, deps);
  else await drawRequest(message, deps);
}

/** What happened to an authenticator stands on its owner's Home as well, and on what they approved while it counts no longer. */
const tellOwner = (owner: string, deps: Deps): Promise<void> =>
  both(
    both(announceNotices(owner, deps), drawHome({ home: owner, why: 'changed' }, deps)),
    redrawVoided(owner, deps),
  );

/** A Home that cannot be asked for keeps no card from being drawn. */
const drawRequest = (toDraw: ToDraw, deps: Deps): Promise<void> =>
  both(announce(toDraw, deps), askForHomes(toDraw.requestId, deps));

/** Neither waits for the other, nor suffers from it; what failed comes again with the message. */
async function both(one: Promise<unknown>, other: Promise<unknown>): Promise<void> {
  for (const each of await Promise.allSettled([one, other]))
    if (each.status === 'rejected') throw each.reason;
}
