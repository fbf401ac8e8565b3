/** Hash chain, commitments and canonical JSON, against RFC 8785 and a second implementation written here. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../../shared/domain/audit/canonical-json.ts';
import {
  type ChainedEvent,
  chainEvents,
  commitText,
  contentHash,
  EMPTY_CHAIN,
  findChainBreak,
  hashEvent,
  holdingIdOf,
} from '../../../shared/domain/audit/chain.ts';
import { anyCharacter } from '../../support/any-text.ts';

/** RFC 8785 appendix B: the bits of a double and how it must be printed. */
const NUMBERS = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const;

describe('canonical JSON', () => {
  test.each(NUMBERS)('prints the double %s as %s (RFC 8785, appendix B)', (bits, printed) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(printed);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow('cannot carry the number');
    },
  );

  test('sorts keys by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect([...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('escapes only what RFC 8785, section 3.2.2.2 says', () => {
    expect(canonicalJson('\u20ac$\u000f\u000aA\'B"\\\\"/\u007f\u2028')).toBe(
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f\u2028"',
    );
  });

  test('keeps the order of arrays, sorts at every depth, and writes no white space', () => {
    expect(canonicalJson([56, { d: true, 10: null, 1: [] }, { b: { z: 1, a: 2 } }])).toBe(
      '[56,{"1":[],"10":null,"d":true},{"b":{"a":2,"z":1}}]',
    );
  });

  test('leaves out what is undefined, and keeps null', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  test('refuses lone surrogates in texts and in keys', () => {
    expect(() => canonicalJson('\ud800')).toThrow('lone surrogate');
    expect(() => canonicalJson({ '\udc00': 1 })).toThrow('lone surrogate');
  });

  test('says the same for every order of keys, and reads back as the same value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: anyCharacter }), fc.json().map(read)),
        (value) => {
          const turned = Object.fromEntries(Object.entries(value).reverse());
          expect(canonicalJson(turned)).toBe(canonicalJson(value));
          expect(canonicalJson(read(canonicalJson(value)))).toBe(canonicalJson(value));
        },
      ),
    );
  });
});
const read = (text: string): Json => JSON.parse(text);

/** A second implementation, on purpose in another style: a string is built by hand, then hashed at once. */
function secondHash(row: ChainedEvent<Json>): string {
  const print = (value: Json): string => {
    if (Array.isArray(value)) return `[${value.map(print)}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${print(Object(value)[key])}`)}}`;
  };
  const { chain, event, seq, tenant } = row;
  const text = print({ chain, event, seq, tenant });
  const bytes = Buffer.concat([Buffer.of(2), Buffer.from(row.previous, 'hex'), Buffer.from(text)]);
  return createHash('sha256').update(bytes).digest('hex');
}

const EVENTS = [
  { type: 'First', v: 1, at: '2026-03-02T09:00:00.000Z', who: { kind: 'person', id: 'U0ANA' } },
  { type: 'Second', v: 1, at: '2026-03-02T09:01:00.000Z', note: null, list: ['a', 'b'] },
  { type: 'Third', v: 1, at: '2026-03-02T09:02:00.000Z', n: 0.000001 },
];
const place = { tenant: 't1', chain: 'request#AR-7K2M9Q' };
const { links, head } = chainEvents({ ...place, head: EMPTY_CHAIN }, EVENTS);

describe('the chain', () => {
  test('a hash is fixed for all time: SHA-256 over 0x02, the hash before, and the canonical link', () => {
    expect(hashEvent({ ...place, seq: 1, event: { a: 1 } }, EMPTY_CHAIN.hash)).toBe(
      '685c2f4ebeb5243e991ba1445eef7bc7f10c73a200b423ced3d662a451472c65',
    );
  });

  test('a second implementation finds the same hashes', () => {
    expect(links.map(secondHash)).toEqual(links.map(({ hash }) => hash));
    fc.assert(
      fc.property(fc.array(fc.json().map(read), { maxLength: 5 }), fc.string(), (events, chain) => {
        const made = chainEvents({ tenant: 't', chain, head: EMPTY_CHAIN }, events);
        expect(made.links.map(secondHash)).toEqual(made.links.map(({ hash }) => hash));
      }),
    );
  });

  test('is contiguous, and its head is its last link', () => {
    expect(links.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(links.map(({ previous }) => previous)).toEqual([
      EMPTY_CHAIN.hash,
      links[0]?.hash,
      links[1]?.hash,
    ]);
    expect(head).toEqual({ seq: 3, hash: links[2]?.hash });
    expect(findChainBreak(links, head)).toBeNull();
    expect(findChainBreak([], EMPTY_CHAIN)).toBeNull();
  });

  test('grows the same in one go and event by event', () => {
    let at = EMPTY_CHAIN;
    for (const event of EVENTS) at = chainEvents({ ...place, head: at }, [event]).head;
    expect(at).toEqual(head);
  });

  type Row = ChainedEvent<Json>;
  const changed = (index: number, change: (row: Row) => Row): Row[] =>
    links.map((row, i) => (i === index ? change(row) : row));

  test.each([
    ['the tenant', changed(1, (row) => ({ ...row, tenant: 't2' })), { seq: 2, why: 'hash' }],
    [
      'the chain',
      changed(1, (row) => ({ ...row, chain: 'request#AR-000000' })),
      { seq: 2, why: 'hash' },
    ],
    [
      'a field',
      changed(1, (row) => ({ ...row, event: { ...EVENTS[1], note: 'x' } })),
      { seq: 2, why: 'hash' },
    ],
    [
      'a deeper field',
      changed(0, (row) => ({
        ...row,
        event: { ...EVENTS[0], who: { kind: 'person', id: 'U0BO' } },
      })),
      { seq: 1, why: 'hash' },
    ],
    [
      'an added field',
      changed(2, (row) => ({ ...row, event: { ...EVENTS[2], extra: 1 } })),
      { seq: 3, why: 'hash' },
    ],
    [
      'the order in a list',
      changed(1, (row) => ({ ...row, event: { ...EVENTS[1], list: ['b', 'a'] } })),
      { seq: 2, why: 'hash' },
    ],
    ['the number', changed(1, (row) => ({ ...row, seq: 7 })), { seq: 2, why: 'gap' }],
    [
      'the hash before',
      changed(1, (row) => ({ ...row, previous: 'a'.repeat(64) })),
      { seq: 2, why: 'link' },
    ],
    ['the hash', changed(1, (row) => ({ ...row, hash: 'a'.repeat(64) })), { seq: 2, why: 'hash' }],
    ['a missing row in the middle', links.toSpliced(1, 1), { seq: 2, why: 'gap' }],
    ['a missing first row', links.slice(1), { seq: 1, why: 'gap' }],
    ['a missing last row', links.slice(0, 2), { seq: 3, why: 'head' }],
    ['all rows missing', [], { seq: 3, why: 'head' }],
    [
      'a row that is there twice',
      links.toSpliced(1, 0, ...links.slice(0, 1)),
      { seq: 2, why: 'gap' },
    ],
    [
      'two rows exchanged',
      [links[1], links[0], links[2]].flatMap((row) => row ?? []),
      { seq: 1, why: 'gap' },
    ],
  ] as const)('names the first broken row when somebody touched %s', (_what, rows, expected) => {
    expect(findChainBreak([...rows], head)).toEqual(expected);
  });

  test('a head with another number, or of another event, is found', () => {
    const end = { seq: 9, why: 'head' };
    expect(findChainBreak([...links], { ...head, seq: 9 })).toEqual(end);
    expect(findChainBreak([...links], { seq: 9, hash: 'e'.repeat(64) })).toEqual(end);
    expect(findChainBreak([...links], { ...head, hash: 'e'.repeat(64) })).toEqual({
      ...{ ...end, seq: 3 },
    });
  });

  test('an event put behind the head is found', () => {
    const longer = chainEvents({ ...place, head }, [{ type: 'Fourth' }]);
    expect(findChainBreak<Json>([...links, ...longer.links], head)).toEqual({
      seq: 3,
      why: 'head',
    });
  });

  test('a history that was rewritten and hashed anew does not reach the head', () => {
    const rewritten = chainEvents({ ...place, head: EMPTY_CHAIN }, [
      { type: 'Other' },
      ...EVENTS.slice(1),
    ]);
    expect(findChainBreak<Json>(rewritten.links, head)).toEqual({ seq: 3, why: 'head' });
  });

  test('any single change of any field of any row is found', () => {
    const edits = fc.record({
      row: fc.nat(2),
      field: fc.constantFrom('type', 'at', 'v'),
      to: fc.string(),
    });
    fc.assert(
      fc.property(edits, ({ row, field, to }) => {
        const rows = changed(row, (each) => ({
          ...each,
          event: { ...EVENTS[row], [field]: `${to}!` },
        }));
        expect(findChainBreak(rows, head)).toEqual({ seq: row + 1, why: 'hash' });
      }),
    );
  });
});

describe('commitments', () => {
  test('to a text reveal nothing and depend on text and salt', () => {
    const one = commitText('INC-123 rollback', 's1');
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(one).toBe(commitText('INC-123 rollback', 's1'));
    expect(commitText('INC-123 rollback', 's2')).not.toBe(one);
    expect(commitText('INC-123 rollbacks', 's1')).not.toBe(one);
    expect(commitText('b', 'a')).not.toBe(commitText('', 'ab'));
  });

  test('are possible for any text that Slack may send', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(commitText(text, 's')).toMatch(/^sha256:[0-9a-f]{64}$/);
      }),
    );
    expect(commitText('broken \ud800', 's')).toMatch(/^sha256:/);
  });

  const content = {
    requester: 'U0ANA',
    subject: 'U0ANA',
    entitlement: 'github:acme/deployers',
    role: 'member',
    durationSeconds: 7200,
    justification: commitText('INC-123 rollback', 's'),
    policyHash: 'a'.repeat(64),
  };
  test('to the content of a request is SHA-256 of it in canonical JSON', () => {
    expect(contentHash(content)).toBe(
      createHash('sha256').update(canonicalJson(content)).digest('hex'),
    );
  });
  test.each([
    ['requester', 'U0BO'],
    ['subject', 'U0BO'],
    ['entitlement', 'github:acme/admins'],
    ['role', 'maintainer'],
    ['durationSeconds', 7201],
    ['justification', commitText('INC-124 rollback', 's')],
    ['policyHash', 'b'.repeat(64)],
  ])('to the content of a request change with its %s', (field, value) => {
    expect(contentHash({ ...content, [field]: value })).not.toBe(contentHash(content));
  });
});

describe('the name of a holding', () => {
  const ana = { provider: 'github', kind: 'team', resource: 'acme/deployers', login: 'Ana-Dev' };

  test('is the same however the login is capitalized, and does not carry it', () => {
    expect(holdingIdOf(ana)).toBe(holdingIdOf({ ...ana, login: 'ana-DEV' }));
    const text = canonicalJson({ ...ana, login: 'ana-dev' });
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
    expect(holdingIdOf(ana)).toBe(`github:team:acme/deployers:${digest}`);
  });

  test.each([{ provider: 'gitlab' }, { kind: 'project' }, { resource: 'acme/x' }, { login: 'bo' }])(
    'is another one for %j',
    (part) => {
      expect(holdingIdOf({ ...ana, ...part })).not.toBe(holdingIdOf(ana));
    },
  );
});
