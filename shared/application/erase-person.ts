/**
 * Erasing a person: their words beside requests, the tie between them and their provider accounts, the login in idle holdings. The
 * chain stays valid: events hold commitments and ids, and keep them. Refused while the person is under legal hold, still in the
 * policy, still has access, or something must be kept longer; and while somebody else is under legal hold whose words would go too. Each text is erased in one transaction with its TextErased; a run
 * that died is simply given again. The journal forbids deleting (infra/constructs/tables.ts), so a text is put over with nothing.
 */
import type { AccessRequest } from '../domain/access-request/model.ts';
import { ERASED_LOGIN } from '../domain/audit/holding-fold.ts';
import { membersOf } from '../domain/policy/members.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Clock, check, type Journal, put, remove, type Write } from '../ports.ts';
import { nameOf, type Piece, piecesOf, type Traces, textErased, tracesOf } from './erase-traces.ts';
import { linkId } from './facts-for.ts';
import type { Policies } from './policies.ts';
import { administer } from './record-reading.ts';

export type EraseDeps = {
  journal: Journal;
  clock: Clock;
  policies: Policies;
  /** How long texts and ties must be kept, from the last event of what they belong to. */
  keepSeconds: { readonly texts: number; readonly links: number };
};
export type EraseRefusal =
  | { code: 'policy-unavailable' }
  /** `whose`: theirs, or that of somebody else whose words would go with theirs. */
  | { code: 'legal-hold'; whose: string; since: string }
  | { code: 'still-in-policy' }
  | { code: 'access-live'; holdingId: string }
  | { code: 'request-open'; requestId: string }
  | { code: 'must-be-kept'; what: 'texts' | 'links'; until: string };
export type Erased = { texts: number; links: number };

export async function erasePerson(
  deps: EraseDeps,
  person: string,
): Promise<Result<Erased, EraseRefusal>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const own = await heldAmong(deps, [person]);
  if (own) return refuse(own);
  if (membersOf(active.policy).bySlack.has(person)) return refuse({ code: 'still-in-policy' });
  const traces = await tracesOf(deps, person);
  const pieces: Piece[] = [];
  for (const requestId of traces.requests.keys())
    pieces.push(...(await piecesOf(deps, requestId, person)));
  const owners = new Set(pieces.flatMap((piece) => piece.owners));
  const inTheWay =
    (await heldAmong(deps, owners)) ?? (await openAmong(deps, traces)) ?? tooYoung(deps, traces);
  if (inTheWay) return refuse(inTheWay);
  try {
    return ok(await eraseTraces(deps, { traces, pieces }, person));
  } catch (error) {
    if (error instanceof HeldMeanwhile) return refuse(error.hold);
    throw error;
  }
}

async function eraseTraces(
  deps: EraseDeps,
  { traces, pieces }: { traces: Traces; pieces: readonly Piece[] },
  person: string,
): Promise<Erased> {
  let [texts, links] = [0, 0];
  for (const piece of pieces) texts += await eraseText(deps, piece);
  for (const requestId of traces.requests.keys()) await dropDraft(deps, requestId, person);
  for (const holdingId of traces.holdings.keys()) links += await untie(deps, holdingId, person);
  await administer(deps, async (about) => ({
    events: [{ type: 'PersonErased', ...about, person, texts, links }],
    writes: await stillUnheld(deps, [person]),
  }));
  return { texts, links };
}

/** Whether nothing more will come of it. */
const OVER: Readonly<Record<AccessRequest['status'], boolean>> = {
  ...{ new: false, pending: false, scheduled: false, activating: false, active: false },
  removing: false,
  ...{ denied: true, withdrawn: true, lapsed: true, 'not-started': true, ended: true },
  failed: true,
};

async function openAmong({ journal }: EraseDeps, traces: Traces): Promise<EraseRefusal | null> {
  for (const holdingId of traces.holdings.keys()) {
    const { value } = await journal.read('holding', holdingId);
    if (value && (value.grants.length > 0 || value.intents.length > 0 || value.ours !== null))
      return { code: 'access-live', holdingId };
  }
  for (const requestId of traces.requests.keys()) {
    const { value } = await journal.read('request', requestId);
    if (value && !OVER[value.status]) return { code: 'request-open', requestId };
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

async function eraseText(deps: EraseDeps, piece: Piece): Promise<number> {
  let erased = 0;
  await administer(deps, async (about) => {
    const stored = await deps.journal.read('text', `${piece.requestId}#${nameOf(piece)}`);
    erased = stored.value && stored.value.erasedAt === undefined ? 1 : 0;
    if (!stored.value || erased === 0) return { events: [] };
    const nothing = { text: '', salt: '', commitment: stored.value.commitment, erasedAt: about.at };
    return {
      events: [textErased(about, piece)],
      writes: [put(stored, nothing), ...(await stillUnheld(deps, piece.owners))],
    };
  });
  return erased;
}

/** What was typed for a request stands in its draft too, with the salt, until that expires. */
async function dropDraft(deps: EraseDeps, requestId: string, person: string): Promise<void> {
  const draft = await deps.journal.read('draft', requestId);
  if (!draft.value) return;
  const owners = [...new Set([draft.value.requester, draft.value.subject])];
  if (!owners.includes(person)) return;
  const held = await stillUnheld(deps, owners);
  const result = await deps.journal.commit([remove(draft), ...held], deps.clock.now());
  if (!result.committed)
    throw new Error(`The draft of ${requestId} changed meanwhile. Give the command again.`);
}

/** In the transaction itself: no erasure lands after a hold was placed. */
async function stillUnheld({ journal }: EraseDeps, people: readonly string[]): Promise<Write[]> {
  const holds = await Promise.all(people.map((person) => journal.read('legalHold', person)));
  for (const { id, value } of holds) if (value) throw new HeldMeanwhile(heldSince(id, value.at));
  return holds.map((hold) => check(hold));
}

type Held = Extract<EraseRefusal, { code: 'legal-hold' }>;
const heldSince = (whose: string, since: string): Held => ({ code: 'legal-hold', whose, since });

async function heldAmong({ journal }: EraseDeps, people: Iterable<string>): Promise<Held | null> {
  for (const person of people) {
    const { value } = await journal.read('legalHold', person);
    if (value) return heldSince(person, value.at);
  }
  return null;
}

class HeldMeanwhile extends Error {
  override readonly name = 'HeldMeanwhile';
  readonly hold: Held;
  constructor(hold: Held) {
    super('A legal hold was placed while the erasure ran');
    this.hold = hold;
  }
}

async function untie(deps: EraseDeps, holdingId: string, person: string): Promise<number> {
  const base = await deps.journal.read('holding', holdingId);
  if (!base.value || base.value.login === ERASED_LOGIN) return 0;
  const { login, container } = base.value;
  const link = await deps.journal.read('link', linkId(container.provider, login));
  const isTheirs = link.value?.slackUserId === person;
  const now = deps.clock.now();
  const held = await stillUnheld(deps, [person]);
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
