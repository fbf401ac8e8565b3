/**
 * What is wrong with a policy that has the right shape: names that lead nowhere, rules that nobody can satisfy or reach, two
 * people who are one. Errors keep a policy from being loaded; warnings are shown. Places are paths; the reader of the file knows lines.
 */
import { closest } from './catalog.ts';
import { isGlob, matchesGlob } from './glob.ts';
import { lintClauses } from './lint-clauses.ts';
import { lintOutside } from './lint-outside.ts';
import { lintRules } from './lint-rules.ts';
import type { Policy } from './policy.ts';

export type PathStep = string | number;
export type LintProblem = {
  readonly path: readonly PathStep[];
  /** What to point at: the key itself or its value. */
  readonly at: 'key' | 'value';
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
};

/** Names that are written somewhere and must exist elsewhere. */
type Mention = { readonly name: string; readonly path: readonly PathStep[] };

export function lint(policy: Policy): readonly LintProblem[] {
  return [
    ...unknownRoles(policy),
    ...circularRoles(policy),
    ...unknownPeople(policy),
    ...sharedIdentities(policy),
    ...entitlementIds(policy),
    ...unmatchedEntitlements(policy),
    ...unheard(policy),
    ...unownedContainers(policy),
    ...lintRules(policy),
    ...lintOutside(policy),
    ...lintClauses(policy),
  ];
}

const mentions = (names: readonly string[] | undefined, path: readonly PathStep[]): Mention[] =>
  (names ?? []).map((name, index) => ({ name, path: [...path, index] }));

function unknown(
  kind: 'role' | 'person',
  mentioned: readonly Mention[],
  known: readonly string[],
): LintProblem[] {
  const exists = new Set(known);
  return mentioned
    .filter(({ name }) => !exists.has(name))
    .map(({ name, path }) => {
      const [near] = closest(name, known, 1);
      const place = kind === 'role' ? 'roles' : 'people';
      return {
        path,
        at: 'value',
        severity: 'error',
        message: `There is no ${kind} "${name}"`,
        fix: near ? `Did you mean "${near}"?` : `Add it under \`${place}\`, or remove it here`,
      };
    });
}

/** Every selector of every rule and freeze, with its path. */
function selectors(policy: Policy) {
  // Stryker disable next-line ArrayDeclaration: a text excepts nobody
  const excepted = (policy.freeze ?? []).map(({ except }, index) => ({
    selector: except,
    path: ['freeze', index, 'except'],
  }));
  const ofRules = policy.rules.flatMap((rule, index) => {
    const at = ['rules', index];
    const found = [{ selector: rule.requesters, path: [...at, 'requesters'] }];
    if ('approvals' in rule) {
      found.push({ selector: rule.subjects, path: [...at, 'subjects'] });
      found.push({ selector: rule.escalate?.to, path: [...at, 'escalate', 'to'] });
      for (const [group, { from }] of rule.approvals.entries())
        found.push({ selector: from, path: [...at, 'approvals', group, 'from'] });
    }
    return found;
  });
  return [...excepted, ...ofRules];
}

function unknownRoles(policy: Policy): LintProblem[] {
  const included = Object.entries(policy.roles).flatMap(([name, role]) =>
    mentions(role.includes, ['roles', name, 'includes']),
  );
  const held = Object.entries(policy.people).flatMap(([name, person]) =>
    mentions(person.roles, ['people', name, 'roles']),
  );
  const byGroup = Object.entries(policy.groups ?? {}).flatMap(([name, group]) =>
    mentions(group.roles, ['groups', name, 'roles']),
  );
  const chosen = selectors(policy).flatMap(({ selector, path }) =>
    mentions(selector?.roles, [...path, 'roles']),
  );
  return unknown('role', [...included, ...held, ...byGroup, ...chosen], Object.keys(policy.roles));
}

function unknownPeople(policy: Policy): LintProblem[] {
  const owners = Object.entries(policy.entitlements).flatMap(([id, { owner }]) =>
    owner === undefined ? [] : [{ name: owner, path: ['entitlements', id, 'owner'] }],
  );
  const chosen = selectors(policy).flatMap(({ selector, path }) =>
    mentions(selector?.people, [...path, 'people']),
  );
  return unknown('person', [...owners, ...chosen], Object.keys(policy.people));
}

function circularRoles(policy: Policy): LintProblem[] {
  const includes = new Map(
    Object.entries(policy.roles).map(([name, { includes: all }]) => [name, all]),
  );
  const problems: LintProblem[] = [];
  const settled = new Set<string>();
  for (const start of includes.keys()) {
    // Stryker disable next-line ArrayDeclaration: what stands in it is cut off before it is read
    const trail: string[] = [];
    const open = [{ role: start, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { role, depth } = next;
      trail.length = depth;
      const circle = trail.indexOf(role);
      if (circle >= 0) {
        problems.push(circleProblem(policy, [...trail.slice(circle), role]));
        continue;
      }
      if (settled.has(role)) continue;
      settled.add(role);
      trail.push(role);
      for (const inner of includes.get(role) ?? []) open.push({ role: inner, depth: depth + 1 });
    }
  }
  return problems;
}

function circleProblem(policy: Policy, circle: readonly string[]): LintProblem {
  // Stryker disable next-line StringLiteral: a circle has two names, if only the same one twice
  const [last = '', first = ''] = circle.slice(-2);
  // Stryker disable next-line OptionalChaining: it is a role of the policy
  const index = policy.roles[last]?.includes.indexOf(first) ?? 0;
  return {
    path: ['roles', last, 'includes', index],
    at: 'value',
    severity: 'error',
    message: `Roles include each other in a circle: ${circle.join(' > ')}`,
    fix: `Remove "${first}" from what "${last}" includes`,
  };
}

function sharedIdentities(policy: Policy): LintProblem[] {
  const ownerOf = new Map<string, string>();
  const claim = (key: string, owner: string, path: readonly PathStep[]): LintProblem[] => {
    const other = ownerOf.get(key);
    if (other === undefined) ownerOf.set(key, owner);
    if (other === undefined) return [];
    const message = `"${owner}" and "${other}" have the same ${key}: they would count as one human`;
    const fix = 'Give each person their own, or make them one entry';
    return [{ path, at: 'value', severity: 'error', message, fix }];
  };
  return Object.entries(policy.people).flatMap(([name, { slack, accounts }]) => [
    ...claim(`Slack id ${slack}`, name, ['people', name, 'slack']),
    ...Object.entries(accounts).flatMap(([provider, login]) =>
      claim(`${provider} account ${login.toLowerCase()}`, name, [
        ...['people', name, 'accounts', provider],
      ]),
    ),
  ]);
}

function entitlementIds(policy: Policy): LintProblem[] {
  return Object.entries(policy.entitlements)
    .filter(([id, { provider, resource }]) => id !== `${provider}:${resource}`)
    .map(([id, { provider, resource }]) => ({
      path: ['entitlements', id],
      at: 'key',
      severity: 'error',
      message: `The id "${id}" is not its provider and resource`,
      fix: `Write ${provider}:${resource}, or correct provider and resource`,
    }));
}

/** Notices about authenticators go to their owners only, one of whom may be the person whose Slack was stolen. */
function unheard({ security_channel: channel }: Policy): LintProblem[] {
  if (channel !== undefined) return [];
  return [
    {
      path: ['version'],
      at: 'key',
      severity: 'warning',
      message:
        'No `security_channel`: nobody but the owner hears that an authenticator was replaced, and how far the audit log is sealed is told to admins alone',
      fix: 'Add security_channel: C… (channel details, at the bottom) and invite the bot there',
    },
  ];
}

/** Members are taken out of it: somebody has to hear of that, and be asked whether it was meant. */
function unownedContainers(policy: Policy): LintProblem[] {
  return Object.entries(policy.entitlements).flatMap(([id, { exclusive, owner }]): LintProblem[] =>
    exclusive && owner === undefined
      ? [
          {
            path: ['entitlements', id, 'exclusive'],
            at: 'value',
            severity: 'error',
            message: `"${id}" is exclusive and has no owner: nobody would be told who was taken out of it`,
            fix: 'Add `owner:` with the name of a person, or remove `exclusive`',
          },
        ]
      : [],
  );
}

function unmatchedEntitlements(policy: Policy): LintProblem[] {
  const ids = Object.keys(policy.entitlements);
  const known = new Set(ids);
  return policy.rules.flatMap((rule, index) =>
    rule.entitlements.flatMap((glob, position): LintProblem[] => {
      const found = isGlob(glob) ? ids.some((id) => matchesGlob(glob, id)) : known.has(glob);
      if (found) return [];
      const [near] = closest(glob, ids, 1);
      return [
        {
          path: ['rules', index, 'entitlements', position],
          at: 'value',
          severity: isGlob(glob) ? 'warning' : 'error',
          message: isGlob(glob)
            ? `"${glob}" matches no entitlement`
            : `There is no entitlement "${glob}"`,
          fix: near ? `Did you mean "${near}"?` : 'Add it under `entitlements`, or remove it here',
        },
      ];
    }),
  );
}
