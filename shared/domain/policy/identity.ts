/**
 * Who is the same human. Every key that two Slack accounts share makes them one person; keys only ever take rights away,
 * so each is normalized towards finding more, never fewer, disguises.
 */
import { type Member, membersOf } from './members.ts';
import type { Policy } from './policy.ts';

/** users.info evidence about one Slack person, at most 60 s old when a decision is made. */
export type PersonEvidence = {
  readonly slackUserId: string;
  readonly teamId: string;
  readonly enterpriseUserId: string | null;
  readonly email: string | null;
  /** False: Slack says that the address was never confirmed. Missing: Slack did not say. */
  readonly emailVerified?: boolean;
  readonly deleted: boolean;
  readonly isBot: boolean;
  readonly isRestricted: boolean;
  readonly isUltraRestricted: boolean;
  readonly isStranger: boolean;
  /** ISO instant of the answer. */
  readonly observedAt: string;
};

const EVIDENCE_MAX_AGE_SECONDS = 60;

/** Why somebody is not an active full member of this workspace; `null` when they are. */
export type NotFullMember =
  | 'deactivated'
  | 'bot'
  | 'guest'
  | 'stranger'
  | 'other-workspace'
  | 'email-unverified';

/** A clock that is ahead by no more than the same span is forgiven: evidence is fetched while a decision is under way. */
export function isFresh(evidence: PersonEvidence, now: Date): boolean {
  const ageMs = Math.abs(now.getTime() - Date.parse(evidence.observedAt));
  return ageMs <= EVIDENCE_MAX_AGE_SECONDS * 1000;
}

export function notFullMember(evidence: PersonEvidence, teamId: string): NotFullMember | null {
  if (evidence.deleted) return 'deactivated';
  if (evidence.isBot) return 'bot';
  if (evidence.isStranger) return 'stranger';
  if (evidence.isRestricted || evidence.isUltraRestricted) return 'guest';
  if (evidence.teamId !== teamId) return 'other-workspace';
  return evidence.emailVerified === false ? 'email-unverified' : null;
}

/** Slack id and enterprise id share one namespace: Enterprise Grid shows one human as `U…` here and `W…` there. */
const slackKey = (id: string): string => `slack:${id.normalize('NFKC').trim().toUpperCase()}`;

/**
 * The address as it is, and the mailbox without its plus-tag: ana+2@ reaches ana@ at every large host, and whoever may sign up
 * with an address of the company's domain can make a second account that way.
 */
function emailKeys(email: string): string[] {
  const address = email
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\s]/gu, '')
    .toLowerCase();
  const at = address.lastIndexOf('@');
  // Stryker disable next-line EqualityOperator: a mailbox of one character has no plus-tag
  if (at < 1) return address === '' ? [] : [`email:${address}`];
  const mailbox = address.slice(0, at).replace(/(?<=.)\+.*/u, '');
  return [`email:${address}`, `email:${mailbox}${address.slice(at)}`];
}

const accountKeys = (member: Member): string[] => [
  slackKey(member.slack),
  ...(member.email === null ? [] : emailKeys(member.email)),
  ...[...member.accounts].map(([provider, login]) => `login:${provider}:${login.toLowerCase()}`),
];

/**
 * Slack id, enterprise id, e-mail (Slack's and the policy's), the provider logins of the policy and the immutable account ids linked so far
 * (`github:12345`).
 */
export function identityKeys(
  policy: Policy,
  evidence: PersonEvidence,
  linkedAccounts: readonly string[],
): ReadonlySet<string> {
  const { bySlack } = membersOf(policy);
  const ids = [evidence.slackUserId, evidence.enterpriseUserId].filter((id) => id !== null);
  const listed = ids.flatMap((id) => bySlack.get(id) ?? []);
  return new Set([
    ...ids.map(slackKey),
    ...(evidence.email === null ? [] : emailKeys(evidence.email)),
    ...listed.flatMap(accountKeys),
    ...linkedKeys(linkedAccounts),
  ]);
}

const linkedKeys = (ids: readonly string[]): string[] =>
  ids.map((id) => `account:${id.trim().toLowerCase()}`);

export type IdentityFacts = {
  readonly evidence: ReadonlyMap<string, PersonEvidence>;
  /** Slack id -> immutable provider account ids, for example `github:12345`. */
  readonly linkedAccounts: ReadonlyMap<string, readonly string[]>;
};

/** What is known about one person, with or without evidence at hand. */
export function knownKeys(
  policy: Policy,
  slack: string,
  facts: IdentityFacts,
): ReadonlySet<string> {
  const linked = facts.linkedAccounts.get(slack) ?? [];
  const evidence = facts.evidence.get(slack);
  const own = evidence ? identityKeys(policy, evidence, linked) : linkedKeys(linked);
  return new Set([...own, ...listedKeys(policy, slack)]);
}

function listedKeys(policy: Policy, slack: string): readonly string[] {
  const member = membersOf(policy).bySlack.get(slack);
  return member ? accountKeys(member) : [slackKey(slack)];
}

/** Sets of Slack ids that share keys. */
type Humans = {
  readonly ownerOf: Map<string, string>;
  readonly parent: Map<string, string>;
  /** What holds beneath this, and is never written here. */
  readonly beneath: Humans | null;
};
const humansOver = (beneath: Humans | null): Humans => ({
  ownerOf: new Map(),
  parent: new Map(),
  beneath,
});

const parentOf = ({ parent, beneath }: Humans, slack: string): string | undefined =>
  parent.get(slack) ?? beneath?.parent.get(slack);

function find(humans: Humans, start: string): string {
  let at = start;
  for (let up = parentOf(humans, at); up !== undefined && up !== at; up = parentOf(humans, at))
    at = up;
  return at;
}

function join(humans: Humans, slack: string, keys: Iterable<string>): void {
  for (const key of keys) {
    const owner = humans.ownerOf.get(key) ?? humans.beneath?.ownerOf.get(key);
    if (owner === undefined) humans.ownerOf.set(key, slack);
    else humans.parent.set(find(humans, slack), find(humans, owner));
  }
}

/** Who is one human by the policy alone: the same for every ask, so it is worked out once per policy. */
const listed = new WeakMap<Policy, Humans>();

function listedHumans(policy: Policy): Humans {
  const known = listed.get(policy);
  // Stryker disable next-line ConditionalExpression: worked out again it is the same
  if (known) return known;
  const humans = humansOver(null);
  for (const slack of membersOf(policy).bySlack.keys())
    join(humans, slack, listedKeys(policy, slack));
  listed.set(policy, humans);
  return humans;
}

/**
 * Tells humans apart: two Slack ids that share a key, directly or through a third account, get the same answer.
 * Covers everybody the policy lists and everybody the facts speak of.
 */
export function humansOf(policy: Policy, facts: IdentityFacts): (slack: string) => string {
  const humans = humansOver(listedHumans(policy));
  for (const slack of new Set([...facts.evidence.keys(), ...facts.linkedAccounts.keys()]))
    join(humans, slack, knownKeys(policy, slack, facts));
  return (slack) => find(humans, slack);
}
