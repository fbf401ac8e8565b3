/** What each change of a small policy gives and takes, to the word: the whole answer, so that nothing more and nothing less is told. */
import { diffRights, effectiveRights } from '../../../shared/domain/policy/diff.ts';
import { Policy } from '../../../shared/domain/policy/policy.ts';

const ask = {
  id: 'ask',
  entitlements: ['*'],
  requesters: { roles: ['dev'] },
  max_duration: '2h',
  approvals: [{ from: { roles: ['lead'] } }],
};
const glass = {
  id: 'glass',
  entitlements: ['*'],
  requesters: { roles: ['dev'] },
  break_glass: { max_duration: '2h', per_person_per_week: 3, review_within: '24h' },
};
const ban = { id: 'ban', entitlements: ['*'], requesters: { roles: ['guest'] }, deny: true };
const wide = { ...ask, id: 'wide', requesters: { roles: ['ops'] }, max_duration: '8h' };
const person = (name: string, roles: readonly string[], more: object = {}) => ({
  [name]: { slack: `U0${name.toUpperCase()}`, roles, accounts: { github: name }, ...more },
});
const people = { ...person('ana', ['dev']), ...person('bo', ['lead']) };
const team = { provider: 'github', kind: 'team', resource: 'a/x', roles: ['member'] };
const entitlements = { 'github:a/x': team };
const two = { ...entitlements, 'github:a/y': { ...team, roles: ['owner'] } };
const ops = { ops: { slack_usergroup: 'S0OPS', roles: ['ops'] } };
const freeze = (except?: object) => [
  { name: 'year-end', from: '2026-12-20T00:00', to: '2027-01-02T00:00', ...(except && { except }) },
];

const small = (changes: object = {}): Policy =>
  Policy.parse({
    ...{ version: 1, timezone: 'Europe/Berlin' },
    roles: { dev: {}, lead: {}, guest: {}, ops: {}, admin: {}, auditor: {} },
    ...{ people, entitlements, rules: [ask], ...changes },
  });

/** `ask gained - > ask: U0ANA at github:a/x`, and `key rules` for a key at the top. */
function told(before: object, now: object, mostPairs?: number): string[] {
  const { changes, widerAtTheTop } = diffRights(small(before), small(now), mostPairs);
  return [
    ...changes.map(
      ({ right, effect, before: was, now: is, people: who, entitlements: what }) =>
        `${right} ${effect} ${was ?? '-'} > ${is ?? '-'}: ${who.join(' ')} at ${what.join(' ')}`,
    ),
    ...widerAtTheTop.map((key) => `key ${key}`),
  ];
}
const ASKS = 'ask gained - > ask: U0ANA at github:a/x';
const APPROVES = 'approve gained - > ask: U0BO at github:a/x';

describe('what somebody may ask for and approve', () => {
  test.each<[string, object, object, string[]]>([
    ['nothing', {}, {}, []],
    ['a first rule', { rules: [] }, { rules: [ask] }, [ASKS, APPROVES]],
    [
      'no rule any more',
      { rules: [ask] },
      { rules: [] },
      ['ask lost ask > -: U0ANA at github:a/x', 'approve lost ask > -: U0BO at github:a/x'],
    ],
    [
      'a rule with another name',
      {},
      { rules: [{ ...ask, id: 'new' }] },
      ['approve gained - > new: U0BO at github:a/x', 'approve lost ask > -: U0BO at github:a/x'],
    ],
    ['an entitlement', { entitlements: {} }, { entitlements }, [ASKS, APPROVES]],
    [
      'a person, among the roles of a rule one that is theirs',
      {
        rules: [{ ...ask, requesters: { roles: ['guest', 'dev'] } }],
        people: person('bo', ['lead']),
      },
      { rules: [{ ...ask, requesters: { roles: ['guest', 'dev'] } }] },
      [ASKS],
    ],
    [
      'people whose roles and accounts are written in another order: one change',
      { people: person('bo', ['lead']) },
      {
        people: {
          ...person('bo', ['lead']),
          ...person('cy', ['dev', 'guest'], { accounts: { github: 'cy', gitlab: 'cy' } }),
          ...person('dee', ['guest', 'dev'], { accounts: { gitlab: 'dee', github: 'dee' } }),
        },
      },
      ['ask gained - > ask: U0CY U0DEE at github:a/x'],
    ],
    [
      'entitlements that are alike: one change',
      { rules: [], entitlements: { ...entitlements, 'github:a/y': { ...team, resource: 'a/y' } } },
      {
        entitlements: { ...entitlements, 'github:a/y': { ...team, resource: 'a/y', owner: 'bo' } },
      },
      [
        'ask gained - > ask: U0ANA at github:a/x github:a/y',
        'approve gained - > ask: U0BO at github:a/x github:a/y',
      ],
    ],
    [
      'entitlements that are not alike: two',
      { rules: [], entitlements: { ...entitlements, 'github:a/y': { ...team, roles: ['owner'] } } },
      {
        rules: [{ ...ask, approvals: [{ from: { roles: ['admin'] } }] }],
        entitlements: { ...entitlements, 'github:a/y': { ...team, roles: ['owner'] } },
      },
      [ASKS, 'ask gained - > ask: U0ANA at github:a/y'],
    ],
    [
      'a place for one of two groups of approvers',
      { rules: [{ ...ask, approvals: [{ from: { roles: ['admin'] } }] }] },
      {
        rules: [
          { ...ask, approvals: [{ from: { roles: ['admin'] } }, { from: { people: ['bo'] } }] },
        ],
      },
      ['ask narrower ask > ask: U0ANA at github:a/x', APPROVES],
    ],
    [
      'a place for one of two with the same roles, by name',
      { people: { ...people, ...person('cy', ['lead']) }, rules: [] },
      {
        people: { ...people, ...person('cy', ['lead']) },
        rules: [{ ...ask, approvals: [{ from: { people: ['bo'] } }] }],
      },
      [ASKS, APPROVES],
    ],
    [
      'asking for one of two with the same roles',
      { people: { ...people, ...person('cy', ['lead']) } },
      {
        people: { ...people, ...person('cy', ['lead']) },
        rules: [{ ...ask, subjects: { people: ['cy'] } }],
      },
      ['ask wider ask > ask: U0ANA at github:a/x', 'hold gained - > ask: U0CY at github:a/x'],
    ],
    [
      'asking for somebody without an account there, or whom a rule denies it',
      {
        people: {
          ...person('bo', ['lead'], { accounts: { gitlab: 'bo' } }),
          ...person('cy', ['guest']),
          ...person('dee', ['ops']),
        },
        rules: [ask, ban],
      },
      {
        people: {
          ...person('bo', ['lead'], { accounts: { gitlab: 'bo' } }),
          ...person('cy', ['guest']),
          ...person('dee', ['ops']),
        },
        rules: [{ ...ask, subjects: { roles: ['lead', 'guest', 'ops'] } }, ban],
      },
      ['hold gained - > ask: U0DEE at github:a/x'],
    ],
    ['a rule that denies it to others', {}, { rules: [ask, ban] }, []],
    [
      'a rule that denies it to everybody: who approves is another matter',
      {},
      { rules: [ask, { id: 'no', entitlements: ['*'], deny: true }] },
      ['ask lost ask > -: U0ANA at github:a/x'],
    ],
    [
      'a rule for several people by name',
      {},
      { rules: [{ ...ask, requesters: { people: ['cy', 'bo', 'dee'], roles: ['dev'] } }] },
      ['ask gained - > ask: U0BO at github:a/x'],
    ],
    [
      'an account at the provider',
      { people: { ...people, ana: { slack: 'U0ANA', roles: ['dev'] } } },
      {},
      [ASKS],
    ],
  ])('%s', (_, before, now, expected) => {
    expect(told(before, now)).toEqual(expected);
  });

  test('the same, counted by pairs of a person and an entitlement', () => {
    const two = {
      people: { ...people, ...person('cy', ['dev', 'admin']) },
      entitlements: { ...entitlements, 'github:a/y': { ...team, resource: 'a/y' } },
    };
    const diff = diffRights(small({ ...two, people, rules: [] }), small(two));
    expect(diff).toMatchObject({
      counts: { gained: 2 * 2 + 2 + 1, lost: 0, wider: 0, narrower: 0 },
      ...{ widens: true, truncated: false, widerAtTheTop: [] },
    });
    expect(diff.changes[0]).toEqual({
      ...{ right: 'power', effect: 'gained', before: null, now: 'admin' },
      ...{ people: ['U0CY'], entitlements: [] },
    });
    expect(diffRights(small(two), small({ ...two, people, rules: [] }))).toMatchObject({
      counts: { gained: 0, lost: 7, wider: 0, narrower: 0 },
      widens: false,
    });
  });
});

describe('on which terms', () => {
  const allOf = (changes: object) => ({ rules: [{ ...ask, ...changes }] });
  const glassOf = (changes: object) => ({
    rules: [{ ...glass, break_glass: { ...glass.break_glass, ...changes } }],
  });
  const thing = (changes: object) => ({ entitlements: { 'github:a/x': { ...team, ...changes } } });
  const both = { people: person('ana', ['dev'], { accounts: { github: 'ana', gitlab: 'ana' } }) };
  test.each<[string, object, object, string[]]>([
    ['a shorter time', {}, allOf({ max_duration: '1h' }), ['ask narrower ask > ask']],
    ['a longer time', {}, allOf({ max_duration: '3h' }), ['ask wider ask > ask']],
    [
      'another order of its keys',
      allOf({ code: [], limits: {} }),
      allOf({ limits: {}, code: [] }),
      [],
    ],
    ['break-glass', { rules: [] }, { rules: [glass] }, ['break-glass gained - > glass']],
    ['no break-glass', { rules: [glass] }, { rules: [] }, ['break-glass lost glass > -']],
    [
      'break-glass for an ask',
      { rules: [{ ...ask, approvals: [{ from: { roles: ['admin'] } }] }] },
      { rules: [glass] },
      ['ask lost ask > -', 'break-glass gained - > glass'],
    ],
    [
      'shorter break-glass',
      glassOf({}),
      glassOf({ max_duration: '1h' }),
      ['break-glass narrower glass > glass'],
    ],
    [
      'longer break-glass',
      glassOf({}),
      glassOf({ max_duration: '3h' }),
      ['break-glass wider glass > glass'],
    ],
    [
      'rarer break-glass',
      glassOf({}),
      glassOf({ per_person_per_week: 2 }),
      ['break-glass narrower glass > glass'],
    ],
    [
      'more break-glass',
      glassOf({}),
      glassOf({ per_person_per_week: 4 }),
      ['break-glass wider glass > glass'],
    ],
    [
      'a sooner review',
      glassOf({}),
      glassOf({ review_within: '12h' }),
      ['break-glass narrower glass > glass'],
    ],
    [
      'a later review',
      glassOf({}),
      glassOf({ review_within: '48h' }),
      ['break-glass wider glass > glass'],
    ],
    [
      'no incident',
      glassOf({}),
      glassOf({ incident: 'optional' }),
      ['break-glass wider glass > glass'],
    ],
    [
      'break-glass told elsewhere',
      glassOf({}),
      { rules: [{ ...glass, channel: 'C0X' }] },
      ['break-glass narrower glass > glass'],
    ],
    ['another kind', {}, thing({ kind: 'project' }), ['ask wider ask > ask']],
    [
      'another provider',
      both,
      { ...both, ...thing({ provider: 'gitlab' }) },
      ['ask wider ask > ask'],
    ],
    ['a role more', {}, thing({ roles: ['member', 'owner'] }), ['ask wider ask > ask']],
    ['a role less', thing({ roles: ['member', 'owner'] }), {}, []],
    ['not exclusive', thing({ exclusive: true }), {}, ['ask wider ask > ask']],
    ['exclusive', {}, thing({ exclusive: true }), []],
    ['not privileged', thing({ privileged: true }), {}, ['ask wider ask > ask']],
    ['privileged', {}, thing({ privileged: true }), []],
    [
      'looser limits than the policy has for all',
      { limits: { asks_per_hour: 2 } },
      { limits: { asks_per_hour: 2 }, ...allOf({ limits: { asks_per_hour: 100 } }) },
      ['ask wider ask > ask'],
    ],
    [
      'stricter limits than the policy has for all',
      { limits: { asks_per_hour: 2 } },
      { limits: { asks_per_hour: 2 }, ...allOf({ limits: { asks_per_hour: 1 } }) },
      ['ask narrower ask > ask'],
    ],
    [
      'no limits of its own, and those of the policy are as strict',
      { limits: { asks_per_hour: 2 }, ...allOf({ limits: { asks_per_hour: 2 } }) },
      { limits: { asks_per_hour: 2 } },
      ['ask narrower ask > ask'],
    ],
  ])('%s', (_, before, now, expected) => {
    const mine = told(before, now).filter((each) => !/^approve|^key/.test(each));
    expect(mine).toEqual(expected.map((each) => `${each}: U0ANA at github:a/x`));
  });

  test('each of two pairs of rules is compared by itself', () => {
    const second = { ...ask, id: 'second', requesters: { roles: ['ops'] } };
    const two = { people: { ...people, ...person('cy', ['ops']) } };
    expect(
      told(
        { ...two, rules: [ask, second] },
        {
          ...two,
          rules: [
            { ...ask, max_duration: '1h' },
            { ...second, max_duration: '3h' },
          ],
        },
      ),
    ).toEqual([
      'ask narrower ask > ask: U0ANA at github:a/x',
      'ask wider second > second: U0CY at github:a/x',
    ]);
  });
});

describe('whoever is in a group', () => {
  test.each<[string, object, object, string[]]>([
    [
      'gets what its roles, and those they include, give at any provider',
      { roles: { dev: {}, ops: { includes: ['dev'] } }, groups: {} },
      { roles: { dev: {}, ops: { includes: ['dev'] } }, groups: ops },
      ['ask gained - > ask: group:ops at github:a/x', 'key groups'],
    ],
    [
      'gets the powers of a role',
      {},
      { groups: { all: { slack_usergroup: 'S0ALL', roles: ['auditor'] } } },
      ['power gained - > auditor: group:all at ', 'key groups'],
    ],
    [
      'is nobody whom a rule names',
      { groups: ops, rules: [] },
      { groups: ops, rules: [{ ...ask, requesters: { people: ['ops'] } }] },
      [APPROVES, 'key rules'],
    ],
    [
      'is not a person with a name like it',
      { people: { ...people, ...person('ops', ['lead']) }, groups: ops },
      { people: { ...people, ...person('ops', ['lead']) }, groups: {} },
      ['key groups'],
    ],
    [
      'is told by the key alone where its place changes',
      { groups: ops },
      { groups: { ops: { ...ops.ops, slack_usergroup: 'S0NEW' } } },
      ['key groups'],
    ],
  ])('%s', (_, before, now, expected) => {
    expect(told(before, now)).toEqual(expected);
  });

  test.each<[string, object, object, string[]]>([
    [
      'loses a role that a rule denied',
      { people: { ...people, ...person('cy', ['guest']) }, rules: [wide, ban] },
      { people: { ...people, ...person('cy', []) }, rules: [wide, ban] },
      ['key people'],
    ],
    [
      'loses a role by which a stricter rule came first',
      { people: { ...people, ...person('cy', ['dev']) }, rules: [ask, wide] },
      { people: { ...people, ...person('cy', []) }, rules: [ask, wide] },
      ['ask lost ask > -: U0CY at github:a/x', 'key people'],
    ],
    [
      'loses a role by which a rule came first that was no stricter',
      {
        people: { ...people, ...person('cy', ['dev']) },
        rules: [ask, { ...wide, max_duration: '1h' }],
      },
      {
        people: { ...people, ...person('cy', []) },
        rules: [ask, { ...wide, max_duration: '1h' }],
      },
      ['ask lost ask > -: U0CY at github:a/x'],
    ],
    [
      'is listed for the first time, without a role of their own',
      { rules: [wide] },
      { people: { ...people, ...person('cy', []) }, rules: [wide] },
      ['key people'],
    ],
    [
      'is listed for the first time, and a rule reaches one of two entitlements',
      { rules: [{ ...wide, entitlements: ['github:a/x'] }], entitlements: two },
      {
        rules: [{ ...wide, entitlements: ['github:a/x'] }],
        entitlements: two,
        people: { ...people, ...person('cy', []) },
      },
      ['key people'],
    ],
    [
      'is listed no more',
      { people: { ...people, ...person('cy', []) }, rules: [wide] },
      { rules: [wide] },
      [],
    ],
    [
      'gets an account',
      { people: { ...people, ...person('cy', [], { accounts: {} }) }, rules: [wide] },
      { people: { ...people, ...person('cy', []) }, rules: [wide] },
      ['key people'],
    ],
    [
      'gets no more in a group than alone',
      { people: { ...people, ...person('cy', []) } },
      { people: { ...people, ...person('cy', ['dev']) } },
      ['ask gained - > ask: U0CY at github:a/x'],
    ],
    [
      'gets a role that gives nothing',
      { people: { ...people, ...person('cy', []) } },
      { people: { ...people, ...person('cy', ['guest']) } },
      [],
    ],
  ])('and with their own roles %s', (_, before, now, expected) => {
    const groups = { none: { slack_usergroup: 'S0NONE', roles: [] }, ...ops };
    expect(told({ groups, ...before }, { groups, ...now })).toEqual(expected);
  });
});

describe('what no pair of a person and an entitlement shows', () => {
  const accounts = (github: string) => ({
    people: { ...people, ...person('ana', ['dev'], { accounts: { gitlab: 'ana', github } }) },
  });
  const mail = (email: string) => ({ people: { ...people, ...person('ana', ['dev'], { email }) } });
  const second = { ...ask, id: 'second', requesters: { roles: ['ops'] } };
  test.each<[string, object, object, string[]]>([
    ['another login of several', accounts('ana'), accounts('mallory'), ['key accounts']],
    ['another address', mail('a@acme.example'), mail('b@acme.example'), ['key accounts']],
    ['the same address', mail('a@acme.example'), mail('a@acme.example'), []],
    ['no address any more', mail('a@acme.example'), {}, ['key accounts']],
    ['an address where none was', {}, mail('a@acme.example'), []],
    [
      'rules in another order, with a group',
      { groups: ops, rules: [second, ask] },
      { groups: ops, rules: [ask, second] },
      ['key rules'],
    ],
    ['rules in another order, without one', { rules: [second, ask] }, { rules: [ask, second] }, []],
    [
      'other terms of a rule, with a group',
      { groups: ops },
      { groups: ops, rules: [{ ...ask, channel: 'C0NEW' }] },
      ['ask narrower ask > ask: U0ANA at github:a/x'],
    ],
    [
      'a person whom a freeze excepts by a role they got',
      { freeze: freeze({ roles: ['admin', 'guest'] }) },
      {
        freeze: freeze({ roles: ['admin', 'guest'] }),
        people: { ...people, ...person('ana', ['dev', 'guest']) },
      },
      ['key freeze'],
    ],
    [
      'a group that a freeze excepts by a role that another includes',
      { freeze: freeze({ roles: ['guest'] }), groups: ops },
      {
        freeze: freeze({ roles: ['guest'] }),
        groups: ops,
        roles: { dev: {}, lead: {}, guest: {}, ops: { includes: ['guest'] } },
      },
      ['key freeze'],
    ],
    [
      'somebody new whom it excepts',
      { freeze: [...freeze(), ...freeze({ roles: ['guest'] })] },
      {
        freeze: [...freeze(), ...freeze({ roles: ['guest'] })],
        people: { ...people, ...person('cy', ['guest']) },
      },
      ['key freeze'],
    ],
    [
      'somebody whom it excepted before',
      { freeze: freeze({ people: ['ana'] }) },
      {
        freeze: freeze({ people: ['ana'] }),
        people: { ...people, ...person('ana', ['dev', 'guest']) },
      },
      [],
    ],
    [
      'a freeze that excepts nobody',
      { freeze: freeze() },
      { freeze: freeze(), people: { ...people, ...person('ana', ['dev', 'guest']) } },
      [],
    ],
    [
      'another exception, told once',
      { freeze: freeze() },
      { freeze: freeze({ people: ['ana'] }) },
      ['key freeze'],
    ],
  ])('%s', (_, before, now, expected) => {
    expect(told(before, now)).toEqual(expected);
  });
});

describe('more pairs than are compared', () => {
  const now = {
    people: { ...people, ...person('cy', ['dev', 'admin']) },
    entitlements: { ...entitlements, 'github:a/y': { ...team, roles: ['owner'] } },
  };
  const before = { ...now, people: { ...people, ...person('cy', ['dev']) }, rules: [] };

  test('are not: only what needs no pairs is told, and it counts as wider', () => {
    const { truncated, widens, counts } = diffRights(small(now), small(before), 5);
    expect({ truncated, widens, counts }).toEqual({
      ...{ truncated: true, widens: true },
      counts: { gained: 0, lost: 1, wider: 0, narrower: 0 },
    });
    expect(told(now, before, 5)).toEqual(['power lost admin > -: U0CY at ']);
  });

  test('exactly as many are', () => {
    expect(diffRights(small(now), small(before), 6)).toMatchObject({
      ...{ truncated: false, widens: false },
      counts: { gained: 0, lost: 1 + 2 * 2 + 2, wider: 0, narrower: 0 },
    });
  });

  test('of people in groups count as wider', () => {
    const three = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [
        name,
        { slack_usergroup: `S0${name.toUpperCase()}0`, roles: [] },
      ]),
    );
    const changed = (roles: readonly string[]) => ({
      groups: three,
      people: person('ana', roles),
      entitlements: Object.fromEntries(
        Array.from({ length: 4 }, (_, i) => [`github:a/${i}`, { ...team, roles: [`role-${i}`] }]),
      ),
    });
    const lost = (most: number) => {
      const { truncated, widerAtTheTop } = diffRights(
        small(changed(['dev'])),
        small(changed([])),
        most,
      );
      return { truncated, widerAtTheTop };
    };
    expect(lost(3 * 4 - 1)).toEqual({ truncated: false, widerAtTheTop: ['people'] });
    expect(lost(3 * 4)).toEqual({ truncated: false, widerAtTheTop: [] });
  });
});

test('all that a policy gives is told as what it gives over none', () => {
  const { changes, counts, truncated } = effectiveRights(small({ rules: [ask, glass] }));
  expect({
    told: changes.map(({ right, effect, now }) => `${right} ${effect} ${now}`),
    counts,
  }).toEqual({
    told: ['ask gained ask', 'break-glass gained glass', 'approve gained ask'],
    counts: { gained: 3, lost: 0, wider: 0, narrower: 0 },
  });
  expect(truncated).toBe(false);
});
