/** Sentences of what happens beside a request's way to its grant: more time, reminders, halts, members without a grant, the policy. */
import { formatDuration } from '../../shared/domain/duration.ts';
import { coded, type NameOf, type Sentences, who } from './sentence-parts.ts';

const names = (ids: readonly string[], nameOf: NameOf): string => ids.map(nameOf).join(', ');
const everywhere = (scope: string): string => (scope === 'all' ? 'every provider' : scope);
const short = (hash: string): string => hash.slice(0, 12);

const KEPT = {
  granted: 'a grant came',
  'not-exclusive': 'the policy no longer asks for it',
  gone: 'they had left by themselves',
  late: 'it came too late',
  machine: 'it is no human’s account',
  refused: 'the provider refused',
} as const;

export const MORE_SENTENCES: Sentences = {
  ExtensionRequested: (e, nameOf) =>
    `${who(e.actor, nameOf)} asked for ${formatDuration(e.bySeconds)} more${coded(e.factor)}. ${e.approvalsNeeded === 0 ? 'Nobody has to approve it.' : 'The end stands until it is approved.'}`,
  ExtensionApproved: (e, nameOf) =>
    `${who(e.actor, nameOf)} approved exactly this extension${coded(e.factor)}.`,
  ExtensionDenied: (e, nameOf) =>
    `${who(e.actor, nameOf)} said no to more time. The access goes on to its end.`,
  ExtensionWithdrawn: (e, nameOf) => `${who(e.actor, nameOf)} no longer wanted more time.`,
  ApproversNudged: (e, nameOf) =>
    `${who(e.actor, nameOf)} had the approvers who had not answered reminded.`,
  EscalationPlanned: (e) => `Should nobody have decided by ${e.dueAt}, others are told.`,
  RequestEscalated: (e, nameOf) =>
    e.to.length === 0
      ? 'Nobody had decided for long, and the rule names nobody else to tell.'
      : `Nobody had decided for long: ${names(e.to, nameOf)} told. It gives them no right.`,
  GrantsPaused: (e, nameOf) =>
    `${who(e.actor, nameOf)} paused new access for ${everywhere(e.scope)}. What is live goes on, and ends on time.`,
  GrantsResumed: (e, nameOf) =>
    `${who(e.actor, nameOf)} let new access go on for ${everywhere(e.scope)}.`,
  StopProposed: (e, nameOf) =>
    `${who(e.actor, nameOf)} proposed to ${e.what === 'stop' ? 'stop everything' : 'lift the stop'}${coded(e.factor)}. Another admin may confirm it until ${e.until}.`,
  EverythingStopped: (e, nameOf) =>
    `${nameOf(e.proposedBy)} and ${who(e.actor, nameOf)} stopped everything, each with a one-time code. All live access ends.`,
  StopLifted: (e, nameOf) =>
    `${nameOf(e.proposedBy)} and ${who(e.actor, nameOf)} lifted the stop, each with a one-time code.`,
  StrangerFound: (e) =>
    `Account ${e.accountId} is ${e.role ?? 'a member'} of ${e.container}, and no grant explains it.`,
  StrangerGone: (e) => `Account ${e.accountId} is no longer a member of ${e.container}.`,
  ExclusiveReported: (e) =>
    `First look at ${e.container}, which the policy calls exclusive: ${e.strangers} ${e.strangers === 1 ? 'member has' : 'members have'} no grant. Nobody was touched.`,
  StrangerMarked: (e) =>
    `A second look saw account ${e.accountId} in ${e.container} without a grant: to be taken out.`,
  StrangerRemoved: (e) =>
    `Account ${e.accountId} was taken out of ${e.container}. The provider was read at ${e.readBackAt}: gone.`,
  StrangerKept: (e) =>
    `Account ${e.accountId} was not taken out of ${e.container}: ${KEPT[e.why]}${e.fault === null ? '' : ` (${e.fault})`}.`,
  PolicyChanged: (e) => `Policy ${short(e.hash)} is in force from now on.`,
  PolicyScheduled: (e) =>
    `Policy ${short(e.hash)} gives more than the one in force: it waits until ${e.effectiveAt}, and until then both must allow.`,
  PolicyUnscheduled: (e) => `Policy ${short(e.hash)} waited, and never came into force.`,
};
