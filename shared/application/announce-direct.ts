/**
 * Messages to single persons: the card for approvers, where the rule wants it or the channel cannot be reached; for requester
 * and admins how to mend that channel; for who holds a grant a reminder of its end. Each is on record before it is posted, is
 * posted once, and from then on edited with the state like the card in the channel.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import { reminderAt } from '../domain/access-request/reminder.ts';
import { whomToAsk } from '../domain/policy/contacts.ts';
import type { SlackMessage } from '../ports.ts';
import { type Card, note, post, type Run, save, unlessUnreachable } from './announce-run.ts';
import { unusualMessages } from './announce-unusual.ts';

type Direct = Card['direct'][number];
type Wanted = Pick<Direct, 'what' | 'to' | 'dueAt'>;

/** As many as the card mentions. */
const MOST_APPROVERS = 20;

export async function drawDirect(run: Run): Promise<void> {
  const wanted = await wantedOf(run);
  const known = run.card.value.direct;
  for (const each of known) await (each.open ? resolve(run, each, wanted) : redraw(run, each));
  const missing = wanted.filter((each) => !known.some((one) => isSame(one, each)));
  for (const each of missing) await send(run, { ...each, place: null, open: true });
}

const isSame = (one: Wanted, other: Wanted): boolean =>
  one.what === other.what && one.to === other.to && one.dueAt === other.dueAt;

async function wantedOf(run: Run): Promise<Wanted[]> {
  const { state, facts } = run;
  const { trouble } = run.card.value;
  const unseen = trouble !== null || state.channel === null;
  const question = questionOf(state);
  const asked = question !== null && (unseen || facts.dmApprovers);
  const approvers = asked ? facts.approvers.slice(0, MOST_APPROVERS) : [];
  const mending = trouble !== null && isOpen(state) ? await whoMends(run) : [];
  const dueAt = reminderDue(run);
  const unusual = await unusualMessages(run);
  const holders = dueAt === null ? [] : [...new Set([state.subject, state.requester])];
  return [
    ...approvers.map((to): Wanted => ({ what: 'approver', to, dueAt: question?.at ?? null })),
    ...reminded(run),
    ...mending.map((to): Wanted => ({ what: 'mend', to, dueAt: null })),
    ...holders.map((to): Wanted => ({ what: 'reminder', to, dueAt })),
    ...unusual,
  ];
}

/** What approvers are asked now: the request, or more time (`at`: when that was asked for). Null: nothing. */
function questionOf(state: KnownRequest): { at: string | null } | null {
  if (state.status === 'pending') return { at: null };
  return state.status === 'active' && state.extension ? { at: state.extension.askedAt } : null;
}

/** When approvers were reminded of what they are asked now. */
function nudgesOf(state: KnownRequest): readonly string[] {
  if (state.status === 'pending') return state.nudgedAt;
  return (state.status === 'active' && state.extension?.nudgedAt) || [];
}

/** Whoever has not answered, once per nudge; those who are told that nobody did, once. */
function reminded({ state, facts }: Run): Wanted[] {
  const dueAt = nudgesOf(state).at(-1);
  const nudged = dueAt === undefined ? [] : facts.approvers.slice(0, MOST_APPROVERS);
  const escalated = state.status === 'pending' ? (state.escalation?.to ?? []) : [];
  return [
    ...nudged.map((to): Wanted => ({ what: 'nudge', to, dueAt: dueAt ?? null })),
    ...escalated
      .slice(0, MOST_APPROVERS)
      .map((to): Wanted => ({ what: 'escalation', to, dueAt: null })),
  ];
}

const OPEN: ReadonlySet<KnownRequest['status']> = new Set([
  'pending',
  'activating',
  'active',
  'removing',
]);
const isOpen = ({ status }: KnownRequest): boolean => OPEN.has(status);

/** The requester and the policy's admins. */
async function whoMends({ deps, state }: Run): Promise<string[]> {
  const active = await deps.policies.active();
  return [...new Set([state.requester, ...(active ? whomToAsk(active.policy) : [])])];
}

/** The reminder that is due now, null when there is none: too early, too short a grant, or its end has come. */
function reminderDue({ state, facts }: Run): string | null {
  if (state.status !== 'active') return null;
  const dueAt = reminderAt(state);
  const now = facts.now.toISOString();
  return dueAt !== null && dueAt <= now && now < state.expiresAt ? dueAt : null;
}

/**
 * A post that may or may not have arrived. Approvers may have buttons in front of them: theirs is posted under the same name
 * and brought up to date. Other words that nobody needs any more are let go.
 */
const HAS_BUTTONS: ReadonlySet<Wanted['what']> = new Set([
  ...(['approver', 'nudge', 'escalation', 'subject', 'skipped', 'security'] as const),
]);

async function resolve(run: Run, each: Direct, wanted: readonly Wanted[]): Promise<void> {
  if (HAS_BUTTONS.has(each.what) || wanted.some((one) => isSame(one, each))) return send(run, each);
  note(run, withEntry(run, { ...each, open: false }));
}

async function send(run: Run, each: Direct): Promise<void> {
  const { what, to, dueAt } = each;
  const slot = [what, to, ...(dueAt === null ? [] : [dueAt])].join('-');
  const message = await messageFor(run, each);
  await save(run, withEntry(run, { ...each, open: true })); // A3: durable before its post
  const place = await unlessUnreachable(run, what, () =>
    post(run, { to: { channel: to }, slot, message }),
  );
  const version = versionOf(run, each);
  await save(run, withEntry(run, { ...each, place: place && { ...place, version }, open: false }));
}

function withEntry(run: Run, entry: Direct): Pick<Card, 'direct'> {
  const others = run.card.value.direct.filter((one) => !isSame(one, entry));
  return { direct: [...others, entry] };
}

/** Only what has changed since: a company with many approvers must not run into Slack's rate limit. */
async function redraw(run: Run, each: Direct): Promise<void> {
  const { place, what } = each;
  const version = versionOf(run, each);
  const { overdue, voided } = run.facts;
  const moves = what === 'reminder' || (HAS_BUTTONS.has(what) && (overdue || voided.length > 0));
  if (!place || (place.version === version && !moves)) return;
  const message = await messageFor(run, each);
  await unlessUnreachable(run, what, () => run.deps.announcer.update(place, message));
  if (place.version === version) return;
  note(run, withEntry(run, { ...each, place: { ...place, version } }));
}

/** What a message follows: the request; for the words about a channel only whether it still has to be mended. */
const versionOf = ({ state, card }: Run, { what }: Wanted): number =>
  what === 'mend' ? Number(card.value.trouble === null) : state.version;

async function messageFor(run: Run, { what, dueAt }: Wanted): Promise<SlackMessage> {
  const { deps, state, facts } = run;
  if (what === 'approver' || what === 'skipped' || what === 'security')
    return deps.render.card(state, facts, { twin: false });
  if (what === 'subject') return deps.render.receipt(state, facts);
  if (what === 'verdict') return deps.render.verdict(state);
  // What an earlier nudge asked for was answered: the card says how.
  if (what === 'nudge' && !nudgesOf(state).includes(dueAt ?? ''))
    return deps.render.card(state, facts, { twin: false });
  if (what === 'nudge' || what === 'escalation') return deps.render.prompt(state, facts, what);
  if (what === 'mend') return deps.render.mend(state, run.card.value.trouble);
  const { value } = await deps.journal.read('dismissal', `${state.requestId}#${dueAt}`);
  return deps.render.reminder(state, facts, { dueAt, dismissed: value !== null });
}
