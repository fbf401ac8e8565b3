/**
 * Who stands before the form, and what there is to ask for. Somebody who may ask for nothing is told so at once and whom to
 * turn to. By the policy and the evidence at hand: whatever is asked is judged afresh when it is submitted.
 */
import { allGroupFacts } from '../../shared/application/group-facts.ts';
import type { ActivePolicy } from '../../shared/application/policies.ts';
import {
  type CatalogEntry,
  type CatalogOf,
  catalogOf,
} from '../../shared/domain/policy/catalog.ts';
import {
  type ChoiceFacts,
  type Choices,
  type Chosen,
  choicesFor,
  whyNotOffered,
} from '../../shared/domain/policy/choices.ts';
import { whomToAsk } from '../../shared/domain/policy/contacts.ts';
import { groupKey } from '../../shared/domain/policy/group-place.ts';
import { notFullMember, type PersonEvidence } from '../../shared/domain/policy/identity.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { PolicyRefusal } from '../../shared/domain/policy/refusal.ts';
import { type Ways, waysOf } from '../../shared/domain/policy/ways.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { Fault } from '../../shared/ports.ts';
import type { SlackDeps } from './deps.ts';
import type { AnyRefusal } from './views/refusals.ts';

export type Asker = {
  readonly person: string;
  readonly active: ActivePolicy;
  /** What they may ask for now, the usual way and for themself. */
  readonly entries: readonly CatalogEntry[];
  /** Groups of the policy of which nobody could say who is in them: what comes by them is not among the entries. */
  readonly unknownGroups: readonly string[];
  /** What they may ask for as this is said. */
  entriesFor(said: Said): readonly CatalogEntry[];
  /** What else they may say; `entitlement` null while none is chosen. */
  ways(entitlement: string | null): Ways;
  choices(chosen: Part, evidence?: Evidence): Choices | null;
  /** Why there are no choices; null for what the policy does not have. */
  whyNot(chosen: Part, evidence?: Evidence): PolicyRefusal | null;
};
type Part = Omit<Chosen, 'requester'>;
type Said = Omit<CatalogOf, 'requester'>;
/** What Slack said about others than the asker. */
type Evidence = ReadonlyMap<string, PersonEvidence>;
/** `contacts`: Slack ids of whom to ask. */
export type NoAsker = { readonly refusal: AnyRefusal; readonly contacts: readonly string[] };

export async function askerFor(deps: SlackDeps, person: string): Promise<Result<Asker, NoAsker>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ refusal: { code: 'policy-unavailable' }, contacts: [] });
  const { policy } = active;
  const no = (refusal: AnyRefusal) => refuse({ refusal, contacts: whomToAsk(policy) });
  if (!membersOf(policy).bySlack.has(person)) return no({ code: 'unknown-person', person });
  const facts = { ...factsAt(deps), groupMembers: await allGroupFacts(deps, policy) };
  const unknownGroups = unknownIn(policy, facts);
  const entriesFor = (said: Said) => catalogAt(policy, { requester: person, ...said }, facts);
  const ways = (entitlement: string | null) =>
    waysOf(policy, { requester: person, entitlement }, facts);
  const entries = entriesFor({ subject: person, breakGlass: false });
  if (entries.length === 0 && !isOtherwiseOpen(ways(null))) {
    const unknown = unknownGroups.length > 0;
    return no(unknown ? { code: 'group-unknown', groups: unknownGroups } : NOTHING_TO_ASK_FOR);
  }
  return ok({
    ...{ person, active, entries, unknownGroups, entriesFor, ways },
    choices: (chosen, evidence = facts.evidence) =>
      choicesFor(policy, { requester: person, ...chosen }, { ...facts, evidence }),
    whyNot: (chosen, evidence = facts.evidence) =>
      whyNotOffered(policy, { requester: person, ...chosen }, { ...facts, evidence }),
  });
}

const NOTHING_TO_ASK_FOR = { code: 'nothing-to-ask-for' } as const;
/** In an emergency, for somebody else, or later there may be something where now there is nothing. */
const isOtherwiseOpen = ({ breakGlass, forOthers, startWithinSeconds }: Ways): boolean =>
  breakGlass || forOthers || startWithinSeconds !== null;

const unknownIn = ({ groups }: Policy, { groupMembers }: ChoiceFacts): string[] =>
  Object.entries(groups ?? {}).flatMap(([name, group]) =>
    groupMembers?.has(groupKey(group)) ? [] : [name],
  );

/** A guest or bot whom the policy lists all the same. A silent Slack is no reason here: the submit asks it again. */
export async function barredFromAsking(deps: SlackDeps, person: string): Promise<NoAsker | null> {
  const evidence = await evidenceAtHand(deps, person);
  const why = evidence && notFullMember(evidence, deps.teamId);
  if (!why) return null;
  const active = await deps.policies.active();
  const contacts = active ? whomToAsk(active.policy) : [];
  return { refusal: { code: 'not-a-full-member', person, why }, contacts };
}

/** Null where Slack is silent: the submit asks it again. */
export async function evidenceAtHand(deps: SlackDeps, person: string) {
  try {
    return (await deps.directory.evidence([person], deps.clock.now())).get(person) ?? null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.info('A form opens without evidence about its person', { why: error.message });
    return null;
  }
}

const factsAt = ({ clock, teamId, reachableProviders }: SlackDeps): ChoiceFacts => ({
  now: clock.now(),
  teamId,
  ...(reachableProviders === undefined ? {} : { reachableProviders }),
  evidence: new Map(),
  linkedAccounts: new Map(),
});

type Remembered = { readonly minute: number; readonly entries: readonly CatalogEntry[] };
const MOST_REMEMBERED = 500;
const MINUTE_MS = 60_000;
/**
 * A policy is never changed in place, and working hours turn on the minute: a search asks this at every keystroke. Where groups
 * count it is worked out anew: who is in one may change, or become known, within the minute.
 */
const remembered = new WeakMap<Policy, Map<string, Remembered>>();

function catalogAt(policy: Policy, of: CatalogOf, facts: ChoiceFacts): readonly CatalogEntry[] {
  if (policy.groups) return catalogOf(policy, of, facts);
  const minute = Math.floor(facts.now.getTime() / MINUTE_MS);
  const asked = JSON.stringify([of.requester, of.subject, of.breakGlass, of.start ?? null]);
  const byAsk = remembered.get(policy) ?? new Map<string, Remembered>();
  remembered.set(policy, byAsk);
  const known = byAsk.get(asked);
  if (known?.minute === minute) return known.entries;
  const entries = catalogOf(policy, of, facts);
  byAsk.delete(asked);
  byAsk.set(asked, { minute, entries });
  const oldest = byAsk.keys().next();
  if (byAsk.size > MOST_REMEMBERED && !oldest.done) byAsk.delete(oldest.value);
  return entries;
}
