/**
 * Whom the policy of the period's end lists with which roles, and what it lets each of them ask for, approve or hold: the list of users and
 * rights that whoever recertifies access goes through. Rights are those of the evaluator's own comparison, by the policy alone: no
 * hour, freeze or count of a moment. Pure; rows come one by one, however many there are.
 */
import { effectiveRights, type RightChange } from '../../../shared/domain/policy/diff.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { type Row, row } from './tables.ts';

export function* peopleRows(policy: Policy): Iterable<Row> {
  for (const { slack, name, roles, accounts } of membersOf(policy).bySlack.values()) {
    const logins = [...accounts].map(([provider, login]) => `${provider}:${login}`);
    yield row('people', [slack, name, [...roles].sort().join(' '), logins.join(' ')]);
  }
}

export type Rights = {
  readonly rows: Iterable<Row>;
  /** Too many people and entitlements for a list: only what roles give in the product itself is told. */
  readonly isCut: boolean;
};

/** Nobody goes through more, and a spreadsheet shows no more. */
const MOST_ROWS = 1_000_000;

export function rightsIn(policy: Policy, mostRows = MOST_ROWS): Rights {
  const { changes, truncated, counts } = effectiveRights(policy);
  const isCut = truncated || counts.gained > mostRows;
  const told = isCut ? changes.filter(({ right }) => right === 'power') : changes;
  return { rows: rightsRows(policy, told), isCut };
}

function* rightsRows(policy: Policy, changes: readonly RightChange[]): Iterable<Row> {
  const { bySlack } = membersOf(policy);
  const each = function* (change: RightChange, thing: readonly string[]): Iterable<Row> {
    for (const person of change.people)
      yield row('rights', [
        ...[...thing, person, bySlack.get(person)?.name ?? '', change.right, change.now ?? ''],
      ]);
  };
  const byThing = groupedByThing(changes);
  for (const [id, { provider, kind, resource, roles }] of Object.entries(policy.entitlements))
    for (const change of byThing.get(id) ?? [])
      yield* each(change, [id, provider, kind, resource, roles.join(' ')]);
  for (const change of changes.filter(({ right }) => right === 'power'))
    yield* each(change, ['', '', '', '', '']);
}

function groupedByThing(changes: readonly RightChange[]): ReadonlyMap<string, RightChange[]> {
  const found = new Map<string, RightChange[]>();
  for (const change of changes)
    for (const id of change.entitlements) {
      const alike = found.get(id);
      if (alike) alike.push(change);
      else found.set(id, [change]);
    }
  return found;
}
