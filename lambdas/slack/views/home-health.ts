/** The part of a Home that only admins have: is everything running, who still has access past its end, who is a member without a grant. */
import type { Beside } from '../../../shared/application/home-facts.ts';
import type { Drift, Health, Overdue } from '../../../shared/application/home-health.ts';
import { COMMANDS } from '../commands.ts';
import type { KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { header, type Listing, listing, type Page, row } from './home-parts.ts';
import { dayAndTime } from './instants.ts';
import { POLICY_NOT_LOADED } from './overall.ts';
import { mention, section } from './parts.ts';
import { confirmButton } from './stop-notices.ts';

type Shown = { health: Health; beside: Beside; page: Page };

/** What must not be overlooked, above everything else. */
export const alertBlocks = ({
  overdue,
  sweep,
  stoppedSince,
  proposal,
  policyNotLoaded,
}: Health): KnownBlock[] => [
  ...(stoppedSince === null
    ? []
    : [
        section(
          `:rotating_light: *Everything is stopped*, since ${dayAndTime(stoppedSince)}: nothing new is given, all access ends. ${code(`${COMMANDS.access} red-button lift`)}`,
        ),
      ]),
  ...(proposal === null ? [] : proposalBlocks(proposal)),
  ...(overdue.length > 0
    ? [section(`:rotating_light: *STILL HAS ACCESS past its end: ${overdue.length}*, listed below`)]
    : []),
  ...(sweep === 'late'
    ? [section(':rotating_light: *The sweep is late*: lost work is not being brought back')]
    : []),
  ...(policyNotLoaded ? [section(`:rotating_light: ${POLICY_NOT_LOADED}`)] : []),
];

const proposalBlocks = ({ what, by, until }: NonNullable<Health['proposal']>): KnownBlock[] => [
  section(
    `:rotating_light: *${mention(by)} wants to ${what === 'stop' ? 'stop everything' : 'lift the stop'}.* Another admin confirms it until ${dayAndTime(until)}.`,
  ),
  { type: 'actions', block_id: 'home-red-button', elements: [confirmButton(what)] },
];

export function healthBlocks({ health, beside, page }: Shown): KnownBlock[] {
  return [
    header('Health'),
    section(healthText(health, beside)),
    ...listing({ ...OVERDUE, rows: health.overdue, more: health.partial }, page),
    ...listing({ ...DRIFT, rows: health.drift, more: health.partial }, page),
  ];
}

function healthText(health: Health, { now, sweptAt }: Beside): string {
  const { policyHash, paused, ambiguous, stuck } = health;
  return [
    `As of ${dayAndTime(now.toISOString())}`,
    `• Sweep: ${sweptAt === null ? '*has not run yet*' : `${health.sweep === 'late' ? '*LATE*' : 'on time'}, last ${dayAndTime(sweptAt)}`}`,
    `• New grants: ${paused.length === 0 ? 'not paused' : `*paused* for ${paused.map(code).join(', ')}; ends go on`}`,
    `• Provider calls with an unknown outcome: ${marked(ambiguous)} · grants stuck on their way in: ${marked(stuck)}`,
    `• Policy ${code(policyHash.slice(0, 12))}`,
  ].join('\n');
}

const marked = (count: number): string => (count === 0 ? '0' : `*${count}*`);

type Kind<T> = Omit<Listing<T>, 'rows' | 'more'>;

const OVERDUE: Kind<Overdue> = {
  section: 'overdue',
  title: 'Overdue',
  none: 'Nobody has access past its end.',
  row: ({ requestId, subject, entitlement, role, since, fault }) => [
    row(
      `home-overdue-${requestId}`,
      `*${requestId}* · should have ended ${dayAndTime(since)}\n${mention(subject)}: ${code(role)} on ${code(entitlement)}${fault === null ? '' : ` · last fault ${code(fault)}`}`,
    ),
  ],
};

const MOST_NAMED = 5;
const DRIFT: Kind<Drift> = {
  section: 'drift',
  title: 'Drift',
  none: 'Nobody is a member without a grant since the first look.',
  row: ({ container, accounts }) => {
    const named = accounts.slice(0, MOST_NAMED).map(code).join(', ');
    const rest = accounts.length > MOST_NAMED ? ` and ${accounts.length - MOST_NAMED} more` : '';
    const count = `${accounts.length} without a grant`;
    return [section(`${code(container)}: ${count} (account ${named}${rest})`)];
  },
};
