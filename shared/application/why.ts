/**
 * Why a request is as it is, by the policy under which it was asked: its rule, where that stands in the file, and by what its people had
 * their part. Reads only. What the policy alone does not show (somebody who was in a group then) is left open, never guessed.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import { useOf } from '../domain/access-request/use-of.ts';
import { dayOf } from '../domain/digest/local-day.ts';
import { humansOf } from '../domain/policy/identity.ts';
import { membersOf } from '../domain/policy/members.ts';
import { type PlaceInFile, placeOfRule } from '../domain/policy/place-in-file.ts';
import type { AutoApprove, Policy, Rule, Selector } from '../domain/policy/policy.ts';
import type { Journal } from '../ports.ts';
import type { Policies } from './policies.ts';

/** What of a selector holds for somebody: roles, and whether they are named themself. Neither: by a group, at that time. */
export type Standing = { readonly roles: readonly string[]; readonly named: boolean };

export type Why = {
  readonly rule: Rule | null;
  /** Null: not sure. */
  readonly place: PlaceInFile | null;
  readonly requester: Standing;
  readonly approvals: readonly {
    readonly approver: string;
    readonly at: string;
    readonly coded: boolean;
    /** One entry per group of approvers in which they stand by the policy alone. */
    readonly standing: readonly Standing[];
  }[];
  /** Of what nobody had to approve: the conditions of the rule, and which of its day's budget this was, as far as an index shows. */
  readonly automatic: { readonly terms: AutoApprove; readonly spent: number } | null;
};

export async function whyOf(
  deps: { readonly journal: Pick<Journal, 'read' | 'requestsOf'>; readonly policies: Policies },
  state: KnownRequest,
): Promise<Why> {
  const [{ policy }, version] = await Promise.all([
    deps.policies.byHash(state.policyHash),
    deps.journal.read('policyVersion', state.policyHash),
  ]);
  const rule = policy.rules.find(({ id }) => id === state.rule) ?? null;
  const froms = rule && 'approvals' in rule ? rule.approvals.map(({ from }) => from) : [];
  return {
    rule,
    automatic: await automaticOf(deps.journal, { policy, rule, state }),
    place: version.value && placeOfRule(version.value.text, state.rule),
    requester: standingOf(policy, state.requester, rule?.requesters),
    approvals: state.approvals.map(({ approver, at, coded }) => ({
      ...{ approver, at, coded },
      standing: froms
        .map((from) => standingOf(policy, approver, from))
        .filter(({ roles, named }) => named || roles.length > 0),
    })),
  };
}

/** Requests of the index that are looked at, per account: more than anybody makes on a day. */
const LOOKED_AT = 200;

async function automaticOf(
  journal: Pick<Journal, 'requestsOf'>,
  { policy, rule, state }: { policy: Policy; rule: Rule | null; state: KnownRequest },
): Promise<Why['automatic']> {
  const terms = rule && 'auto_approve' in rule ? rule.auto_approve : undefined;
  const { requester, requestedAt } = state;
  if (!terms || !useOf(state, new Date(requestedAt)).auto) return null;
  const facts = { evidence: new Map(), linkedAccounts: new Map() };
  const humanOf = humansOf(policy, facts);
  const accounts = [...new Set([requester, ...membersOf(policy).bySlack.keys()])];
  const theirs = accounts.filter((account) => humanOf(account) === humanOf(requester));
  const asked = await Promise.all(theirs.map((account) => journal.requestsOf(account, LOOKED_AT)));
  const day = (at: string) => dayOf(new Date(at), policy.timezone);
  // One that an account of theirs asked for on behalf of another stands under both.
  const once = new Map(asked.flat().map((request) => [request.requestId, request]));
  once.delete(state.requestId);
  const before = [...once.values()]
    .map((request) => useOf(request, new Date(requestedAt)))
    .filter((use) => use.auto && use.requestedAt <= requestedAt);
  return {
    terms,
    spent: before.filter((use) => day(use.requestedAt) === day(requestedAt)).length + 1,
  };
}

function standingOf(policy: Policy, slack: string, selector: Selector | undefined): Standing {
  const member = membersOf(policy).bySlack.get(slack);
  return {
    roles: (selector?.roles ?? []).filter((role) => member?.roles.has(role)),
    named: member !== undefined && (selector?.people?.includes(member.name) ?? false),
  };
}
