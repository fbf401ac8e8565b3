/** The form: every shape of a rule, chosen or not, by itself or after something was typed that could not be read; and its search. */
import * as fc from 'fast-check';
import { BEGINS, type Beside } from '../../../lambdas/slack/form-payloads.ts';
import { startIn } from '../../../lambdas/slack/form-screen.ts';
import { requestForm } from '../../../lambdas/slack/views/form.ts';
import { FIRST_IDS, type FormFacts } from '../../../lambdas/slack/views/form-facts.ts';
import {
  OTHER_LENGTH,
  targetGroups,
  targetValue,
} from '../../../lambdas/slack/views/form-options.ts';
import { misunderstood, redactedWarning } from '../../../lambdas/slack/views/form-words.ts';
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import { HASH, START } from '../samples.ts';
import { typedUpTo } from './hostile.ts';
import { modals, type Pieces } from './piece.ts';
import { policyRefusal } from './refusal-pieces.ts';
import { permitted } from './states.ts';

/** As long as the policy lets it be. */
const target = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}:[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/);
const role = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,62}$/);
const seconds = fc.integer({ min: 60, max: 400 * 86_400 });

const choices: fc.Arbitrary<Choices> = fc.record({
  entitlement: target,
  roles: fc.uniqueArray(role, { minLength: 1, maxLength: 120 }),
  durations: fc.uniqueArray(fc.record({ seconds, approvalsNeeded: fc.nat(10) }), {
    ...{ minLength: 1, maxLength: 12 },
    selector: (each) => each.seconds,
  }),
  proposedSeconds: seconds,
  justification: fc.record({ min: fc.nat(500), ticket: fc.option(typedUpTo(200)) }),
  emergency: fc.option(
    fc.record({
      terms: permitted.map((terms) => ({
        ...terms,
        breakGlass: { perPersonPerWeek: 2, reviewWithinSeconds: 86_400 },
      })),
      incident: fc.record({
        incident: fc.constantFrom('required' as const, 'optional' as const),
        incident_pattern: fc.constantFrom(undefined, 'INC-[0-9]+', '#\\d+'),
      }),
    }),
  ),
  verdict: fc.oneof(
    permitted,
    policyRefusal.map(
      (no) => ({ permitted: false, rule: null, refusal: no, reasons: [] }) as const,
    ),
  ),
});

const notes = fc.array(
  fc.oneof(
    typedUpTo(80).map(
      (typed) => misunderstood({ part: 'role', typed, didYouMean: [] }) ?? 'Shown again.',
    ),
    fc.array(typedUpTo(40), { maxLength: 5 }).map(redactedWarning),
  ),
  { maxLength: 4 },
);

const instant = fc
  .date({ min: START, max: new Date('2285-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());
const beside: fc.Arbitrary<Beside> = fc.record({
  subject: fc.option(fc.constantFrom('U0BO', 'U0CY')),
  begins: fc.constantFrom(...BEGINS),
  ...{ from: fc.option(instant), until: fc.option(instant) },
  ...{ glass: fc.boolean(), incident: typedUpTo(64) },
});
const standing = fc.record({
  taken: fc.nat(9),
  refusal: fc.option(
    fc.constant({ code: 'break-glass-quota', max: 2, againAt: START.toISOString() } as const),
  ),
  reviewBy: fc.option(instant),
  securityChannel: fc.option(fc.constant('C0SECURITY')),
});

const form: fc.Arbitrary<FormFacts> = fc
  .record({
    chosen: fc.option(choices),
    ...{ index: fc.nat(119), other: fc.boolean(), exact: typedUpTo(100), beside },
    length: fc.option(seconds),
    recent: fc.array(target.map(targetValue), { maxLength: 5 }),
    ...{ enrolled: fc.boolean(), notes, reason: typedUpTo(4000), glass: fc.option(standing) },
    refused: fc.option(policyRefusal),
    ways: fc.record({
      forOthers: fc.boolean(),
      startWithinSeconds: fc.option(seconds),
      breakGlass: fc.boolean(),
    }),
  })
  .map(({ chosen, index, other, exact, length, recent, beside: said, ...rest }) => ({
    ...{ now: START, timezone: 'Europe/Berlin', ids: FIRST_IDS, choices: chosen, seconds: length },
    ...rest,
    start: startIn(said),
    sheet: { policyHash: HASH, recent, said: { role: null, duration: null }, beside: said },
    filled: {
      target: chosen?.entitlement ?? null,
      role: chosen?.roles[index] ?? null,
      duration: other ? OTHER_LENGTH : null,
      ...{ exact, ...said },
    },
  }));

const entry = fc.record({
  ...{ entitlement: target, provider: fc.constantFrom('github', 'gitlab'), rule: role },
  roles: fc.array(role, { minLength: 1, maxLength: 20 }),
  ...{ maxDurationSeconds: seconds, approvalsNeeded: fc.nat(10), privileged: fc.boolean() },
});

export const FORM_PIECES: Readonly<Record<string, Pieces>> = {
  'form.requestForm': modals(form.map(requestForm)),
  'form-options.targetGroups': fc
    .uniqueArray(entry, {
      minLength: 1,
      maxLength: 100,
      selector: ({ entitlement }) => entitlement,
    })
    .map((entries) => {
      const recent = entries.slice(0, 3).map(({ entitlement }) => entitlement);
      return [{ surface: 'options', groups: targetGroups(entries, { recent }) }];
    }),
};
