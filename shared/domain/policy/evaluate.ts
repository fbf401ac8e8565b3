/**
 * The only place that knows who may ask, for how long, and who may approve. Pure: the same facts give the same verdict.
 * The first rule that matches decides; a deny rule wins wherever it stands; a condition that does not hold refuses and never falls
 * through. Whatever is missing or stale counts against the right, never for it.
 */
import { formatDuration } from '../duration.ts';
import { ok, type Result, refuse } from '../result.ts';
import { judgeApprovals } from './approver-rights.ts';
import { type Cast, castOf, type Evidence } from './cast.ts';
import { matchesGlob } from './glob.ts';
import type { PersonEvidence } from './identity.ts';
import { effectiveRoles, type GroupMembers, type Member, membersOf, selects } from './members.ts';
import type { AccessRule, Entitlement, Policy, Rule } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';
import { ticketPattern } from './ticket-pattern.ts';
import { isWorkingTime } from './working-hours.ts';

export type { PolicyRefusal } from './refusal.ts';

export type Ask = {
  /** Slack id. */
  readonly requester: string;
  /** Slack id; usually the requester. */
  readonly subject: string;
  /** `github:acme/deployers` */
  readonly entitlement: string;
  readonly role: string;
  readonly durationSeconds: number;
  /** The text while asking; later it was accepted once and is not judged again. */
  readonly justification: { readonly text: string } | { readonly accepted: true };
  readonly breakGlass: boolean;
};

/** An approval given earlier, whose code (where one was due) was right at the time. It is judged anew each time. */
export type Approval = { readonly approver: string; readonly at: string };

export type PolicyFacts = {
  readonly now: Date;
  readonly teamId: string;
  /** Slack id -> what users.info said. */
  readonly evidence: ReadonlyMap<string, PersonEvidence>;
  /** Slack id -> immutable provider account ids, for example `github:12345`. */
  readonly linkedAccounts: ReadonlyMap<string, readonly string[]>;
  readonly approvals: readonly Approval[];
  /** May this person (Slack id) decide? */
  readonly candidate?: string;
  /** Slack user group id -> Slack ids. Without it nobody gains a role from a group, and deny rules assume everybody is in it. */
  readonly groupMembers?: GroupMembers;
};

export type CandidateVerdict =
  | { readonly may: true }
  | { readonly may: false; readonly refusal: PolicyRefusal };

export type Verdict =
  | {
      readonly permitted: true;
      readonly rule: string;
      readonly maxDurationSeconds: number;
      /** With extensions. `null`: the rule allows no extension. */
      readonly maxTotalSeconds: number | null;
      readonly lapseAfterSeconds: number;
      readonly codeFrom: { readonly requester: boolean; readonly approver: boolean };
      readonly channel: string | null;
      /** Approvers also get the card as a direct message. */
      readonly dmApprovers: boolean;
      readonly privileged: boolean;
      /** Whom to tell when nobody answered; it gives nobody a right. */
      readonly escalate: { readonly afterSeconds: number; readonly to: readonly string[] } | null;
      readonly approvals: {
        readonly needed: number;
        /** Places filled by earlier approvals that still count, one per human. */
        readonly have: number;
        readonly satisfied: boolean;
        /** `from` holds role names, `people` the policy's names of people. */
        readonly groups: readonly {
          readonly from: readonly string[];
          readonly people: readonly string[];
          readonly count: number;
        }[];
      };
      /** Slack ids, in the order of the file, whose approval would fill an open place. By policy and the evidence at hand. */
      readonly approvers: readonly string[];
      readonly candidate: CandidateVerdict | null;
      readonly reasons: readonly string[];
    }
  | {
      readonly permitted: false;
      readonly rule: string | null;
      readonly refusal: PolicyRefusal;
      readonly reasons: readonly string[];
    };

/** How much has to be proven. Everything but a decision may do with less. */
type Rigour = {
  readonly evidence: Evidence;
  readonly conditions: boolean;
  readonly reachable: boolean;
};

const SHORTEST_SECONDS = 60;

/** For every decision: the form's check, the request, each click, each submit. */
export function evaluate(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'fresh', conditions: true, reachable: true });
}

/** What could be asked, for lists and suggestions: evidence counts against somebody where there is some. Never for a decision. */
export function preview(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'at-hand', conditions: true, reachable: true });
}

/**
 * Does today's policy still stand behind what was decided before? For whoever is about to issue it and cannot ask Slack: working hours
 * and open places belong to the decision and are not judged again. Look at `approvals.satisfied` too.
 */
export function standsBehind(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'at-hand', conditions: false, reachable: false });
}

type Found = { readonly cast: Cast; readonly entitlement: Entitlement };

function judge(policy: Policy, ask: Ask, facts: PolicyFacts, rigour: Rigour): Verdict {
  const found = find(policy, ask, facts, rigour);
  if (!found.ok) return no(null, found.error);
  const denied = denyingRule(policy, ask, facts);
  if (denied) return no(denied, { code: 'denied-by-rule', rule: denied });
  const rule = matchingRule(policy, ask, found.value.cast.requester);
  if (!rule) return no(null, { code: 'no-matching-rule', entitlement: ask.entitlement });
  if (!('approvals' in rule))
    return no(rule.id, { code: 'break-glass-not-available', rule: rule.id });
  const refusal =
    onBehalf(rule, found.value.cast) ??
    (rigour.conditions ? unmetCondition(policy, rule, facts.now) : null) ??
    wrongDuration(rule, ask) ??
    wrongJustification(rule, ask);
  if (refusal) return no(rule.id, refusal);
  return withApprovals({ policy, rule, facts, rigour, ...found.value });
}

const no = (rule: string | null, refusal: PolicyRefusal): Verdict => ({
  permitted: false,
  rule,
  refusal,
  reasons: [
    rule === null ? 'No rule was reached.' : `Rule ${rule} decides.`,
    `Refused: ${refusal.code}.`,
  ],
});

function find(
  policy: Policy,
  ask: Ask,
  facts: PolicyFacts,
  rigour: Rigour,
): Result<Found, PolicyRefusal> {
  const cast = castOf(policy, ask, { ...facts, need: rigour.evidence });
  if (!cast.ok) return cast;
  const entitlement = membersOf(policy).entitlements.get(ask.entitlement);
  if (!entitlement) return refuse({ code: 'unknown-entitlement', entitlement: ask.entitlement });
  const { roles, provider } = entitlement;
  if (!roles.includes(ask.role))
    return refuse({
      code: 'unknown-role',
      entitlement: ask.entitlement,
      role: ask.role,
      roles,
    });
  if (!cast.value.subject.member.accounts.has(provider))
    return refuse({ code: 'no-account', provider, person: ask.subject });
  return ok({ cast: cast.value, entitlement });
}

const covers = (rule: Rule, entitlement: string): boolean =>
  rule.entitlements.some((glob) => matchesGlob(glob, entitlement));

/** Deny reaches the requester and the subject, also over a group whose members are not known. */
function denyingRule(policy: Policy, ask: Ask, facts: PolicyFacts): string | null {
  const { bySlack } = membersOf(policy);
  const concerned = [ask.requester, ask.subject].flatMap((slack) => bySlack.get(slack) ?? []);
  const members: GroupMembers = facts.groupMembers ?? new Map();
  const isConcerned = (rule: Rule, member: Member) =>
    rule.requesters === undefined ||
    selects(rule.requesters, member, effectiveRoles(policy, member, { members, doubtful: 'in' }));
  const rule = policy.rules.find(
    (each) =>
      'deny' in each &&
      covers(each, ask.entitlement) &&
      concerned.some((member) => isConcerned(each, member)),
  );
  return rule?.id ?? null;
}

function matchingRule(policy: Policy, ask: Ask, requester: Cast['requester']) {
  for (const rule of policy.rules) {
    if ('deny' in rule || 'break_glass' in rule !== ask.breakGlass) continue;
    if (!covers(rule, ask.entitlement)) continue;
    if (selects(rule.requesters, requester.member, requester.roles)) return rule;
  }
  return null;
}

function onBehalf(rule: AccessRule, { requester, subject }: Cast): PolicyRefusal | null {
  const person = subject.member.slack;
  if (person === requester.member.slack) return null;
  if (rule.subjects && selects(rule.subjects, subject.member, subject.roles)) return null;
  return { code: 'on-behalf-not-allowed', rule: rule.id, person };
}

function unmetCondition(policy: Policy, rule: AccessRule, now: Date): PolicyRefusal | null {
  if (rule.when === undefined) return null;
  const { timezone, working_hours: hours } = policy;
  const wanted = rule.when.working_hours;
  if (hours && isWorkingTime(hours, timezone, now) === wanted) return null;
  const code = wanted ? 'outside-working-hours' : 'inside-working-hours';
  return { code, rule: rule.id, timezone, hours: hours ?? null };
}

function wrongDuration(rule: AccessRule, { durationSeconds }: Ask): PolicyRefusal | null {
  if (!(durationSeconds >= SHORTEST_SECONDS))
    return { code: 'duration-too-short', minSeconds: SHORTEST_SECONDS };
  return durationSeconds > rule.max_duration
    ? { code: 'duration-too-long', maxSeconds: rule.max_duration }
    : null;
}

function wrongJustification(rule: AccessRule, { justification }: Ask): PolicyRefusal | null {
  if ('accepted' in justification) return null;
  const { min = 0, ticket } = rule.justification ?? {};
  const have = visibleLength(justification.text);
  if (have < min) return { code: 'justification-too-short', min, have };
  if (ticket === undefined) return null;
  const pattern = ticketPattern(ticket);
  const found = pattern.ok && pattern.value.found(justification.text);
  return found ? null : { code: 'ticket-missing', pattern: ticket };
}

const visibleLength = (text: string): number =>
  [...text.replace(/[\p{Cf}\p{Cc}\p{Cs}\s]+/gu, ' ').trim()].length;

function withApprovals(
  situation: Found & {
    readonly policy: Policy;
    readonly rule: AccessRule;
    readonly facts: PolicyFacts;
    readonly rigour: Rigour;
  },
): Verdict {
  const { rule, rigour, entitlement } = situation;
  const approvals = judgeApprovals(situation);
  const { needed, have, reachable, groups } = approvals;
  if (rigour.reachable && !reachable) {
    const from = [...new Set(groups.flatMap((group) => [...group.from, ...group.people]))];
    return no(rule.id, { code: 'nobody-can-approve', rule: rule.id, needed, from });
  }
  return {
    permitted: true,
    rule: rule.id,
    maxDurationSeconds: rule.max_duration,
    maxTotalSeconds: rule.max_total ?? null,
    lapseAfterSeconds: rule.lapse_after,
    codeFrom: {
      requester: rule.code.includes('requester'),
      approver: rule.code.includes('approver'),
    },
    channel: rule.channel ?? null,
    dmApprovers: rule.dm_approvers,
    privileged: entitlement.privileged,
    escalate: approvals.escalate,
    approvals: { needed, have, satisfied: have === needed, groups },
    approvers: approvals.approvers,
    candidate: approvals.candidate,
    reasons: [
      `Rule ${rule.id} is the first that covers this entitlement for this requester.`,
      `It allows up to ${formatDuration(rule.max_duration)}.`,
      `${have} of ${needed} approvals count.`,
    ],
  };
}
