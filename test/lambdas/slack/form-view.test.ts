import * as fc from 'fast-check';
import { NOTHING_BESIDE } from '../../../lambdas/slack/form-payloads.ts';
import { requestForm } from '../../../lambdas/slack/views/form.ts';
import { FIRST_IDS } from '../../../lambdas/slack/views/form-facts.ts';
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { didYouMean } from '../../../lambdas/slack/views/suggestions.ts';
import { problemsOfBlocks } from '../../../local/slack/block-kit/blocks.ts';
import { problemsOfView } from '../../../local/slack/block-kit/view.ts';
import { choicesFor } from '../../../shared/domain/policy/choices.ts';
import { NO_WAYS } from '../../../shared/domain/policy/ways.ts';
import { anyCharacter } from '../../support/any-text.ts';
import { inForce, ruled, TEAM } from '../../support/company.ts';
import { HASH } from '../../support/samples.ts';
import { textOf } from './story.ts';

const now = new Date('2026-11-22T09:00:00.000Z');
const facts = { now, teamId: TEAM, evidence: new Map(), linkedAccounts: new Map() };
const policies = [
  inForce().policy,
  ruled({ code: ['requester', 'approver'], max_duration: '365d', max_total: '365d' }).policy,
  ruled({ justification: { min: 500, ticket: `(${'[A-Z]+-[0-9]+'.repeat(6)})` } }).policy,
];
const typed = fc.string({ unit: anyCharacter, maxLength: 400 });
const anyForm = fc.record({
  policy: fc.constantFrom(...policies),
  target: fc.option(fc.constantFrom('github:acme/deployers', `github:acme/${'x'.repeat(199)}`)),
  role: fc.option(fc.constantFrom('member', 'maintainer', 'owner')),
  duration: fc.option(fc.constantFrom('1h', '9d', 'other', '47m')),
  exact: typed,
  seconds: fc.option(fc.constantFrom(60, 3600, 86_400 * 400)),
  enrolled: fc.boolean(),
  notes: fc.array(typed, { maxLength: 4 }),
  reason: fc.string({ unit: anyCharacter, maxLength: 4000 }),
  recent: fc.array(fc.constant(`github:${'x'.repeat(140)}`), { maxLength: 5 }),
});

test('whatever stands in it, the form is within the limits of Slack and asks for what the rule wants', () => {
  void fc.assert(
    fc.property(anyForm, ({ policy, target, recent, ...given }) => {
      const { role, seconds: durationSeconds } = given;
      const about = { requester: 'U0ANA', entitlement: target ?? '', role, durationSeconds };
      const choices = target === null ? null : choicesFor(policy, about, facts);
      const said = { role, duration: given.duration };
      const view = requestForm({
        ...{ now, timezone: 'Europe/Berlin', ids: FIRST_IDS, choices },
        ...given,
        filled: { ...NOTHING_BESIDE, target, ...given },
        sheet: { policyHash: HASH, recent, said, beside: NOTHING_BESIDE },
        ...{ ways: NO_WAYS, refused: null, glass: null, start: null },
      });
      expect(problemsOfView(view, 'modal')).toEqual([]);
      expect(view.private_metadata?.length).toBeLessThanOrEqual(LIMITS.view.privateMetadata);
      const ids = view.blocks.map((block) => block.block_id).filter(Boolean);
      expect(ids).toEqual(expect.arrayContaining(['target', 'reason']));
      const wantsCode = choices?.verdict.permitted === true && choices.verdict.codeFrom.requester;
      expect(ids.includes('code')).toBe(wantsCode && given.enrolled);
    }),
    { numRuns: 60 },
  );
});

test('whoever has no authenticator reads how to get one where the rule wants a code', () => {
  const policy = ruled({ code: ['requester', 'approver'] }).policy;
  const about = { entitlement: 'github:acme/deployers', role: 'member', durationSeconds: 3600 };
  const view = requestForm({
    ...{ now, timezone: 'Europe/Berlin', ids: FIRST_IDS, enrolled: false, notes: [], reason: '' },
    choices: choicesFor(policy, { requester: 'U0ANA', ...about }, facts),
    filled: {
      ...{ target: about.entitlement, role: 'member', duration: '1h', exact: '' },
      ...NOTHING_BESIDE,
    },
    ...{ ways: NO_WAYS, refused: null, glass: null, start: null },
    seconds: 3600,
    sheet: {
      policyHash: HASH,
      recent: [],
      said: { role: null, duration: null },
      beside: NOTHING_BESIDE,
    },
  });
  expect(textOf(view.blocks)).toContain('`/access enroll`');
  expect(JSON.stringify(view)).not.toContain('"code"');
});

test('buttons of a near miss are within the limits, carry an id alone and are three at most', () => {
  const names = ['a', 'b', 'c', 'd'].map((end) => `github:acme/${'x'.repeat(180)}${end}`);
  const refusal = {
    code: 'not-understood',
    part: 'target',
    typed: 'x',
    didYouMean: names,
  } as const;
  const { blocks } = didYouMean(refusal, 'AR-7K2M9Q', now);
  expect(problemsOfBlocks(blocks, 'message')).toEqual([]);
  const values = JSON.stringify(blocks).match(/"value":"[^}]+\}"/g) ?? [];
  expect(values).toHaveLength(4);
  expect(new Set(values).size).toBe(1);
});
