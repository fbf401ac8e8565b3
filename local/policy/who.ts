/** `policy who-can-approve`: whose approval counts for a target, rule by rule, as the policy file lists people. */
import { closest } from '../../shared/domain/policy/catalog.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { decidersOf } from '../../shared/domain/policy/who.ts';
import { goodPolicyAt, policyNamed } from './policy-text.ts';
import { nameOf } from './sentences.ts';
import { EXIT, paint, type Terminal } from './terminal.ts';
import { readWords } from './words.ts';

export const WHO_USAGE = `policy who-can-approve TARGET [ROLE]   [--policy access.yaml] [--json]

Who may approve what is asked there, by each rule that covers it. Members of Slack groups and on-call schedules are not in the file and are
named as their group. Nobody ever approves their own request. Exits 1 when there is no such target or role, or nobody could approve.`;

export async function whoCanApprove(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args, { texts: ['policy'], flags: ['json'] });
  const [target, role, ...more] = words.ok ? words.value.rest : [];
  if (!words.ok || target === undefined || more.length > 0) {
    const wrong =
      target === undefined ? 'Say for which target.' : `What is ${JSON.stringify(more[0])}?`;
    terminal.complain(`${words.ok ? wrong : words.error}\n\n${WHO_USAGE}`);
    return EXIT.usage;
  }
  const file = await goodPolicyAt(terminal, policyNamed(terminal, words.value.text('policy')));
  if (!file.ok) {
    terminal.complain(file.error);
    return EXIT.usage;
  }
  const { policy, placeOf } = file.value;
  const entitlement = membersOf(policy).entitlements.get(target);
  if (!entitlement || (role !== undefined && !entitlement.roles.includes(role))) {
    const known = entitlement ? entitlement.roles : Object.keys(policy.entitlements);
    const near = closest(entitlement ? (role ?? '') : target, known);
    terminal.complain(
      `The policy has no ${entitlement ? `role ${JSON.stringify(role)} there` : `target ${JSON.stringify(target)}`}.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''}`,
    );
    return EXIT.findings;
  }
  const deciders = decidersOf(policy, target).map(({ rule, count, people }) => ({
    ...{ rule, place: placeOf(rule), count, people: people.map((slack) => nameOf(policy, slack)) },
    groups: groupsOf(policy, rule),
  }));
  if (words.value.has('json')) terminal.print(JSON.stringify({ target, rules: deciders }));
  else
    for (const { rule, place, count, people, groups } of deciders)
      terminal.print(
        `${paint(terminal, 'bold', rule)}  ${place}\n  ${count} of ${[...people, ...groups.map((name) => `group ${name}`)].join(', ') || 'nobody'}`,
      );
  if (deciders.length === 0 && !words.value.has('json'))
    terminal.print('No rule names anybody who could approve it.');
  return deciders.some(({ people, groups }) => people.length + groups.length > 0)
    ? EXIT.ok
    : EXIT.findings;
}

/** Groups from Slack or on-call schedules whose people may approve by this rule. */
function groupsOf(policy: Policy, id: string): string[] {
  const rule = policy.rules.find((each) => each.id === id);
  const froms = rule && 'approvals' in rule ? rule.approvals.map(({ from }) => from) : [];
  const wanted = froms.flatMap(({ roles }) => roles ?? []);
  const { included } = membersOf(policy);
  return Object.entries(policy.groups ?? {}).flatMap(([name, { roles }]) =>
    roles.some((each) => wanted.some((role) => included.get(each)?.has(role))) ? [name] : [],
  );
}
