/** What is told of members without a grant in an exclusive container, and of changes of the policy. */
import * as fc from 'fast-check';
import { policyNotice } from '../../../lambdas/slack/views/policy-change.ts';
import { strangerNotices } from '../../../lambdas/slack/views/stranger-notices.ts';
import { PolicyEvent } from '../../../shared/domain/policy-change.ts';
import { ContainerEvent } from '../../../shared/domain/record-parts.ts';
import { arbitraryOf } from './arbitrary-of.ts';
import { message, type Pieces } from './piece.ts';
import { person } from './states.ts';

const about = fc.record({
  login: fc.option(fc.string({ maxLength: 100 })),
  person: fc.option(person),
});

const few = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength });
const named = (longest: number) => fc.constantFrom('a', 'x'.repeat(longest), '`<!channel>`');
const change = fc.record({
  right: fc.constantFrom('ask' as const, 'break-glass', 'approve', 'hold', 'power'),
  effect: fc.constantFrom('gained' as const, 'lost', 'wider', 'narrower'),
  before: fc.option(named(63)),
  now: fc.option(named(63)),
  people: few(
    fc.oneof(
      person,
      named(63).map((name) => `group:${name}`),
    ),
    12,
  ),
  entitlements: few(named(230), 8),
});
const diff = fc.record({
  changes: few(change, 25),
  counts: fc.record({ gained: fc.nat(), lost: fc.nat(), wider: fc.nat(), narrower: fc.nat() }),
  widerAtTheTop: few(named(40), 12),
  widens: fc.boolean(),
  truncated: fc.boolean(),
});
const policyNews = fc.record({
  event: arbitraryOf(PolicyEvent),
  diff: fc.option(diff),
  widened: few(person, 30),
});

export const CONTAINER_PIECES: Readonly<Record<string, Pieces>> = {
  'stranger-notices.strangerNotices': fc
    .tuple(arbitraryOf(ContainerEvent), about)
    .map(([event, them]) =>
      Object.values(strangerNotices(event, them)).flatMap((told) => (told ? [message(told)] : [])),
    ),
  'policy-change.policyNotice': policyNews.map((news) => {
    const told = policyNotice(news);
    return told ? [message(told)] : [];
  }),
};
