/**
 * The Home tab: what waits for its owner, what they have and asked for, their authenticator, and for admins how the whole is
 * doing. Pure; at most 100 blocks whatever the facts. Buttons are those of the cards, with the same ids and values; access
 * is called active or gone only in states that exist after a read-back.
 */
import type { AskedForMore } from '../../../shared/application/extension.ts';
import type { Beside, HomeFacts, Live, OpenHome } from '../../../shared/application/home-facts.ts';
import type { Waiting } from '../../../shared/application/home-waiting.ts';
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { HomeLens } from '../../../shared/domain/home.ts';
import { COMMANDS } from '../commands.ts';
import type { KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { asksFor, extendButton, extensionButtons, extensionLine } from './extension.ts';
import { STATUS_WORDS } from './facts.ts';
import { authenticatorBlocks } from './home-authenticator.ts';
import { alertBlocks, healthBlocks } from './home-health.ts';
import { HOME_ACTIONS, header, type Listing, listing, type Page, ROWS, row } from './home-parts.ts';
import { dayAndTime } from './instants.ts';
import { LIMITS } from './limits.ts';
import { nudgeButtons } from './nudge.ts';
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
import { askAbout, haltLine } from './standing-halts.ts';
import { laterLine, reviewLine, startButtons, unusual } from './unusual.ts';

/** As many rows of each section as a Home has room for; where everything is long at once, fewer of each. */
export function home(
  facts: HomeFacts,
  beside: Beside,
  lens: HomeLens | null,
): { blocks: KnownBlock[] } {
  if (facts.kind === 'closed') return { blocks: closed(facts.refusal, beside) };
  let blocks: KnownBlock[] = [];
  for (const most of ROWS) {
    blocks = opened(facts, beside, { lens, most });
    if (blocks.length <= LIMITS.view.blocks) break;
  }
  return { blocks };
}

function opened(facts: OpenHome, beside: Beside, page: Page): KnownBlock[] {
  const { waiting, extensions, reviews, active, scheduled, pending, recent } = facts;
  const { more, authenticator, halts, health } = facts;
  return [
    ...(health ? alertBlocks(health) : haltBlocks(halts)),
    ASK,
    ...listing({ ...WAITING, rows: waiting, more: more.waiting }, page),
    ...listing({ ...EXTENSIONS, rows: extensions, more: false }, page),
    ...listing({ ...REVIEWS, rows: reviews, more: false }, page),
    ...listing({ ...ACTIVE, rows: active, more: false }, page),
    ...listing({ ...SCHEDULED, rows: scheduled, more: false }, page),
    ...listing({ ...PENDING, rows: pending, more: false }, page),
    ...listing({ ...RECENT, rows: recent, more: more.mine }, page),
    ...authenticatorBlocks(authenticator),
    ...(health ? healthBlocks({ health, beside, page }) : []),
    context(
      `${code(`${COMMANDS.request} help`)} shows how to ask, ${code(`${COMMANDS.access} help`)} the rest.`,
    ),
  ];
}

/** Calm: whoever reads it can change nothing. Admins read it in the alerts and the health. */
const haltBlocks = (halts: OpenHome['halts']): KnownBlock[] =>
  halts.length === 0
    ? []
    : [section([...halts.map(haltLine), `Ask ${askAbout(halts)} when it goes on.`].join('\n'))];

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

const EXTENSIONS: Kind<AskedForMore> = {
  section: 'extensions',
  title: 'More time asked of you',
  none: null,
  row: (state) => [
    row(
      `home-extension-${state.requestId}`,
      `*${state.requestId}* · ${what(state)}${forWhom(state)}\n${asksFor(state, state.extension)}`,
    ),
    {
      type: 'actions',
      block_id: `home-more-${state.requestId}`,
      elements: extensionButtons(state),
    },
  ],
};

const ACTIVE: Kind<Live> = {
  section: 'active',
  title: 'Active now',
  none: 'You hold nothing through Hallpass.',
  row: (state) => [
    row(
      `home-active-${state.requestId}`,
      `*${state.requestId}* · ${howActive(state)}\n${what(state)}${forWhom(state)}${extensionLine(state)}`,
    ),
    ...(state.status === 'active'
      ? [
          {
            type: 'actions' as const,
            block_id: `home-grant-${state.requestId}`,
            elements: [extendButton(state), ...nudgeButtons(state), endButton(pressedOf(state))],
          },
        ]
      : []),
  ],
};

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
    ),
    {
      type: 'actions',
      block_id: `home-mine-${state.requestId}`,
      elements: [
        button('withdraw', 'Withdraw', { pressed: pressedOf(state) }),
        ...nudgeButtons(state),
      ],
    },
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
