/**
 * What lint says of rules nobody meets and rules nobody can satisfy, against the evaluator itself: every person, entitlement and
 * membership of a small policy is tried out.
 */
import fc from 'fast-check';
import { evaluate, type Verdict } from '../../../shared/domain/policy/evaluate.ts';
import { groupKey } from '../../../shared/domain/policy/group-place.ts';
import { type LintProblem, lint } from '../../../shared/domain/policy/lint.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { ask, facts, policy, written } from './given.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 20261123 });

const NAMES = ['ana', 'bo', 'cy', 'dee'] as const;
const ROLES = ['developer', 'reviewer', 'auditor'] as const;
const GLOBS = ['github:acme/deployers', 'github:acme/payroll', 'github:acme/*'] as const;

const roles = fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 2 });
/** So few that some role is nobody's own, and only a group gives it. */
const few = fc.uniqueArray(fc.constantFrom('developer', 'reviewer'), { maxLength: 1 });
const selector = fc.oneof(
  fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 2 }).map((some) => ({
    roles: some,
  })),
  fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((some) => ({
    people: some,
  })),
);
const shape = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ deny: true as const }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      break_glass: { max_duration: '2h', per_person_per_week: 2, review_within: '24h' },
    }),
  },
  {
    weight: 5,
    arbitrary: fc
      .array(fc.record({ from: selector, count: fc.integer({ min: 1, max: 2 }) }), {
        minLength: 1,
        maxLength: 2,
      })
      .map((approvals) => ({ approvals, max_duration: '2h' })),
  },
);
const rule = fc.record({
  entitlements: fc.uniqueArray(fc.constantFrom(...GLOBS), { minLength: 1, maxLength: 2 }),
  requesters: selector,
  shape,
});
const somePolicy = fc
  .record({
    held: fc.tuple(few, few, few, few),
    group: fc.option(roles),
    rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  })
  .map(({ held, group, rules }) => {
    const people = NAMES.map((name, index) => [
      name,
      { ...written.people[name], roles: held[index] },
    ]);
    return policy({
      people: Object.fromEntries(people),
      ...(group && { groups: { ops: { slack_usergroup: 'S0OPS', roles: group } } }),
      rules: rules.map(({ shape: kind, ...each }, index) => ({
        id: `r${index}`,
        ...each,
        ...kind,
      })),
    });
  });

const slackOf = (name: (typeof NAMES)[number]) => written.people[name].slack;
const everyGroup = (all: Policy): string[][] =>
  all.groups
    ? Array.from({ length: 2 ** NAMES.length }, (_, bits) =>
        NAMES.filter((_name, index) => (bits >> index) % 2 === 1).map(slackOf),
      )
    : [[]];

type Tried = { readonly name: string; readonly verdict: Verdict };

function everything(all: Policy): Tried[] {
  const [group] = Object.values(all.groups ?? {});
  const entitlements = Object.keys(all.entitlements).filter((id) => id.startsWith('github:'));
  return everyGroup(all).flatMap((members) => {
    const known = facts({ groupMembers: new Map(group ? [[groupKey(group), members]] : []) });
    return NAMES.flatMap((name) =>
      [false, true].flatMap((breakGlass) =>
        entitlements.map((entitlement) => {
          const asked = { requester: slackOf(name), entitlement, breakGlass, incident: 'INC-1' };
          return { name, verdict: evaluate(all, ask(asked), known) };
        }),
      ),
    );
  });
}

const said = (found: readonly LintProblem[], index: number, words: RegExp): string[] =>
  found
    .filter(({ path, message }) => path[1] === index && words.test(message))
    .map(({ message }) => message);

test('a rule is said to be out of reach exactly where nobody ever meets it', () => {
  fc.assert(
    fc.property(somePolicy, (all) => {
      const found = lint(all);
      const met = new Set(everything(all).map(({ verdict }) => verdict.rule));
      for (const [index, { id, ...each }] of all.rules.entries())
        if (!('deny' in each))
          expect([id, said(found, index, /never reached|Nobody may ask/).length > 0]).toEqual([
            id,
            !met.has(id),
          ]);
    }),
    { numRuns: 40 },
  );
});

test('nobody could approve, says lint, exactly where the evaluator says so whoever is in the groups', () => {
  fc.assert(
    fc.property(somePolicy, (all) => {
      const found = lint(all);
      const tried = everything(all);
      for (const [index, { id, ...each }] of all.rules.entries()) {
        if (!('approvals' in each)) continue;
        const [hopeless] = said(found, index, /Nobody can satisfy/);
        const [stuck = ''] = said(found, index, /Nobody could approve/);
        for (const name of NAMES) {
          const verdicts = tried.filter((one) => one.name === name && one.verdict.rule === id);
          if (verdicts.length === 0) continue;
          const works = verdicts.some(({ verdict }) => verdict.permitted);
          const isNamed = hopeless !== undefined || new RegExp(`\\b${name}\\b`).test(stuck);
          expect([id, name, isNamed]).toEqual([id, name, !works]);
        }
      }
    }),
    { numRuns: 40 },
  );
});
