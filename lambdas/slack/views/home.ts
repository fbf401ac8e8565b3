/**
 * The Home tab: what waits for its owner, what they have and asked for, their authenticator, and for admins how the whole is
 * doing. Pure; at most 100 blocks whatever the facts. Buttons are those of the cards, with the same ids and values; access
 * is called active or gone only in states that exist after a read-back.
 */
import type {
  Beside,
  HomeFacts,
  Live,
  MyAuthenticator,
  OpenHome,
  Waiting,
} from '../../../shared/application/home-facts.ts';
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { RECOVERY } from '../../../shared/domain/authenticator/recovery.ts';
import type { HomeLens } from '../../../shared/domain/home.ts';
import { COMMANDS } from '../commands.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { extendButton } from './extension.ts';
import { STATUS_WORDS } from './facts.ts';
import { alertBlocks, healthBlocks } from './home-health.ts';
import { HOME_ACTIONS, header, type Listing, listing, row } from './home-parts.ts';
import { dayAndTime } from './instants.ts';
import {
  actorName,
  button,
  context,
  endButton,
  forHowLong,
  forWhom,
  mention,
  pressedOf,
  section,
  what,
} from './parts.ts';
import { wordsFor } from './refusals.ts';
import { laterLine, reviewLine, startButtons, unusual } from './unusual.ts';

export function home(
  facts: HomeFacts,
  beside: Beside,
  lens: HomeLens | null,
): { blocks: KnownBlock[] } {
  if (facts.kind === 'closed') return { blocks: closed(facts.refusal, beside) };
  const { waiting, reviews, active, scheduled, pending, recent } = facts;
  const { more, authenticator, health } = facts;
  return {
    blocks: [
      ...(health ? alertBlocks(health) : []),
      ASK,
      ...listing({ ...WAITING, rows: waiting, more: more.waiting }, lens),
      ...listing({ ...REVIEWS, rows: reviews, more: false }, lens),
      ...listing({ ...ACTIVE, rows: active, more: false }, lens),
      ...listing({ ...SCHEDULED, rows: scheduled, more: false }, lens),
      ...listing({ ...PENDING, rows: pending, more: false }, lens),
      ...listing({ ...RECENT, rows: recent, more: more.mine }, lens),
      ...authenticatorBlocks(authenticator),
      ...(health ? healthBlocks({ health, beside, lens }) : []),
      context(
        `${code(`${COMMANDS.request} help`)} shows how to ask, ${code(`${COMMANDS.access} help`)} the rest.`,
      ),
    ],
  };
}

const ASK: KnownBlock = {
  type: 'actions',
  block_id: 'home-ask',
  elements: [
    {
      type: 'button',
      action_id: HOME_ACTIONS.ask,
      text: { type: 'plain_text', text: 'Request access' },
      style: 'primary',
    },
  ],
};

/** For whom there is nothing here: why, and whom to ask. */
function closed(
  refusal: Extract<HomeFacts, { kind: 'closed' }>['refusal'],
  { now }: Beside,
): KnownBlock[] {
  const { happened, why, next } = wordsFor(refusal, now);
  return [
    header('Hallpass'),
    section('Time-boxed access to the pipelines: asked for, approved by a peer, gone on time.'),
    section(`*${happened}*\n${why}\n${next}`),
    context(refusal.code),
  ];
}

type Kind<T> = Omit<Listing<T>, 'rows' | 'more'>;

const WAITING: Kind<Waiting> = {
  section: 'waiting',
  title: 'Waiting for you',
  none: 'Nothing waits for your decision.',
  row: ({ state, privileged }) => [
    row(`home-waiting-${state.requestId}`, waitingText(state, privileged)),
    {
      type: 'actions',
      block_id: `home-decide-${state.requestId}`,
      elements: [
        button('approve', 'Approve', { pressed: pressedOf(state), style: 'primary' }),
        button('deny', 'Deny', { pressed: pressedOf(state), style: 'danger' }),
      ],
    },
  ],
};

function waitingText(state: InStatus<'pending'>, privileged: boolean): string {
  const risk = privileged ? ':warning: *Privileged access.* ' : '';
  return `${risk}*${state.requestId}* · ${given(state)}lapses ${dayAndTime(state.lapsesAt)}\n${mention(state.requester)} asks for ${what(state)}${forWhom(state)} for *${forHowLong(state.durationSeconds)}*`;
}

/** `1 of 2 · ` once somebody has approved. */
const given = ({ approvals, approvalsNeeded }: InStatus<'pending'>): string =>
  approvals.length > 0 ? `${approvals.length} of ${approvalsNeeded} · ` : '';

const ACTIVE: Kind<Live> = {
  section: 'active',
  title: 'Active now',
  none: 'You hold nothing through Hallpass.',
  row: (state) => [
    row(
      `home-active-${state.requestId}`,
      `*${state.requestId}* · ${howActive(state)}${moreTime(state)}\n${what(state)}${forWhom(state)}`,
    ),
    ...(state.status === 'active'
      ? [
          {
            type: 'actions' as const,
            block_id: `home-grant-${state.requestId}`,
            elements: [extendButton(state), endButton(pressedOf(state))],
          },
        ]
      : []),
  ],
};

const moreTime = (state: Live): string =>
  state.status === 'active' && state.extension ? ' · more time asked for' : '';

function howActive(state: Live): string {
  if (state.status === 'active') return `*until ${dayAndTime(state.expiresAt)}* · verified`;
  if (state.status === 'removing') return '*ending…* not verified yet';
  return `*granting…* ends ${dayAndTime(state.expiresAt)}`;
}

const REVIEWS: Kind<KnownRequest> = {
  section: 'reviews',
  title: 'Reviews owed',
  none: null,
  row: (state) => [
    row(
      `home-review-${state.requestId}`,
      `${unusual(state)}*${state.requestId}* · ${reviewLine(state, { approvers: [] })}\n${mention(state.requester)} took ${what(state)}, ${dayAndTime(state.requestedAt)}`,
      button('review', 'Review', { pressed: pressedOf(state) }),
    ),
  ],
};

const SCHEDULED: Kind<InStatus<'scheduled'>> = {
  section: 'scheduled',
  title: 'Scheduled',
  none: null,
  row: (state) => [
    row(
      `home-scheduled-${state.requestId}`,
      `*${state.requestId}* · ${what(state)}${forWhom(state)} for *${forHowLong(state.grantSeconds)}*${laterLine(state)}`,
      // Taken back from the receipt and by `/access withdraw` too.
      startButtons(state)[0],
    ),
  ],
};

const PENDING: Kind<InStatus<'pending'>> = {
  section: 'pending',
  title: 'Pending',
  none: 'Nothing that you asked for is waiting.',
  row: (state) => [
    row(
      `home-pending-${state.requestId}`,
      `*${state.requestId}* · ${given(state)}lapses ${dayAndTime(state.lapsesAt)}\n${what(state)}${forWhom(state)} for *${forHowLong(state.durationSeconds)}*`,
      button('withdraw', 'Withdraw', { pressed: pressedOf(state) }),
    ),
  ],
};

const RECENT: Kind<KnownRequest> = {
  section: 'recent',
  title: 'Recent',
  none: 'Nothing yet.',
  row: (state) => [
    row(
      `home-recent-${state.requestId}`,
      `*${state.requestId}* · ${howOver(state)}\n${what(state)}${forWhom(state)}, asked ${dayAndTime(state.requestedAt)}`,
      button(HOME_ACTIONS.again, 'Request again', { pressed: pressedOf(state) }),
    ),
  ],
};

function howOver(state: KnownRequest): string {
  const word = `*${STATUS_WORDS[state.status]}*`;
  switch (state.status) {
    case 'denied':
    case 'withdrawn':
      return `${word} by ${actorName(state.closedBy)}, ${dayAndTime(state.closedAt)}`;
    case 'lapsed':
      return `${word}, ${dayAndTime(state.closedAt)}`;
    case 'ended':
      return `${word} ${state.endedBecause === 'expired' ? 'on its own' : 'early'}, verified ${dayAndTime(state.removedAt)}`;
    case 'failed':
      return `${word}, ${code(state.failure)}`;
    default:
      return word;
  }
}

function authenticatorBlocks(mine: MyAuthenticator | null): KnownBlock[] {
  const label = mine ? 'Replace' : 'Set up my authenticator';
  const enroll: Button = {
    type: 'button',
    action_id: 'enroll',
    text: { type: 'plain_text', text: label },
    ...(mine ? {} : { style: 'primary' }),
  };
  return [header('My authenticator'), row('home-authenticator', authenticatorText(mine), enroll)];
}

function authenticatorText(mine: OpenHome['authenticator']): string {
  if (!mine) return 'You have none yet. Approving access, and some asks, take its six digits.';
  const left = mine.recoveryCodesLeft;
  const few = left <= RECOVERY.warnAt;
  const help = few
    ? `*${left}*, ${code(`${COMMANDS.access} authenticator codes`)} makes new ones`
    : left;
  return `Set up ${dayAndTime(mine.enrolledAt)} · ${howItStands(mine)}\nRecovery codes left: ${help}`;
}

function howItStands({ reset, needsProof, lockedUntil, holdUntil }: MyAuthenticator): string {
  const cancel = code(`${COMMANDS.access} authenticator cancel`);
  if (reset === 'confirmed') return `*It is being reset and does not count.* Not you? ${cancel}`;
  if (needsProof) return ':lock: *Locked*: too many wrong codes, no code helps any more';
  if (lockedUntil !== null) return `:lock: *Locked* until ${dayAndTime(lockedUntil)}`;
  if (reset === 'started') return `An admin wants to *reset* it. Not you? ${cancel}`;
  return holdUntil === null ? 'ready' : `*On hold*: it may approve from ${dayAndTime(holdUntil)}`;
}
