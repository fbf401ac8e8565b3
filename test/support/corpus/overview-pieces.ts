/** What shows many requests, or none: lists, who, the Home tab with every page of it, the digest, the status, the help. */
import * as fc from 'fast-check';
import { digestMessage } from '../../../lambdas/slack/views/digest.ts';
import { accessHelp, cancelled, requestHelp } from '../../../lambdas/slack/views/help.ts';
import { home } from '../../../lambdas/slack/views/home.ts';
import { listMessage } from '../../../lambdas/slack/views/lists.ts';
import { overallMessage } from '../../../lambdas/slack/views/overall.ts';
import { whoMessage } from '../../../lambdas/slack/views/who.ts';
import type { HomeFacts, OpenHome } from '../../../shared/application/home-facts.ts';
import type { Health } from '../../../shared/application/home-health.ts';
import { Digest } from '../../../shared/domain/digest/model.ts';
import { HomeSection } from '../../../shared/domain/home.ts';
import { StandingHalt } from '../../../shared/domain/stop/standing.ts';
import { requestIdOf } from '../bench.ts';
import { HASH, later, START } from '../samples.ts';
import { arbitraryOf, instant } from './arbitrary-of.ts';
import { nameUpTo } from './hostile.ts';
import { fixed, message, messages, type Pieces } from './piece.ts';
import { policyRefusal } from './refusal-pieces.ts';
import { peopleUpTo, person, STATUSES, stateIn, story } from './states.ts';
import { SWITCH_PIECES } from './switch-pieces.ts';

/** None, one, or more than anything shows; each with an id of its own, as in the store. */
const many = <T extends { requestId: string }>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.constantFrom(0, 1, 10, 11, 45), fc.array(one, { minLength: 3, maxLength: 3 }))
    .map(([count, few]) =>
      Array.from({ length: count }, (_, index) => few[index % 3]).flatMap((made, index) =>
        made ? [{ ...made, requestId: requestIdOf(index) }] : [],
      ),
    );

const pending = stateIn('pending');
const over = stateIn('denied', 'withdrawn', 'lapsed', 'ended', 'failed');
const overdue = fc.record({
  ...{ requestId: fc.constant('AR-000000'), subject: person, since: instant },
  ...{ entitlement: nameUpTo(200), role: nameUpTo(80), fault: fc.option(nameUpTo(40)) },
});
const health: fc.Arbitrary<Health> = fc.record({
  ...{ policyHash: fc.constant(HASH), policyNotLoaded: fc.boolean() },
  sweep: fc.constantFrom('never-ran', 'on-time', 'late'),
  paused: fc.array(nameUpTo(40), { maxLength: 4 }),
  stoppedSince: fc.option(instant),
  proposal: fc.option(
    fc.record({ what: fc.constantFrom('stop', 'lift'), by: person, until: instant }),
  ),
  ...{ ambiguous: fc.nat(99), stuck: fc.nat(99), overdue: many(overdue), partial: fc.boolean() },
  drift: fc.array(
    fc.record({
      container: nameUpTo(300),
      accounts: fc.array(nameUpTo(60), { minLength: 1, maxLength: 20 }),
    }),
    { maxLength: 14 },
  ),
});
const authenticator = fc.record({
  ...{ enrolledAt: instant, holdUntil: fc.option(instant), lockedUntil: fc.option(instant) },
  ...{ needsProof: fc.boolean(), recoveryCodesLeft: fc.nat(10) },
  reset: fc.constantFrom('none', 'started', 'confirmed'),
});
const open: fc.Arbitrary<OpenHome> = fc.record({
  kind: fc.constant('open'),
  waiting: many(pending).map((states) =>
    states.map((state, index) => ({ state, privileged: index % 2 === 0 })),
  ),
  extensions: many(stateIn('active')).map((states) =>
    states.flatMap((state) => (state.extension ? [{ ...state, extension: state.extension }] : [])),
  ),
  reviews: many(stateIn('active', 'removing', 'ended', 'failed')).map((states) =>
    states.map((state) => ({
      ...state,
      breakGlass: { incident: 'INC-123', reviewBy: state.requestedAt },
    })),
  ),
  scheduled: many(stateIn('scheduled')),
  active: many(stateIn('activating', 'active', 'removing')),
  ...{ pending: many(pending), recent: many(over) },
  more: fc.record({ waiting: fc.boolean(), mine: fc.boolean() }),
  halts: fc.array(arbitraryOf(StandingHalt), { maxLength: 4 }),
  ...{ authenticator: fc.option(authenticator), health: fc.option(health) },
});
const closed = fc
  .oneof(policyRefusal, fc.constant({ code: 'policy-unavailable' } as const))
  .map((refusal): HomeFacts => ({ kind: 'closed', refusal }));
const lens = fc.option(
  fc.record({ section: fc.constantFrom(...HomeSection.options), page: fc.nat(5) }),
);
const homes = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: open }, { weight: 1, arbitrary: closed }),
    lens,
    fc.option(instant),
  )
  .map(([facts, seen, sweptAt]) => home(facts, { now: START, sweptAt }, seen));

const listed = many(story.map(({ state }) => state)).map((states) =>
  states.map((state) => ({
    state,
    may:
      state.status === 'pending'
        ? (['approve', 'deny', 'withdraw'] as const)
        : state.status === 'active'
          ? (['end'] as const)
          : [],
  })),
);

const standing = fc.record({
  live: many(stateIn('active', 'removing')),
  granting: many(stateIn('activating')),
  waiting: many(pending),
  all: many(stateIn(...STATUSES)),
  complete: fc.boolean(),
});
const deciders = fc.array(
  fc.record({ rule: nameUpTo(63), count: fc.nat(10), people: peopleUpTo(60) }),
  { maxLength: 40 },
);

const target = fc.stringMatching(/^github:[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/);

export const OVERVIEW_PIECES: Readonly<Record<string, Pieces>> = {
  'home.home': homes.map((made) => [{ surface: 'home', view: { type: 'home', ...made } }]),
  'lists.listMessage': listed.map((all) =>
    (['mine', 'pending'] as const).map((list) => message(listMessage(list, all))),
  ),
  'who.whoMessage': messages(
    fc
      .record({ target: nameUpTo(200), role: fc.option(nameUpTo(80)), standing, deciders })
      .map(whoMessage),
  ),
  'digest.digestMessage': fc
    .record({ digest: arbitraryOf(Digest), hours: fc.nat(24), mayBeRepeat: fc.boolean() })
    .map(({ digest, hours, mayBeRepeat }) => {
      const now = later(hours * 3600, new Date(digest.dueAt));
      const { message: shown } = digestMessage(
        { ...digest, timezone: 'Europe/Berlin' },
        { now, mayBeRepeat },
      );
      return [message(shown)];
    }),
  'overall.overallMessage': messages(
    fc
      .record({
        ...{ policyHash: fc.constantFrom(HASH, null), policyNotLoaded: fc.boolean() },
        ...{ sweptAt: fc.option(instant), stoppedSince: fc.option(instant) },
        paused: fc.array(nameUpTo(40), { maxLength: 12 }),
      })
      .map((facts) => overallMessage({ now: START, ...facts })),
  ),
  ...SWITCH_PIECES,
  'help.requestHelp': messages(
    fc.uniqueArray(target, { maxLength: 40 }).map((offered) =>
      requestHelp({
        offered,
        targets: new Map(offered.map((each) => [each, ['member', 'maintainer']])),
      }),
    ),
  ),
  'help.accessHelp': fixed(message(accessHelp())),
  'help.cancelled': fixed(message(cancelled().message)),
};
