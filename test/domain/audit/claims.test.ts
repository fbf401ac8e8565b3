/** What records claim and what events claim, each as the text that is compared: whole, so that no part of it can be left out. */
import { canonicalJson } from '../../../shared/domain/audit/canonical-json.ts';
import {
  claimsAsRead,
  claimsIn,
  isCompared,
  openFold,
  openUsualFold,
} from '../../../shared/domain/audit/claims.ts';
import type { Holding } from '../../../shared/domain/holding/model.ts';
import { instant } from '../../support/audit-fixture.ts';
import { HELD, HELD_EVENTS, HOLDING, HOLDING_ID, REQUESTS } from '../../support/recorded-log.ts';
import { asked, HASH, iso } from '../../support/samples.ts';

const UNREADABLE = '';
const CONTAINER = { provider: 'github', kind: 'team', resource: 'acme/deployers' };
type Phase = Holding['grants'][number]['phase'];

/** What the events of every request in the fixture say of its grant, in the words of whoever reads them first. */
function grantTexts(requestId: string, phase: Phase, more: { readonly breakGlass?: boolean } = {}) {
  const own = REQUESTS.find((request) => request.requestId === requestId)?.events ?? [];
  const at = own.find(({ type }) => type === 'GrantAuthorized')?.at ?? '';
  const endedAt = own.find(({ type }) => type === 'GrantExpired')?.at ?? null;
  const unheld = canonicalJson({
    ...{ grantId: requestId, role: 'member', requester: 'U0ANA', container: CONTAINER },
    ...{ entitlementId: 'github:acme/deployers', policyHash: HASH, approvers: ['U0BO'] },
    ...{ breakGlass: false, authorizedAt: at, expiresAt: iso(7260), phase, endedAt, ...more },
  });
  return { text: canonicalJson({ subject: 'U0ANA', unheld }), loose: unheld };
}

const LIVE: readonly string[] = ['activating', 'active', 'removing'] satisfies Phase[];
const isLive = (status: string): status is Phase => LIVE.includes(status);
const plain = (value: object) => JSON.parse(JSON.stringify(value));

test('chains of requests, holdings and switches are compared, whatever else a name ends with', () => {
  for (const chain of ['request#x', 'holding#x', 'policy#x', 'pause#x', 'stop#x'])
    expect(isCompared(chain)).toBe(true);
  for (const chain of ['container#x', 'refusals#request#', 'refusals#holding#', ''])
    expect(isCompared(chain)).toBe(false);
});

describe('a record', () => {
  const read = (value: unknown, chain = 'request#AR-000001', seq = 3) =>
    claimsIn({ chain, seq, hash: HASH, value });
  const unreadable = (chain = 'request#AR-000001', seq = 3) => [
    { chain, seq, record: chain, text: UNREADABLE },
  ];

  test('that nobody read claims nothing, nor does one that is compared with nothing', () => {
    expect(read(undefined)).toEqual([]);
    expect(read({ status: 'new' }, 'container#x')).toEqual([]);
    expect(read({ status: 'new' }, 'container#holding#')).toEqual([]);
  });

  test.each(REQUESTS)('of a request claims its state: $chain', ({ chain, state }) => {
    expect(read(state, chain)).toEqual([
      { chain, seq: 3, record: chain, text: canonicalJson(plain(state)) },
    ]);
  });

  test('of a switch claims what it says', () => {
    expect(read({ paused: true, clearedAt: iso() }, 'pause#all')).toEqual([
      { chain: 'pause#all', seq: 3, record: 'pause#all', text: '{"paused":true}' },
    ]);
  });

  test('that cannot be read claims what no event leads to', () => {
    for (const value of [null, 'text', [], {}]) expect(read(value)).toEqual(unreadable());
    expect(read('text', 'pause#all')).toEqual(unreadable('pause#all'));
    expect(read({ paused: '\ud800' }, 'pause#all')).toEqual(unreadable('pause#all'));
    expect(read({ ...HELD, more: 1 }, HOLDING)).toEqual(unreadable(HOLDING, 0));
    expect(read({ ...HELD, login: '\ud800' }, HOLDING)).toEqual(unreadable(HOLDING, 3));
  });

  test('that was read as a text claims that text, where it is of a request', () => {
    const head = { chain: 'request#x', seq: 3, hash: HASH, value: { status: 'new' } };
    expect(claimsAsRead({ ...head, text: 'as it stands' })).toEqual([
      { chain: 'request#x', seq: 3, record: 'request#x', text: 'as it stands' },
    ]);
    expect(claimsAsRead(head)).toEqual(claimsIn(head));
    for (const chain of ['pause#all', 'pause#request#']) {
      const paused = { ...head, chain, value: { paused: true }, text: 'as it stands' };
      expect(claimsAsRead(paused)).toEqual(claimsIn(paused));
      expect(claimsIn(paused)[0]?.text).toBe('{"paused":true}');
    }
  });
});

describe('the record of a holding', () => {
  const baseline = { role: null, direct: false, until: null };
  const intents = [{ intentId: 'two', kind: 'remove', role: null }];
  const unranked = canonicalJson({ accountId: '4711', baseline, intents });
  const decided = (seq: number, loose = unranked, ours: string | null = 'member') => ({
    ...{ chain: HOLDING, seq, record: HOLDING, loose },
    text: canonicalJson({ ours, unranked: loose }),
  });
  const read = (part: object, seq = 7) =>
    claimsIn({ chain: HOLDING, seq, hash: HASH, value: { ...HELD, ...part } });
  const listed = (holding: Holding) =>
    holding.grants.map(({ grantId, phase }) => ({
      ...{ chain: `request#${grantId}`, seq: 0, record: HOLDING },
      ...grantTexts(grantId, phase),
    }));
  const [first] = HELD.grants;
  if (!first) throw new Error('No grant');

  test('claims what its own events decide, and each grant, whoever holds it', () => {
    expect(HELD.grants.map(({ phase }) => phase).sort()).toEqual(LIVE);
    expect(read({})).toEqual([decided(7), ...listed(HELD)]);
  });

  test('that lists one grant alone is sure whose it is', () => {
    const [{ loose: _, ...own } = { loose: '' }] = listed(HELD);
    expect(read({ grants: [first] })).toEqual([decided(7), own]);
    expect(read({ grants: [{ ...first, breakGlass: true }], subject: 'U0EVE' })[1]?.text).toBe(
      canonicalJson({
        subject: 'U0EVE',
        unheld: grantTexts(first.grantId, first.phase, { breakGlass: true }).loose,
      }),
    );
  });

  test('claims nothing of its own before its first event, if it says nothing', () => {
    const idle = { accountId: null, baseline: null, ours: null, intents: [], grants: [] };
    expect(read(idle, 0)).toEqual([]);
    const nothing = canonicalJson({ accountId: null, baseline: null, intents: [] });
    expect(read(idle, 1)).toEqual([decided(1, nothing, null)]);
    expect(read({ ...idle, ours: 'member' }, 0)).toEqual([decided(0, nothing)]);
  });

  test.each([
    ['another key', { holdingId: `${HOLDING_ID.slice(0, -1)}x` }],
    ['another login', { login: 'bea-dev' }],
    ['another container', { container: { ...CONTAINER, kind: 'org' } }],
    ['nobody to look after it', { dueAt: null }],
  ])('with %s claims what no event leads to', (_, part) => {
    expect(read(part)).toEqual([{ chain: HOLDING, seq: 0, record: HOLDING, text: UNREADABLE }]);
  });
});

describe('events', () => {
  const folded = (chain: string, events: readonly unknown[], seq = events.length) => {
    const fold = openFold(chain);
    for (const event of events) fold.add(event);
    return fold.claims({ chain, seq });
  };
  const nowhere = (chain: string, seq: number) => [{ chain, seq, record: chain, text: 'nowhere' }];

  test.each(REQUESTS)(
    'of a request claim its state, and its grant while it is live: $chain',
    (one) => {
      const { chain, requestId, events, state } = one;
      const live = isLive(state.status) ? [grantTexts(requestId, state.status)] : [];
      expect(folded(chain, events)).toEqual([
        { chain, seq: events.length, record: chain, text: canonicalJson(plain(state)) },
        ...live.map((texts) => ({ chain, seq: 0, record: HOLDING, ...texts })),
      ]);
    },
  );

  test('of a grant without an approval say so', () => {
    const own = REQUESTS.find(({ state }) => state.status === 'active');
    const breakGlass = { incident: null, reviewBy: instant(99) };
    const events = (own?.events ?? []).map((event) =>
      event.type === 'AccessRequested' ? asked({ ...event, breakGlass }) : event,
    );
    expect(folded(own?.chain ?? '', events)[1]).toMatchObject(
      grantTexts(own?.requestId ?? '', 'active', { breakGlass: true }),
    );
  });

  test('of no request, in no order, or that are none, lead nowhere from then on', () => {
    const [chain, first] = ['request#x', asked()];
    expect(folded(chain, [])).toEqual([{ chain, seq: 0, record: chain, text: '{"status":"new"}' }]);
    for (const event of [null, 'text', { type: 'Other' }, { ...first, v: 9 }])
      expect(folded(chain, [event, first])).toEqual(nowhere(chain, 2));
    expect(folded(chain, [first, first])).toEqual(nowhere(chain, 2));
    expect(folded(chain, [first, first, first])).toEqual(nowhere(chain, 3));
    const active = REQUESTS.find(({ state }) => state.status === 'active')?.events ?? [];
    expect(folded(chain, [...active, first])).toEqual(nowhere(chain, active.length + 1));
  });

  test('of a holding claim what they decide, and a looser text where two roles were written', () => {
    const [claim, ...more] = folded(HOLDING, HELD_EVENTS);
    expect(more).toEqual([]);
    const { loose: _, ...sure } = claimsIn({
      ...{ chain: HOLDING, seq: HELD_EVENTS.length, hash: HASH, value: HELD },
    })[0] ?? { chain: '' };
    expect(claim).toEqual(sure);
    const call = (intentId: string, role: string) => [
      { type: 'IntentIssued', intentId, kind: 'add', role },
      { type: 'IntentClosed', intentId, result: 'confirmed' },
    ];
    const unranked = canonicalJson({ accountId: null, baseline: null, intents: [] });
    expect(folded(HOLDING, [...call('a', 'member'), ...call('b', 'admin')])).toEqual([
      {
        ...{ chain: HOLDING, seq: 4, record: HOLDING, loose: unranked },
        text: canonicalJson({ ours: 'admin', unranked }),
      },
    ]);
    expect(folded(HOLDING, ['text'])).toEqual(nowhere(HOLDING, 1));
  });

  test('of a switch claim what it says', () => {
    const paused = { type: 'GrantsPaused', actor: null, at: null };
    const text = '{"at":null,"by":null,"paused":true}';
    const claim = { chain: 'pause#all', seq: 1, record: 'pause#all', text };
    expect(folded('pause#all', [paused])).toEqual([claim]);
    expect(folded('pause#all', [{ type: 'Other' }])).toEqual(nowhere('pause#all', 1));
    const fold = openUsualFold('pause#all');
    fold.addWritten(canonicalJson(paused));
    expect(fold.claims({ chain: 'pause#all', seq: 1 })).toEqual([claim]);
  });
});
