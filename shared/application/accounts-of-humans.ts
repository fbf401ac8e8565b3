/**
 * Whose records count as one. What is counted per human must find their other accounts, of which nothing is known when one of them asks;
 * so whoever is counted leaves, under a digest of each key that tells humans apart (identity.ts), their Slack id. It only says whom to ask
 * about as well: whether two accounts are one human is judged on fresh evidence by the comparison that serves every decision.
 */
import { sha256 } from '../domain/audit/digest.ts';
import { humansOf, type IdentityFacts, knownKeys } from '../domain/policy/identity.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { check, type Journal, put, type Stored, type Write } from '../ports.ts';

type By = {
  readonly policies: readonly { readonly policy: Policy }[];
  readonly identity: IdentityFacts;
};
/** One key of a human, as it was read, and whose it is. */
export type Alias = { readonly stored: Stored<'alias'>; readonly accounts: readonly string[] };

/** A key that nobody used for as long is forgotten. */
const KEPT_MS = 90 * 86_400_000;
/** Accounts of one key that are asked about; nobody has as many. */
const MOST = 20;

/** Every key of these people (Slack ids), with what stands under it. */
export async function aliasesOf(
  journal: Pick<Journal, 'read'>,
  { policies, identity }: By,
  people: readonly string[],
): Promise<Alias[]> {
  const owners = new Map<string, Set<string>>();
  for (const { policy } of policies)
    for (const person of people)
      for (const key of knownKeys(policy, person, identity)) {
        const id = sha256(key);
        owners.set(id, (owners.get(id) ?? new Set()).add(person));
      }
  return Promise.all(
    [...owners].map(async ([id, accounts]) => ({
      stored: await journal.read('alias', id),
      accounts: [...accounts],
    })),
  );
}

/** Accounts that stand under the same keys and are none of these people. */
export const otherAccounts = (aliases: readonly Alias[], people: readonly string[]): string[] => [
  ...new Set(
    aliases
      .flatMap(({ stored }) => stored.value?.accounts ?? [])
      .filter((account) => !people.includes(account)),
  ),
];

/**
 * The part of a decision's transaction that lets the next one find these accounts; nothing where they are found already, unless what is
 * decided rests on there being no others.
 */
export function aliasWrites(
  aliases: readonly Alias[],
  { now, exact }: { readonly now: Date; readonly exact: boolean },
): Write[] {
  const halfway = new Date(now.getTime() + KEPT_MS / 2).toISOString();
  const expiresAt = new Date(now.getTime() + KEPT_MS).toISOString();
  return aliases.flatMap(({ stored, accounts }) => {
    const before = stored.value?.accounts ?? [];
    const all = [...new Set([...before, ...accounts])];
    const stands = all.length === before.length && (stored.value?.expiresAt ?? '') > halfway;
    if (stands) return exact ? [check(stored)] : [];
    return [put(stored, { accounts: all.slice(-MOST), expiresAt })];
  });
}

/** These people (Slack ids) first, then every other account that a policy in force or the facts show to be theirs. */
export function accountsOfHumans({ policies, identity }: By, people: readonly string[]): string[] {
  const accounts = new Set(people);
  for (const { policy } of policies) {
    const humanOf = humansOf(policy, identity);
    const humans = new Set(people.map(humanOf));
    for (const slack of [
      ...membersOf(policy).bySlack.keys(),
      ...identity.evidence.keys(),
      ...identity.linkedAccounts.keys(),
    ])
      if (humans.has(humanOf(slack))) accounts.add(slack);
  }
  return [...accounts];
}
