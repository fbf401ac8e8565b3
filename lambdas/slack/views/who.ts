/** Who holds an entitlement through Hallpass now, who asked for it, who may decide. Says what it does not know. */
import type { Live, Standing } from '../../../shared/application/standing.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Deciders } from '../../../shared/domain/policy/who.ts';
import type { KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { context, forHowLong, forWhom, type Message, mention, mentions, section } from './parts.ts';

export type Who = {
  readonly target: string;
  /** Null: whatever the role. */
  readonly role: string | null;
  readonly standing: Standing;
  readonly deciders: readonly Deciders[];
  /** Groups about which nothing is known now: who decides by them is missing here. */
  readonly unknownGroups?: readonly string[];
};

const ROWS = 20;
/** Rows in one section: each is at most some hundred characters of Slack's 3,000. */
const ROWS_TOGETHER = 5;
const MOST_NAMED = 10;

export function whoMessage({ target, role, standing, deciders, unknownGroups = [] }: Who): Message {
  const asked = ({ entitlement }: KnownRequest) => role === null || entitlement.role === role;
  const live = standing.live.filter(asked);
  const granting = standing.granting.filter(asked);
  const waiting = standing.waiting.filter(asked);
  const what = role === null ? code(target) : `${code(role)} on ${code(target)}`;
  const held = [...live.map(liveRow), ...granting.map(grantingRow)];
  return {
    text: `Who holds it: ${live.length} now, ${waiting.length} waiting`,
    blocks: [
      section(`*Who holds ${what} through Hallpass*`),
      ...list(held, 'Nobody holds it through Hallpass now.'),
      ...list(waiting.map(waitingRow), 'Nobody waits for it.'),
      ...list(deciders.map(deciderRow), 'No rule names anybody who could approve it.'),
      ...(unknownGroups.length > 0 ? [context(missing(unknownGroups))] : []),
      context(limits(standing)),
    ],
  };
}

const missing = (groups: readonly string[]): string =>
  `Nobody could say who is in ${groups.slice(0, MOST_NAMED).map(code).join(', ')} now: who may decide by that is missing here.`;

const liveRow = (state: Live): string => {
  const until =
    state.status === 'active'
      ? `until ${dayAndTime(state.expiresAt)}`
      : 'ending, not verified gone yet';
  return `• ${mention(state.subject)} · ${code(state.entitlement.role)} · ${until} · ${approvedBy(state)} · ${state.requestId}`;
};

const grantingRow = (state: KnownRequest): string =>
  `• ${mention(state.subject)} · ${code(state.entitlement.role)} · being set up · ${approvedBy(state)} · ${state.requestId}`;

const approvedBy = ({ approvals }: KnownRequest): string =>
  approvals.length === 0
    ? 'approved by the rule itself'
    : `approved by ${named(approvals.map(({ approver }) => approver))}`;

const waitingRow = (state: KnownRequest): string =>
  `• ${mention(state.requester)} asked for ${code(state.entitlement.role)}${forWhom(state)} for ${forHowLong(state.durationSeconds)}, ${dayAndTime(state.requestedAt)} · ${state.requestId}`;

const deciderRow = ({ rule, count, people }: Deciders): string =>
  `• rule ${code(rule)}: any ${count} of ${people.length === 0 ? 'nobody' : named(people)}`;

const named = (people: readonly string[]): string => {
  const more = people.length - MOST_NAMED;
  return `${mentions(people.slice(0, MOST_NAMED))}${more > 0 ? ` and ${more} more` : ''}`;
};

function list(rows: readonly string[], none: string): KnownBlock[] {
  if (rows.length === 0) return [section(none)];
  const shown = rows.slice(0, ROWS);
  const more = rows.length - shown.length;
  const parts = Array.from({ length: Math.ceil(shown.length / ROWS_TOGETHER) }, (_, part) =>
    section(shown.slice(part * ROWS_TOGETHER, (part + 1) * ROWS_TOGETHER).join('\n')),
  );
  return [...parts, ...(more > 0 ? [context(`… and ${more} more`)] : [])];
}

const limits = ({ complete, all }: Standing): string =>
  complete
    ? 'What Hallpass granted, a moment ago at most; who has it by other means is not in here.'
    : `From the newest ${all.length} requests only; who has it by other means is not in here.`;
