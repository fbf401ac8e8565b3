/**
 * Erasing a person: their words beside requests, the tie between them and their provider accounts, the login in idle holdings. The
 * chain stays valid: events hold commitments and ids, and keep them. Refused while the person is under legal hold, still in the
 * policy, still has access, or something must be kept longer. Each text is erased in one transaction with its TextErased; a run
 * that died is simply given again. The journal forbids deleting (infra/constructs/tables.ts), so a text is put over with nothing.
 */
import type { LoggedEvent } from '../domain/audit/audit-row.ts';
import { ERASED_LOGIN } from '../domain/audit/holding-fold.ts';
import type { AdministrationEvent } from '../domain/audit/model.ts';
import { membersOf } from '../domain/policy/members.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Clock, check, type Journal, put, remove, type Write } from '../ports.ts';
import { linkId } from './facts-for.ts';
import type { Policies } from './policies.ts';
import { administer } from './record-reading.ts';
import { extensionTextOf } from './words-of.ts';

export type EraseDeps = {
  journal: Journal;
  clock: Clock;
  policies: Policies;
  /** How long texts and ties must be kept, from the last event of what they belong to. */
  keepSeconds: { readonly texts: number; readonly links: number };
};
export type EraseRefusal =
  | { code: 'policy-unavailable' }
  | { code: 'legal-hold'; since: string }
  | { code: 'still-in-policy' }
  | { code: 'access-live'; holdingId: string }
  | { code: 'request-open'; requestId: string }
  | { code: 'must-be-kept'; what: 'texts' | 'links'; until: string };
export type Erased = { texts: number; links: number };

const TEXT_KEYS = ['justification', 'reason', 'review'] as const;
/** A text beside a request: its name, or the number of the event that denied more time. */
type Text = { requestId: string; text: (typeof TEXT_KEYS)[number] | number };

export async function erasePerson(
  deps: EraseDeps,
  person: string,
): Promise<Result<Erased, EraseRefusal>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const hold = await deps.journal.read('legalHold', person);
  if (hold.value) return refuse({ code: 'legal-hold', since: hold.value.at });
  if (membersOf(active.policy).bySlack.has(person)) return refuse({ code: 'still-in-policy' });
  const traces = await tracesOf(deps, person);
  const inTheWay = (await openAmong(deps, traces)) ?? tooYoung(deps, traces);
  if (inTheWay) return refuse(inTheWay);
  try {
    return ok(await eraseTraces(deps, traces, person));
  } catch (error) {
    if (error instanceof HeldMeanwhile) return refuse({ code: 'legal-hold', since: error.since });
    throw error;
  }
}

async function eraseTraces(deps: EraseDeps, traces: Traces, person: string): Promise<Erased> {
  let [texts, links] = [0, 0];
  for (const requestId of traces.requests.keys())
    for (const text of [...TEXT_KEYS, ...(await denialsOf(deps, requestId))])
      texts += await eraseText(deps, { requestId, text }, person);
  for (const holdingId of traces.holdings.keys()) links += await untie(deps, holdingId, person);
  await administer(deps, async (about) => ({
    events: [{ type: 'PersonErased', ...about, person, texts, links }],
    writes: await stillUnheld(deps, person),
  }));
  return { texts, links };
}

/** Numbers of the events by which more time was denied. */
async function denialsOf({ journal }: EraseDeps, requestId: string): Promise<number[]> {
  const history = await journal.history('request', requestId);
  return history.flatMap(({ seq, event }) => (event.type === 'ExtensionDenied' ? [seq] : []));
}

/** Where something of the person may lie, and when it last moved. */
type Traces = { requests: Map<string, string>; holdings: Map<string, string> };

/** By the whole log: an index knows requesters only, but others ask for somebody, and deny in their own words. */
async function tracesOf({ journal, clock }: EraseDeps, person: string): Promise<Traces> {
  const traces: Traces = { requests: new Map(), holdings: new Map() };
  const [first] = await journal.history('policy', 'active');
  const from = new Date(first?.event.at ?? 0);
  const end = new Date(clock.now().getTime() + 1);
  for await (const logged of journal.eventsBetween(from, end)) trace(traces, logged, person);
  for (const id of traces.holdings.keys())
    if ((await journal.read('holding', id)).value?.subject !== person) traces.holdings.delete(id);
  return traces;
}

function trace({ requests, holdings }: Traces, logged: LoggedEvent, person: string): void {
  const { event, id, kind } = logged;
  if (event.type === 'AccessRequested') {
    const isTheirs = event.requester === person || event.subject === person;
    if (isTheirs) requests.set(id, event.at);
    if (event.subject === person) holdings.set(event.holdingId, event.at);
    return;
  }
  if (WROTE.has(event.type) && event.actor.kind === 'person' && event.actor.id === person)
    requests.set(id, event.at);
  if (kind === 'request' && requests.has(id)) requests.set(id, event.at);
  if (kind === 'holding' && holdings.has(id)) holdings.set(id, event.at);
}

/** Events beside which their actor may have left words. */
const WROTE: ReadonlySet<string> = new Set([
  ...(['RequestDenied', 'GrantRevoked', 'ExtensionDenied', 'BreakGlassReviewed'] as const),
]);

const OVER = new Set(['ended', 'denied', 'lapsed', 'withdrawn', 'failed']);

async function openAmong({ journal }: EraseDeps, traces: Traces): Promise<EraseRefusal | null> {
  for (const holdingId of traces.holdings.keys()) {
    const { value } = await journal.read('holding', holdingId);
    if (value && (value.grants.length > 0 || value.intents.length > 0 || value.ours !== null))
      return { code: 'access-live', holdingId };
  }
  for (const requestId of traces.requests.keys()) {
    const { value } = await journal.read('request', requestId);
    if (value && !OVER.has(value.status)) return { code: 'request-open', requestId };
  }
  return null;
}

function tooYoung({ clock, keepSeconds }: EraseDeps, traces: Traces): EraseRefusal | null {
  const kept = [
    ['texts', traces.requests],
    ['links', traces.holdings],
  ] as const;
  for (const [what, moved] of kept)
    for (const at of moved.values()) {
      const until = new Date(Date.parse(at) + keepSeconds[what] * 1000);
      if (until > clock.now()) return { code: 'must-be-kept', what, until: until.toISOString() };
    }
  return null;
}

/**
 * The words of a request's other people stay: a justification belongs to requester and subject, a reason to them and to its writer.
 * Who traced the request knows that one of them is the person.
 */
async function eraseText(
  deps: EraseDeps,
  { requestId, text }: Text,
  person: string,
): Promise<number> {
  const { value: request } = await deps.journal.read('request', requestId);
  const isParty =
    request?.status !== 'new' && [request?.requester, request?.subject].includes(person);
  if (text === 'justification' && !isParty) return 0;
  let erased = 0;
  await administer(deps, async (about) => {
    const name = typeof text === 'number' ? extensionTextOf(text) : text;
    const stored = await deps.journal.read('text', `${requestId}#${name}`);
    erased = stored.value && stored.value.erasedAt === undefined ? 1 : 0;
    if (!stored.value || erased === 0) return { events: [] };
    const nothing = { text: '', salt: '', commitment: stored.value.commitment, erasedAt: about.at };
    return {
      events: [textErased(about, { requestId, text })],
      writes: [put(stored, nothing), ...(await stillUnheld(deps, person))],
    };
  });
  return erased;
}

const textErased = (
  about: Pick<AdministrationEvent, 'at' | 'actor'>,
  { requestId, text }: Text,
): AdministrationEvent =>
  typeof text === 'number'
    ? { type: 'TextErased', ...about, v: 2, requestId, text: 'extension', event: text }
    : { type: 'TextErased', ...about, v: 1, requestId, text };

/** In the transaction itself: no erasure lands after a hold was placed. */
async function stillUnheld({ journal }: EraseDeps, person: string): Promise<Write[]> {
  const hold = await journal.read('legalHold', person);
  if (hold.value) throw new HeldMeanwhile(hold.value.at);
  return [check(hold)];
}

class HeldMeanwhile extends Error {
  override readonly name = 'HeldMeanwhile';
  readonly since: string;
  constructor(since: string) {
    super('A legal hold was placed while the erasure ran');
    this.since = since;
  }
}

async function untie(deps: EraseDeps, holdingId: string, person: string): Promise<number> {
  const base = await deps.journal.read('holding', holdingId);
  if (!base.value || base.value.login === ERASED_LOGIN) return 0;
  const { login, container } = base.value;
  const link = await deps.journal.read('link', linkId(container.provider, login));
  const isTheirs = link.value?.slackUserId === person;
  const now = deps.clock.now();
  const held = await stillUnheld(deps, person);
  const tie = isTheirs ? [remove(link)] : [];
  const untied = put(base, { ...base.value, login: ERASED_LOGIN });
  const result = await deps.journal.commit([untied, ...tie, ...held], now);
  if (!result.committed) throw new Error(`${holdingId} changed meanwhile. Give the command again.`);
  return isTheirs ? 1 : 0;
}

/** @returns false when it stood that way already */
export async function setLegalHold(
  deps: Pick<EraseDeps, 'journal' | 'clock'>,
  person: string,
  held: boolean,
): Promise<boolean> {
  let changed = false;
  await administer(deps, async (about) => {
    const stored = await deps.journal.read('legalHold', person);
    changed = (stored.value !== null) !== held;
    if (!changed) return { events: [] };
    const { actor: by, at } = about;
    return {
      events: [{ type: held ? 'LegalHoldPlaced' : 'LegalHoldLifted', ...about, person }],
      writes: [held ? put(stored, { by, at }) : remove(stored)],
    };
  });
  return changed;
}
