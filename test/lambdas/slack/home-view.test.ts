import { home } from '../../../lambdas/slack/views/home.ts';
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { problemsOfView } from '../../../local/slack/block-kit/view.ts';
import type {
  Beside,
  HomeFacts,
  MyAuthenticator,
  OpenHome,
} from '../../../shared/application/home-facts.ts';
import type { Health } from '../../../shared/application/home-health.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { HomeSection } from '../../../shared/domain/home.ts';
import { requestIdOf } from '../../support/bench.ts';
import { HASH, HISTORIES, iso, START } from '../../support/samples.ts';
import { buttonsIn, textOf } from './story.ts';

const beside: Beside = { now: START, sweptAt: iso(-30) };

/** As long and as hostile as the schemas let a name be: invisible, right-to-left, pings, quotes of Slack's markup. */
const HOSTILE = {
  id: `<!channel>\`*_~&<@U0BO>\u202E\u0000${'\u{E0001}'.repeat(80)}`,
  role: '\u202E'.repeat(80),
};
HOSTILE.id = HOSTILE.id.slice(0, 200);

type Known = KnownRequest['status'];
function state<S extends Known>(status: S, number = 1, names: typeof HOSTILE | null = null) {
  const made = replay(HISTORIES[status]);
  if (made.status === 'new' || !isIn(made, status)) throw new Error(`No history of ${status}`);
  const entitlement = names ? { ...made.entitlement, ...names } : made.entitlement;
  return { ...made, requestId: requestIdOf(number), entitlement };
}
const isIn = <S extends Known>(
  made: KnownRequest,
  status: S,
): made is Extract<KnownRequest, { status: S }> => made.status === status;

const many = <T>(count: number, one: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => one(index + 1));

const HEALTH: Health = {
  ...{ policyHash: HASH, policyNotLoaded: false },
  sweep: 'on-time',
  paused: [],
  stoppedSince: null,
  proposal: null,
  ambiguous: 0,
  stuck: 0,
  overdue: [],
  drift: [],
  partial: false,
};
const MINE: MyAuthenticator = {
  enrolledAt: iso(),
  holdUntil: null,
  lockedUntil: null,
  needsProof: false,
  recoveryCodesLeft: 10,
  reset: 'none',
};
const open = (part: Partial<OpenHome> = {}): OpenHome => ({
  kind: 'open',
  waiting: [],
  extensions: [],
  reviews: [],
  active: [],
  scheduled: [],
  pending: [],
  recent: [],
  more: { waiting: false, mine: false },
  authenticator: MINE,
  halts: [],
  health: null,
  ...part,
});

/** Live access for which more time is asked. */
function wantsMore(number: number, names: typeof HOSTILE | null = null) {
  const live = state('active', number, names);
  const extension = {
    ...{ contentHash: HASH, policyHash: HASH, bySeconds: 3600, approvalsNeeded: 1 },
    ...{ askedBy: live.requester, askedAt: iso(), approvals: [], nudgedAt: [] },
  };
  return { ...live, extension };
}

const GLASS = { incident: 'INC-123', reviewBy: iso(86_400) };

/** Every section with so many rows. */
function full(count: number, names: typeof HOSTILE | null = null): OpenHome {
  const over = ['denied', 'withdrawn', 'lapsed', 'ended', 'failed'] as const;
  const live = ['activating', 'active', 'removing'] as const;
  return open({
    waiting: many(count, (n) => ({ state: state('pending', n, names), privileged: true })),
    extensions: many(count, (n) => wantsMore(n, names)),
    active: many(count, (n) =>
      n % 2 === 0 ? wantsMore(n, names) : state(live[n % 3] ?? 'active', n, names),
    ),
    reviews: many(count, (n) => ({ ...state('ended', n, names), breakGlass: GLASS })),
    scheduled: many(count, (n) => state('scheduled', n, names)),
    pending: many(count, (n) => state('pending', n, names)),
    recent: many(count, (n): KnownRequest => state(over[n % 5] ?? 'ended', n, names)),
    more: { waiting: true, mine: true },
    health: {
      ...HEALTH,
      sweep: 'late',
      partial: true,
      paused: ['all', names?.role ?? 'github'],
      ambiguous: count,
      stuck: count,
      overdue: many(count, (n) => ({
        requestId: requestIdOf(n),
        subject: 'U0ANA',
        entitlement: names?.id ?? 'github:acme/deployers',
        role: names?.role ?? 'member',
        since: iso(),
        fault: 'timeout',
      })),
      drift: many(count, (n) => ({
        container: `${names?.id ?? 'github:team:acme/deployers'}${n}`,
        accounts: many(count, (each) => `${each}`.repeat(names ? 30 : 1)),
      })),
    },
  });
}

const viewOf = (facts: HomeFacts, lens: Parameters<typeof home>[2] = null) => ({
  type: 'home',
  ...home(facts, beside, lens),
});
const said = (facts: HomeFacts): string => textOf(home(facts, beside, null).blocks);

describe.each([0, 1, 10, 11, 500])('with %d rows in every section', (count) => {
  test.each([
    ['plain', null],
    ['hostile', HOSTILE],
  ])('%s names stay within every limit of Slack, on every page', (_, names) => {
    const facts = full(count, names);
    const lenses = HomeSection.options.flatMap((section) =>
      [0, 1, Math.ceil(count / 10)].map((page) => ({ section, page })),
    );
    for (const lens of [null, ...lenses]) {
      const view = viewOf(facts, lens);
      expect(problemsOfView(view, 'home')).toEqual([]);
      expect(view.blocks.length).toBeLessThanOrEqual(LIMITS.view.blocks);
      expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(LIMITS.view.bytes);
    }
    const sent = JSON.stringify(viewOf(facts));
    expect(['<!channel>', '\u202E', '\u{E0001}'].filter((part) => sent.includes(part))).toEqual([]);
  });
});

test('where every section is long, each shows fewer rows, so that all of them are there', () => {
  const { blocks } = home(full(500), beside, null);
  const headers = blocks.filter(({ type }) => type === 'header').map((block) => textOf(block));
  expect(headers).toEqual([
    expect.stringMatching(/^Waiting for you \(1–[357] of 500\+\)/),
    expect.stringContaining('More time asked of you (1–3 of 500)'),
    ...['Reviews owed', 'Active now', 'Scheduled', 'Pending', 'Recent', 'My authenticator'].map(
      (title) => expect.stringContaining(title),
    ),
    ...['Health', 'Overdue', 'Drift'].map((title) => expect.stringContaining(title)),
  ]);
});

test('more time that others ask for is offered with both answers, by what it would end then', () => {
  const asked = wantsMore(4);
  const shown = home(open({ extensions: [asked] }), beside, null).blocks;
  expect(textOf(shown)).toMatch(/<@U0ANA> asks for \*1h more\*: until <!date.*instead of <!date/);
  const pressed = { id: asked.requestId, v: asked.version };
  expect(buttonsIn(shown.filter(({ block_id }) => block_id?.startsWith('home-more-')))).toEqual([
    { action: 'approve-extension', ...pressed },
    { action: 'deny-extension', ...pressed },
  ]);
});

test('my own extension that waits is shown with its two ways out, and a nudge until there were enough', () => {
  const asked = wantsMore(4);
  const idsOf = (nudges: number) => {
    const extension = { ...asked.extension, nudgedAt: Array.from({ length: nudges }, () => iso()) };
    const { blocks } = home(open({ active: [{ ...asked, extension }] }), beside, null);
    expect(textOf(blocks)).toContain('More time is asked for: 1h, not decided yet');
    return buttonsIn(blocks.filter(({ block_id }) => block_id?.startsWith('home-grant-'))).map(
      ({ action }) => action,
    );
  };
  expect(idsOf(2)).toEqual(['withdraw', 'nudge', 'end']);
  expect(idsOf(3)).toEqual(['withdraw', 'end']);
});

test('who is no admin reads in one calm line that new access is stopped, by whom, and whom to ask', () => {
  const halts = [
    { kind: 'stopped', since: iso(), proposedBy: 'U0CY', confirmedBy: 'U0DEE' },
    { kind: 'paused', scope: 'github', since: iso(), by: { kind: 'person', id: 'U0DEE' } },
    { kind: 'paused', scope: 'all', since: iso(), by: { kind: 'operator' } },
  ] as const;
  const [first] = home(open({ halts: [...halts] }), beside, null).blocks;
  expect(textOf(first)).toMatch(
    /Everything is stopped\* since <!date.*by <@U0CY> and <@U0DEE>: no new access.*paused\* for `github`.*for every provider since.*by an operator.*Ask <@U0DEE> or <@U0CY> when it goes on\./s,
  );
  expect(textOf(first)).not.toContain(':rotating_light:');
  const [other] = home(open({ halts: [halts[2]] }), beside, null).blocks;
  expect(textOf(other)).toContain('Ask an admin when it goes on.');
  expect(said(open())).not.toMatch(/stopped|paused/);
});

test.each([
  ['pending', 10],
  ['recent', 3],
  ['reviews', 3],
  ['scheduled', 3],
] as const)(
  '%s: %d rows need no second page, one more does, and the pages hold every row once',
  (section, most) => {
    const pages = `"home-${section}-pages"`;
    const only = (count: number) => open({ [section]: full(count)[section] });
    expect(JSON.stringify(viewOf(only(most)))).not.toContain(pages);
    const facts = only(most + 1);
    const name = section === 'reviews' ? 'review' : section;
    const shown = (page: number) =>
      JSON.stringify(home(facts, beside, { section, page }).blocks).match(
        new RegExp(`home-${name}-AR-[0-9A-Z]{6}`, 'g'),
      );
    expect(JSON.stringify(viewOf(facts))).toContain(pages);
    expect(shown(0)).toHaveLength(most);
    expect(shown(1)).toHaveLength(1);
    expect(new Set([...(shown(0) ?? []), ...(shown(1) ?? [])]).size).toBe(most + 1);
    expect(shown(9999)).toEqual(shown(1));
  },
);

test('what is approved ahead says when it begins; a window offers to start it, and nothing else does', () => {
  const atNight = state('scheduled', 1);
  const start = { notBefore: iso(36_000), until: iso(40_000) };
  const facts = open({ scheduled: [atNight, { ...state('scheduled', 2), start }] });
  const words = said(facts);
  expect(words).toContain('Scheduled (2)');
  expect(words).toContain('Begins ');
  expect(words).toContain('Its holder may start it between');
  const drawn = JSON.stringify(home(facts, beside, null).blocks);
  expect(drawn.match(/"action_id":"start"/g)).toHaveLength(1);
  expect(drawn.match(/"action_id":"withdraw"/g)).toHaveLength(1);
});

test('a review that is owed is offered with its deadline; without one the section is not there', () => {
  const owed = { ...state('ended', 1), breakGlass: GLASS };
  const words = said(open({ reviews: [owed] }));
  expect(words).toContain('Reviews owed (1)');
  expect(words).toContain('Review owed* by');
  expect(said(open({ reviews: [{ ...owed, reviewOverdueAt: iso(86_460) }] }))).toContain(
    'REVIEW OVERDUE',
  );
  expect(said(open())).not.toMatch(/Reviews owed|Scheduled/);
});

test('a page button says which page of which section and nothing else', () => {
  const { blocks } = home(full(30), beside, { section: 'pending', page: 1 });
  const pager = blocks.find((block) => block.block_id === 'home-pending-pages');
  const values = JSON.stringify(pager).match(/"value":"[^}]+}"/g);
  expect(values).toEqual([
    '"value":"{\\"section\\":\\"pending\\",\\"page\\":2}"',
    '"value":"{\\"section\\":\\"pending\\",\\"page\\":0}"',
  ]);
});

test('buttons carry the id and the version of the state they were drawn from, under the ids of the card', () => {
  const waiting = state('pending', 7);
  const { blocks } = home(open({ waiting: [{ state: waiting, privileged: false }] }), beside, null);
  expect(buttonsIn(blocks)).toEqual([
    { action: 'approve', id: waiting.requestId, v: waiting.version },
    { action: 'deny', id: waiting.requestId, v: waiting.version },
  ]);
  const active = state('active', 8);
  const pending = state('pending', 9);
  const shown = home(open({ active: [active], pending: [pending] }), beside, null).blocks;
  expect(buttonsIn(shown.filter((block) => block.block_id?.startsWith('home-grant-')))).toEqual([
    { action: 'extend', id: active.requestId, v: active.version },
    { action: 'end', id: active.requestId, v: active.version },
  ]);
  const side = shown.flatMap((block) =>
    'accessory' in block && block.accessory ? [block.accessory] : [],
  );
  expect(side).toMatchObject([{ action_id: 'enroll' }]);
  const mine = shown.filter((block) => block.block_id?.startsWith('home-mine-'));
  expect(buttonsIn(mine)).toEqual([
    { action: 'withdraw', id: pending.requestId, v: pending.version },
    { action: 'nudge', id: pending.requestId, v: pending.version },
  ]);
});

test.each([
  ['activating', /granting…\* ends <!date/, false],
  ['active', /until <!date\^[0-9]+\^\{date_short_pretty\} at \{time\}\|.*verified/, true],
  ['removing', /ending…\* not verified yet/, false],
] as const)(
  'what is %s is called so, and only what is active can be ended',
  (status, words, can) => {
    const facts = open({ active: [state(status)] });
    expect(said(facts)).toMatch(words);
    expect(JSON.stringify(viewOf(facts)).includes('"action_id":"end"')).toBe(can);
  },
);

test.each([
  ['denied', /\*denied\* by <@U0BO>/],
  ['withdrawn', /\*withdrawn\* by <@U0ANA>/],
  ['lapsed', /\*lapsed unanswered\*/],
  ['ended', /\*ended\* on its own, verified/],
  ['failed', /\*failed\*, `account-not-found`/],
] as const)('what was %s says so, and can only be asked for again', (status, words) => {
  const facts = open({ recent: [state(status)] });
  expect(said(facts)).toMatch(words);
  const ids = JSON.stringify(viewOf(facts)).match(/"action_id":"[^"]+"/g);
  expect(ids).toEqual(['ask', 'ask-again', 'enroll'].map((id) => `"action_id":"${id}"`));
});

test.each<[string, MyAuthenticator | null, RegExp]>([
  ['none', null, /You have none yet.*Set up my authenticator/s],
  ['one that is ready', MINE, /Set up <!date.* · ready.*Replace/s],
  ['one on hold', { ...MINE, holdUntil: iso(60) }, /\*On hold\*: it may approve from <!date/],
  ['one that is locked', { ...MINE, lockedUntil: iso(60) }, /\*Locked\* until <!date/],
  [
    'one that an admin wants to reset',
    { ...MINE, reset: 'started' },
    /An admin wants to \*reset\* it/,
  ],
  ['one that is being reset', { ...MINE, reset: 'confirmed' }, /does not count/],
  ['one with few recovery codes', { ...MINE, recoveryCodesLeft: 1 }, /\*1\*.*authenticator codes/],
  ['one that no code helps', { ...MINE, needsProof: true }, /no code helps any more/],
])('my authenticator: %s', (_, authenticator, words) => {
  expect(said(open({ authenticator }))).toMatch(words);
});

test('only an admin sees health; what must not be overlooked stands first', () => {
  expect(said(open())).not.toMatch(/Health|Overdue|Drift|Sweep/);
  const facts = full(2);
  const [first, second] = home(facts, beside, null).blocks;
  expect(textOf(first)).toContain('STILL HAS ACCESS past its end: 2');
  expect(textOf(second)).toContain('The sweep is late');
  expect(said(open({ health: HEALTH }))).toMatch(
    /Sweep: on time, last <!date.*Nobody has access past its end.*Nobody is a member without a grant/s,
  );
});

test('a stop that stands and a proposal that waits come before everything else on an admin’s Home', () => {
  const proposal = { what: 'lift', by: 'U0CY', until: iso(600) } as const;
  const health = { ...HEALTH, stoppedSince: iso(0), proposal };
  const [first, second, third] = home(open({ health }), beside, null).blocks;
  expect(textOf(first)).toContain('Everything is stopped');
  expect(textOf(second)).toContain('<@U0CY> wants to lift the stop');
  expect(JSON.stringify(third)).toContain('red-button-open');
});

test.each([
  [
    { code: 'unknown-person', person: 'U0EVE' },
    /<@U0EVE> is not listed.*Ask an owner of the policy/s,
  ],
  [{ code: 'not-a-full-member', person: 'U0GUEST', why: 'guest' }, /full members/],
  [{ code: 'policy-unavailable' }, /no access policy in force/],
] as const)(
  'who has no Home here reads why and whom to ask, and finds no button: %j',
  (refusal, words) => {
    const facts = { kind: 'closed', refusal } as const;
    expect(problemsOfView(viewOf(facts), 'home')).toEqual([]);
    expect(said(facts)).toMatch(words);
    expect(said(facts)).toContain(refusal.code);
    expect(JSON.stringify(viewOf(facts))).not.toContain('action_id');
  },
);
