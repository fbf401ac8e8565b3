/**
 * What a policy says to an ask that nobody made: the one evaluator, with facts that are supposed. Everybody is an active full member, nothing
 * was asked or held before, tickets are open unless said otherwise, and who is in a group is what the question says; a group about
 * which it says nothing is unknown, as in the bot. Pure.
 */
import { closest } from '../../shared/domain/policy/catalog.ts';
import { evaluate } from '../../shared/domain/policy/evaluate.ts';
import { groupKey } from '../../shared/domain/policy/group-place.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { ticketId, ticketsConcerned } from '../../shared/domain/policy/ticket.ts';
import type { Ask, PolicyFacts, Verdict } from '../../shared/domain/policy/verdict.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import type { Misread } from './words.ts';

/** People by their name in the policy, or by Slack id. */
export type Question = {
  readonly as: string;
  readonly for?: string | undefined;
  readonly target: string;
  readonly role: string;
  readonly durationSeconds: number;
  readonly now: Date;
  /** Without it nobody judges the words; start and incident are judged all the same. */
  readonly reason?: string | undefined;
  /** Break-glass, and the incident it is for. */
  readonly breakGlass?: { readonly incident: string | null } | undefined;
  /** Later than now. */
  readonly start?: Date | undefined;
  /** Group -> who is in it. */
  readonly groups?: ReadonlyMap<string, readonly string[]> | undefined;
  readonly approvedBy?: readonly string[] | undefined;
  /** May this person approve it? */
  readonly candidate?: string | undefined;
  /** Key -> how it stands. */
  readonly tickets?: ReadonlyMap<string, 'open' | 'closed' | 'missing'> | undefined;
};

const TEAM = 'T0SUPPOSED';

export function rulingOn(policy: Policy, question: Question): Result<Verdict, Misread> {
  const found = named(policy, question);
  if (!found.ok) return found;
  const { requester, subject, approvers, candidate, groupMembers } = found.value;
  const { now, start, durationSeconds, reason, breakGlass } = question;
  const ask: Ask = {
    ...{ requester, subject, entitlement: question.target, role: question.role, durationSeconds },
    justification: reason === undefined ? { unwritten: true } : { text: reason },
    breakGlass: breakGlass !== undefined,
    ...(breakGlass && { incident: breakGlass.incident }),
    ...(start && { start: { notBefore: start.toISOString(), until: null } }),
    ...(start && { window: windowOf(start, durationSeconds) }),
  };
  const facts: PolicyFacts = {
    now,
    teamId: TEAM,
    evidence: evidenceAbout([requester, subject, ...approvers, candidate ?? requester], now),
    linkedAccounts: new Map(),
    approvals: approvers.map((approver) => ({ approver, at: now.toISOString() })),
    usage: [],
    groupMembers,
    tickets: ticketsOf(policy, question),
    ...(candidate !== undefined && { candidate }),
  };
  return ok(evaluate(policy, ask, facts));
}

const windowOf = (start: Date, seconds: number) => ({
  from: start.toISOString(),
  to: new Date(start.getTime() + seconds * 1000).toISOString(),
});

/** Slack id of a person of the policy, or what was probably meant. */
function personNamed(policy: Policy, name: string): Result<string, Misread> {
  const person = Object.hasOwn(policy.people, name) ? policy.people[name] : undefined;
  if (person) return ok(person.slack);
  if (membersOf(policy).bySlack.has(name)) return ok(name);
  const [near] = closest(name, Object.keys(policy.people), 1);
  return refuse(
    `The policy lists nobody called ${JSON.stringify(name)}.${near ? ` Did you mean ${near}?` : ' Names are under `people`.'}`,
  );
}

function named(policy: Policy, question: Question) {
  const lookup = peopleOf(policy);
  const requester = lookup.one(question.as);
  const subject = lookup.one(question.for ?? question.as);
  const approvers = (question.approvedBy ?? []).map(lookup.one);
  const candidate = question.candidate === undefined ? undefined : lookup.one(question.candidate);
  const groupMembers = new Map(
    [...(question.groups ?? [])].map(([name, people]) => [
      lookup.group(name),
      people.map(lookup.one),
    ]),
  );
  const [misread] = lookup.misread;
  return misread === undefined
    ? ok({ requester, subject, approvers, candidate, groupMembers })
    : refuse(misread);
}

/** Looks names up, and remembers which were not found. */
function peopleOf(policy: Policy) {
  const misread: Misread[] = [];
  return {
    misread,
    one(name: string): string {
      const found = personNamed(policy, name);
      if (!found.ok) misread.push(found.error);
      return found.ok ? found.value : '';
    },
    group(name: string): string {
      const groups = policy.groups ?? {};
      const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
      if (!group) misread.push(`The policy has no group called ${JSON.stringify(name)}.`);
      return group ? groupKey(group) : '';
    },
  };
}

/** Of whoever takes part; about others nothing needs to be known. */
const evidenceAbout = (people: readonly string[], now: Date): PolicyFacts['evidence'] =>
  new Map(
    people.map((slackUserId) => [
      slackUserId,
      {
        ...{ slackUserId, teamId: TEAM, enterpriseUserId: null, email: null },
        ...{ deleted: false, isBot: false, isRestricted: false, isUltraRestricted: false },
        ...{ isStranger: false, observedAt: now.toISOString() },
      },
    ]),
  );

function ticketsOf(policy: Policy, { target, reason, tickets }: Question) {
  if (reason === undefined) return new Map();
  const kept = ticketsConcerned(policy, target, { text: reason });
  return new Map(
    kept.map((ticket) => [ticketId(ticket), tickets?.get(ticket.key) ?? ('open' as const)]),
  );
}
