/**
 * Is what a policy says now at most what it said before? Fails closed: a change that nothing here proves to be narrower, a key
 * that this file does not know included, counts as wider.
 */
import type { AccessRule, BreakGlassRule, Freeze, Limits, Policy } from './policy.ts';

/** The keys of an object in one order, so that two spellings of the same compare equal. */
export function canonical(value: unknown): string {
  // Nothing, and what has no JSON, is spelled `undefined`.
  return String(
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? // Stryker disable next-line EqualityOperator: no key is there twice
          Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ),
  );
}

const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

type Judge = (before: unknown, now: unknown) => boolean;
/** What is gone is no limit: no number is at most, or at least, `undefined`. */
const atMost: Judge = (before, now) => before === undefined || Number(before) >= Number(now);
const atLeast: Judge = (before, now) => before === undefined || Number(before) <= Number(now);
const goneOrSame: Judge = (before, now) => now === undefined || same(before, now);
const addedOrSame: Judge = (before, now) => before === undefined || same(before, now);
const any: Judge = () => true;

type Judges = Readonly<Record<string, Judge>>;

/** Every key of either is judged; a key without a judge must be the same. */
function widerKeys(judges: Judges, before: object, now: object): readonly string[] {
  const by = new Map(Object.entries(judges));
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  const keys = new Set([...was.keys(), ...is.keys()]);
  return [...keys].filter((key) => !(by.get(key) ?? same)(was.get(key), is.get(key)));
}
const narrowerBy = (judges: Judges, before: object, now: object): boolean =>
  widerKeys(judges, before, now).length === 0;

const narrowerLimits = (before: Limits = {}, now: Limits = {}): boolean =>
  narrowerBy(
    {
      asks_per_hour: atMost,
      pending_per_entitlement: atMost,
      max_per_day: atMost,
      cool_down_after_denial: atLeast,
    },
    before,
    now,
  );

/** Where a rule matches, who may be asked is compared elsewhere; where its cards stand is no right. */
const NO_RIGHT = { id: any, entitlements: any, requesters: any, channel: any };

export function narrowerRule(before: AccessRule, now: AccessRule): boolean {
  return narrowerBy(
    {
      ...NO_RIGHT,
      dm_approvers: any,
      escalate: any,
      lapse_after: any,
      subjects: goneOrSame,
      auto_approve: goneOrSame,
      when: () => narrowerConditions(before.when, now.when),
      max_duration: atMost,
      max_total: () =>
        (now.max_total ?? now.max_duration) <= (before.max_total ?? before.max_duration),
      start_within: atMost,
      code: () => before.code.every((each) => now.code.includes(each)),
      approvals: () => narrowerApprovals(before.approvals, now.approvals),
      justification: () => narrowerJustification(before.justification, now.justification),
      limits: () => narrowerLimits(before.limits, now.limits),
    },
    before,
    now,
  );
}

const narrowerConditions = (
  before: AccessRule['when'] = {},
  now: AccessRule['when'] = {},
): boolean => narrowerBy({ working_hours: addedOrSame, on_call: addedOrSame }, before, now);

/** The same groups, each with as many places or more, and perhaps further groups. */
const narrowerApprovals = (
  before: AccessRule['approvals'],
  now: AccessRule['approvals'],
): boolean =>
  before.every(({ from, count }, index) => {
    const group = now[index];
    return group !== undefined && same(from, group.from) && group.count >= count;
  });

const narrowerJustification = (
  before: AccessRule['justification'] = {},
  now: AccessRule['justification'] = {},
): boolean => narrowerBy({ min: atLeast, ticket: addedOrSame }, before, now);

export const narrowerGlass = (before: BreakGlassRule, now: BreakGlassRule): boolean =>
  narrowerBy(
    {
      ...NO_RIGHT,
      break_glass: () =>
        narrowerBy(
          { max_duration: atMost, per_person_per_week: atMost, review_within: atMost },
          before.break_glass,
          now.break_glass,
        ),
    },
    before,
    now,
  );

/** What is compared person by person and entitlement by entitlement. */
const BY_CELL = { roles: any, people: any, entitlements: any, rules: any };

/** Keys at the top of the policy whose change gives more than before. */
export function widerAtTheTop(before: Policy, now: Policy): readonly string[] {
  const judges: Judges = {
    ...BY_CELL,
    digest: any,
    enrolment: () => STRICTNESS.indexOf(now.enrolment) >= STRICTNESS.indexOf(before.enrolment),
    new_authenticator_hold: atLeast,
    authenticator_reset_delay: atLeast,
    widening_delay: atLeast,
    security_channel: addedOrSame,
    limits: () => narrowerLimits(before.limits, now.limits),
    freeze: () => contains<Freeze>(now.freeze, before.freeze),
    separation: () => contains(now.separation, before.separation),
  };
  return widerKeys(judges, before, now);
}

const STRICTNESS: readonly string[] = ['open', 'vouched', 'oidc'];

// Stryker disable next-line ArrayDeclaration: a text is no freeze and no separation
function contains<T>(now: readonly T[] = [], before: readonly T[] = []): boolean {
  const all = new Set(now.map(canonical));
  return before.every((each) => all.has(canonical(each)));
}
