/** One request from every side: its state, what was written about it, and what the provider showed before and shows now. */
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { formatDuration } from '../../shared/domain/duration.ts';
import type { Holding } from '../../shared/domain/holding/model.ts';
import { type AnyEvent, parseEvent } from '../../shared/domain/records.ts';
import type { ProviderStates } from '../provider-states.ts';
import type { LocalState } from '../state-view.ts';
import { sentenceOf, toneOf } from './event-sentences.ts';
import { summaryOf } from './overview.ts';
import { eventRow, rowsOf, type TableRow } from './rows.ts';
import { type NameOf, who } from './sentence-parts.ts';
import type { ContainerView, RequestDetail, TimelineEntry } from './shapes.ts';

export type DetailParts = {
  tenant: string;
  rows: readonly TableRow[];
  state: LocalState;
  before: ProviderStates | null;
  /** The subject's login by the policy; null for somebody who left it. */
  login: string | null;
  nameOf: NameOf;
};
type Fact = RequestDetail['facts'][number];

export function detailOf(request: KnownRequest, parts: DetailParts): RequestDetail {
  const { tenant, rows, state, nameOf } = parts;
  const { requestId, holdingId } = request;
  const holding = state.holdings.find((one) => one.holdingId === holdingId) ?? null;
  const own = rowsOf(rows, { tenant, requestId, holdingId });
  const login = holding?.login ?? parts.login;
  const containers = containersOf(request, parts, login);
  return {
    summary: summaryOf(request, nameOf),
    login,
    facts: requestFacts(request, nameOf),
    holding: holding ? holdingFacts(holding) : [],
    schedules: state.schedules.filter(({ name }) => name.includes(requestId)),
    announced: own.some(({ pk }) => pk === `${tenant}#card#${requestId}`),
    holdsRole: containers.some(
      ({ asked, now }) =>
        asked && now.some((m) => m.account === login && m.role === request.entitlement.role),
    ),
    timeline: timelineOf(request, rows, nameOf),
    rows: own,
    containers,
  };
}

function requestFacts(request: KnownRequest, nameOf: NameOf): Fact[] {
  const facts: Fact[] = [
    { label: 'Rule', value: request.rule },
    {
      label: 'Approvals',
      value: `${request.approvals.length} of ${request.approvalsNeeded}${request.approvals.length > 0 ? `: ${request.approvals.map(({ approver }) => nameOf(approver)).join(', ')}` : ''}`,
    },
    { label: 'Content hash', value: request.contentHash },
    { label: 'Policy hash', value: request.policyHash },
  ];
  if ('grantSeconds' in request)
    facts.splice(2, 0, { label: 'Granted for', value: formatDuration(request.grantSeconds) });
  if (request.status === 'removing' || request.status === 'ended')
    facts.push({ label: 'Removal tries that failed', value: String(request.removalFailures) });
  if (request.status === 'ended') facts.push({ label: 'Outcome', value: request.outcome });
  return facts;
}

function holdingFacts(holding: Holding): Fact[] {
  const { baseline, intents, grants } = holding;
  const open = intents.map(({ kind, role, answer }) => `${kind} ${role ?? ''} (${answer})`);
  return [
    { label: 'Account', value: `${holding.login} · ${holding.accountId ?? 'not pinned yet'}` },
    {
      label: 'Had before us',
      value: baseline === null ? 'not captured' : (baseline.role ?? 'no membership'),
    },
    { label: 'Our role there', value: holding.ours ?? 'none' },
    {
      label: 'Live grants',
      value: grants.map(({ grantId, phase }) => `${grantId} ${phase}`).join(', ') || 'none',
    },
    { label: 'Calls under way', value: open.join(', ') || 'none' },
    {
      label: 'Faults in a row',
      value: `${holding.attempts}${holding.lastFault ? ` (${holding.lastFault})` : ''}`,
    },
    { label: 'Fencing token', value: String(holding.fence) },
  ];
}

/** The request's own chain, the holding's while this request drove it, and attempts that were refused. */
function timelineOf(
  request: KnownRequest,
  rows: readonly TableRow[],
  nameOf: NameOf,
): TimelineEntry[] {
  const until = 'removedAt' in request ? request.removedAt : null;
  return rows
    .flatMap((row) => {
      const found = eventRow(row);
      const event = found && eventOf(found.kind, found.event);
      if (!found || !event) return [];
      const mine =
        (found.kind === 'request' && found.id === request.requestId) ||
        (event.type === 'CommandRefused' && event.requestId === request.requestId) ||
        (found.kind === 'holding' &&
          found.id === request.holdingId &&
          event.at >= request.requestedAt &&
          (until === null || event.at <= until || event.type === 'HoldingCleared'));
      if (!mine) return [];
      const { seq, hash, previous } = found;
      return [
        {
          at: event.at,
          chain: `${found.kind}#${found.id}`,
          ...{ seq, hash, previous },
          type: event.type,
          sentence: sentenceOf(event, nameOf),
          actor: who(event.actor, nameOf),
          tone: toneOf(event.type),
          raw: event,
        },
      ];
    })
    .sort((a, b) => (a.at === b.at ? causeFirst(a, b) : a.at < b.at ? -1 : 1));
}

/** Events of one instant: a chain keeps its order, and what was asked stands before what it caused. */
function causeFirst(a: TimelineEntry, b: TimelineEntry): number {
  if (a.chain === b.chain) return a.seq - b.seq;
  const late = (entry: TimelineEntry) =>
    /^(GrantActivated|GrantRemoved|ActivationFailed|RemovalFailed)$/.test(entry.type) ? 2 : 0;
  const rank = (entry: TimelineEntry) => (entry.chain.startsWith('holding') ? 1 : late(entry));
  return rank(a) - rank(b);
}

function eventOf(kind: string, event: unknown): AnyEvent | null {
  if (kind === 'request' || kind === 'holding' || kind === 'refusals')
    return parseEvent[kind](event);
  return null;
}

function containersOf(
  { entitlement }: KnownRequest,
  { state, before }: DetailParts,
  login: string | null,
): ContainerView[] {
  return Object.entries(state.providers).flatMap(([provider, containers]) =>
    Object.entries(containers)
      .map(([container, now]) => ({
        ...{ provider, container, now },
        asked: provider === entitlement.provider && container === entitlement.resource,
        before: before === null ? null : (before[provider]?.[container] ?? []),
      }))
      .filter(
        ({ asked, now, before: was }) =>
          asked ||
          provider === entitlement.provider ||
          [...now, ...(was ?? [])].some(({ account }) => account === login),
      )
      .sort((a, b) => Number(b.asked) - Number(a.asked)),
  );
}
