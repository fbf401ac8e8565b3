/** Records held against events, claim by claim: what is summed while streams pass, and what the close look says of what differs. */
import type { AuditRow } from '../../../shared/domain/audit/audit-source.ts';
import { canonicalJson } from '../../../shared/domain/audit/canonical-json.ts';
import { EMPTY_CHAIN } from '../../../shared/domain/audit/chain.ts';
import { type Claim, claimsIn, openFold } from '../../../shared/domain/audit/claims.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { openNames } from '../../../shared/domain/audit/keyed-digests.ts';
import { cutRow } from '../../../shared/domain/audit/row-line.ts';
import { openRecords, openRecordsLook } from '../../../shared/domain/audit/verify-records.ts';
import { instant, TENANT } from '../../support/audit-fixture.ts';
import { HELD, HELD_EVENTS, HOLDING, REQUESTS } from '../../support/recorded-log.ts';

const HASH = 'a'.repeat(64);
const requestIn = (status: string) => {
  const found = REQUESTS.find(({ state }) => state.status === status);
  if (!found) throw new Error(status);
  return found;
};
type Story = { readonly chain: string; readonly events: readonly { readonly type: string }[] };
const rowsOf = ({ chain, events }: Story): AuditRow[] =>
  events.map((event, i) => ({
    ...{ tenant: TENANT, chain, seq: i + 1, previous: HASH, hash: HASH },
    event: JSON.parse(JSON.stringify(event)),
  }));
const headOf = ({ chain, events, state }: (typeof REQUESTS)[number], value: unknown = state) => ({
  ...{ chain, seq: events.length, hash: HASH, value },
});
const HELD_HEAD = { chain: HOLDING, seq: HELD_EVENTS.length, hash: HASH, value: HELD };
const names = openNames('k');

describe('the sums of records', () => {
  const feed = (records: ReturnType<typeof openRecords>, story: Story, asLines = false) => {
    for (const row of rowsOf(story)) {
      const line = asLines ? cutRow(canonicalJson(row)) : null;
      if (line) records.onLine(line);
      else records.onRow(row);
    }
    records.onChain(story.chain, { seq: story.events.length, hash: HASH });
  };
  const all: readonly Story[] = [...REQUESTS, { chain: HOLDING, events: HELD_EVENTS }];

  test.each([false, true])(
    'agree where every record is what its events lead to (lines: %s)',
    (lines) => {
      const records = openRecords(names, () => true);
      expect(records.isCompared()).toBe(false);
      for (const head of [...REQUESTS.map((one) => headOf(one)), HELD_HEAD]) records.onHead(head);
      expect(records.isCompared()).toBe(true);
      for (const story of all) feed(records, story, lines);
      feed(records, { chain: 'container#x', events: [{ type: 'X' }] }, lines);
      expect([records.differing(), records.count()]).toEqual([[], REQUESTS.length]);
    },
  );

  test('differ where one record says something else, of a request or of a holding', () => {
    const one = requestIn('denied');
    for (const changed of [
      headOf(one, { ...one.state, version: 9 }),
      { ...HELD_HEAD, value: { ...HELD, ours: null } },
    ]) {
      const records = openRecords(names, () => true);
      const heads = [...REQUESTS.map((each) => headOf(each)), HELD_HEAD];
      for (const head of heads) records.onHead(head.chain === changed.chain ? changed : head);
      for (const story of all) feed(records, story);
      expect(records.differing()).toHaveLength(1);
    }
  });

  test('leave out chains that nobody asked for, also what another record says of them', () => {
    const one = requestIn('active');
    const records = openRecords(names, (chain) => chain === one.chain);
    for (const head of [headOf(one), headOf(requestIn('denied'), null), HELD_HEAD])
      records.onHead(head);
    for (const story of [one, requestIn('denied')]) feed(records, story);
    expect([records.differing(), records.count()]).toEqual([[], 1]);
  });

  test('say nothing of a log whose records nobody read', () => {
    const records = openRecords(names, () => true);
    for (const { chain, events } of REQUESTS)
      records.onHead({ chain, seq: events.length, hash: HASH });
    for (const story of all) feed(records, story);
    expect([records.isCompared(), records.differing(), records.count()]).toEqual([false, [], 0]);
  });

  describe('that are read elsewhere', () => {
    const elsewhere = (
      heads: readonly { chain: string; seq: number; hash: string; value: unknown }[],
    ) => {
      const there = openRecords(names, () => true);
      for (const head of heads) there.onHead(head);
      return there.claimed();
    };
    const here = () => {
      const records = openRecords(names, () => true, true);
      expect(records.isCompared()).toBe(true);
      for (const story of all) feed(records, story);
      return records;
    };
    const heads = [...REQUESTS.map((one) => headOf(one)), HELD_HEAD];

    test('add up with what was folded here', () => {
      const claimed = elsewhere(heads);
      expect(claimed.count).toBe(REQUESTS.length + 1 + HELD.grants.length);
      const records = here();
      expect(records.differing()).not.toEqual([]);
      records.merge(claimed);
      expect([records.isCompared(), records.differing()]).toEqual([true, []]);
      expect(records.count()).toBe(REQUESTS.length);
    });
    test('say nothing when they were none', () => {
      const records = here();
      records.merge(elsewhere([]));
      expect([records.isCompared(), records.differing(), records.count()]).toEqual([false, [], 0]);
    });
    test('differ where one is left out', () => {
      const records = here();
      records.merge(elsewhere(heads.slice(1)));
      expect(records.differing()).toHaveLength(1);
    });
  });
});

describe('the close look', () => {
  const OLD = { before: instant(20) };
  const YOUNG = { before: instant(0) };
  type Looked = { readonly claims: readonly Claim[]; readonly stories: readonly Story[] };
  function looked({ claims, stories }: Looked, span = OLD) {
    const findings = openFindings();
    const look = openRecordsLook(span, findings);
    for (const claim of claims) look.onHead(claim);
    for (const story of stories) {
      for (const row of rowsOf(story)) look.onRow(row);
      look.onChain(story.chain, { ...EMPTY_CHAIN, seq: story.events.length });
    }
    look.conclude();
    return findings.list();
  }
  const altered = (chain: string, what: string) => [
    { code: 'record-altered', where: `record of ${chain}`, row: null, what },
  ];
  const active = requestIn('active');
  const { chain } = active;
  const own = claimsIn(headOf(active));
  const listed = claimsIn(HELD_HEAD).filter((claim) => claim.chain === chain);
  const [grant] = listed;
  if (!grant) throw new Error('No grant');

  test('finds nothing where records and events agree, old or young', () => {
    for (const span of [OLD, YOUNG]) {
      expect(looked({ claims: [...own, ...listed], stories: [active] }, span)).toEqual([]);
      for (const other of REQUESTS.filter(({ state }) => state.status === 'denied'))
        expect(looked({ claims: claimsIn(headOf(other)), stories: [other] }, span)).toEqual([]);
      const holding = { chain: HOLDING, events: HELD_EVENTS };
      const decided = claimsIn(HELD_HEAD).filter((claim) => claim.chain === HOLDING);
      expect(looked({ claims: decided, stories: [holding] }, span)).toEqual([]);
    }
  });

  test('passes over chains whose records claim nothing', () => {
    const other = { chain: 'container#x', events: [{ type: 'X' }] };
    const claims = [{ chain: 'container#x', seq: 1, record: 'container#x', text: 'x' }];
    expect(looked({ claims, stories: [other] })).toEqual([]);
  });

  describe('at a state', () => {
    const STATE = 'Its state is not what its events lead to.';
    const [claim] = own;
    if (!claim) throw new Error('No claim');

    test('that is not what its events lead to is named, however young they are', () => {
      for (const span of [OLD, YOUNG])
        expect(
          looked({ claims: [{ ...claim, text: 'other' }, ...listed], stories: [active] }, span),
        ).toEqual(altered(chain, STATE));
    });
    test('of an earlier event takes it as it was then', () => {
      const fold = openFold(chain);
      const [asked, ...rest] = rowsOf(active);
      fold.add(asked?.event);
      const earlier = fold.claims({ chain, seq: 1 }).slice(0, 1);
      expect(rest).not.toEqual([]);
      expect(looked({ claims: [...earlier, ...listed], stories: [active] })).toEqual([]);
      const [first] = earlier;
      if (!first) throw new Error('No earlier claim');
      expect(looked({ claims: [{ ...first, seq: 2 }, ...listed], stories: [active] })).toEqual(
        altered(chain, STATE),
      );
    });
    test('of rows that are not there is left to whoever looks where chains stand', () => {
      const ahead = { ...claim, seq: active.events.length + 1, text: 'other' };
      expect(looked({ claims: [ahead, ...listed], stories: [active] })).toEqual([]);
    });
    test('that stands in the record of another chain is not its own', () => {
      const elsewhere = { ...claim, record: 'request#other' };
      expect(looked({ claims: [elsewhere, ...listed], stories: [active] })).toEqual(
        altered(chain, STATE),
      );
    });
  });

  describe('at a grant', () => {
    const NOT_SO = `What it says of ${chain} is not what the events lead to.`;
    const MISSING = `It lists no grant for ${chain}, which is live by its events.`;
    const grants = (...claims: readonly Claim[]) =>
      looked({ claims: [...own, ...claims], stories: [active] });

    test('that is not what its events lead to is named, in the record in which it stands', () => {
      const { loose: _, ...strict } = grant;
      expect(grants({ ...strict, text: 'other' })).toEqual(altered(HOLDING, NOT_SO));
      expect(grants({ ...grant, record: 'holding#other' })).toEqual(
        altered('holding#other', NOT_SO),
      );
      expect(grants({ ...grant, text: 'other', loose: 'other' })).toEqual(altered(HOLDING, NOT_SO));
    });
    test('takes it also where its record cannot be sure whose it is', () => {
      expect(grants({ ...grant, text: 'of somebody else' })).toEqual([]);
    });
    test('that is listed twice is named, wherever it stands the second time', () => {
      expect(grants(grant, grant)).toEqual(altered(HOLDING, NOT_SO));
      expect(grants(grant, { ...grant, record: 'holding#other' })).toEqual(
        altered('holding#other', NOT_SO),
      );
    });
    test('that no record lists is named in the one that should', () => {
      expect(grants()).toEqual(altered(HOLDING, MISSING));
    });
    test('of a request that is over is named', () => {
      const over = requestIn('ended');
      const revived = { ...grant, chain: over.chain };
      expect(looked({ claims: [...claimsIn(headOf(over)), revived], stories: [over] })).toEqual(
        altered(HOLDING, `What it says of ${over.chain} is not what the events lead to.`),
      );
    });
    test('needs no record of the request itself', () => {
      expect(looked({ claims: [grant], stories: [active] })).toEqual([]);
    });
    test('says nothing while its request moves: the record was read before or after', () => {
      expect(looked({ claims: own, stories: [active] }, YOUNG)).toEqual([]);
      const wrong = { ...grant, text: 'other', loose: 'other' };
      expect(looked({ claims: [...own, wrong], stories: [active] }, YOUNG)).toEqual([]);
    });
    test('does not lean on what another request does at the moment', () => {
      const removing = requestIn('removing');
      const events = removing.events.map((event) => ({ ...event, at: instant(1) }));
      const stories = [active, { ...removing, events }];
      expect(looked({ claims: own, stories }, { before: instant(2) })).toEqual(
        altered(HOLDING, `It lists no grant for ${removing.chain}, which is live by its events.`),
      );
    });
  });

  test('names what is claimed of chains without an event, but not where such a chain stands', () => {
    expect(looked({ claims: [...own, grant], stories: [] })).toEqual(
      altered(HOLDING, `It claims something about ${chain}, which has no events.`),
    );
    expect(looked({ claims: own, stories: [] })).toEqual([]);
  });
});
