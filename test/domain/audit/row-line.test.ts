/** Lines that are cut and not parsed: what is cut is what parsing would give, and what cannot be cut is left to the parser. */
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/domain/audit/canonical-json.ts';
import { hashEvent } from '../../../shared/domain/audit/chain.ts';
import { cutRow, hasItsHash } from '../../../shared/domain/audit/row-line.ts';

const HASH = 'a'.repeat(64);
const AT = '2026-03-02T09:00:00.000Z';
const place = { tenant: 'acme', chain: 'request#AR-7K2M9Q', seq: 12 };
const lineOf = (event: Parameters<typeof hashEvent>[0]['event'], more = {}) => {
  const row = { ...place, ...more, event, previous: HASH };
  return canonicalJson({ ...row, hash: hashEvent(row, HASH) });
};

/** Texts that look like the places at which a line is cut. */
const trap = fc.constantFrom(
  '","event":{',
  '},"hash":"',
  ',"tenant":"',
  '","seq":',
  '"at":"',
  '\u2028',
);
const value = fc.jsonValue({ maxDepth: 2 }).map((json) => JSON.parse(JSON.stringify(json)));
const event = fc.dictionary(
  fc.oneof(fc.string(), trap),
  fc.oneof(value, trap, fc.record({ tenant: trap, seq: fc.nat() })),
);

test('a line in canonical JSON is cut into what parsing it gives, and has its hash', () => {
  fc.assert(
    fc.property(event, (made) => {
      const text = lineOf({ ...made, at: AT });
      const line = cutRow(text);
      const { event: parsed, ...fields } = JSON.parse(text);
      expect(line).toMatchObject(fields);
      expect(line && JSON.parse(line.event)).toEqual(parsed);
      expect(line && hasItsHash(line)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('a line among bytes is hashed where it stands, and no byte of it can be another', () => {
  const [first, second] = [lineOf({ type: 'X', at: AT }), lineOf({ type: 'Y' }, { seq: 13 })];
  const bytes = Buffer.from(`${first}\n${second}\n`);
  const start = first.length + 1;
  const line = cutRow(second, { bytes, start });
  expect(line && hasItsHash(line)).toBe(true);
  expect(line && hasItsHash({ ...line, read: { bytes, start: start - 1 } })).toBe(false);
  if (!line) throw new Error('Not cut');
  const { hashedTo, hashedFrom } = line;
  for (let at = 0; at < second.length; at += 1) {
    if (at >= hashedTo && at < hashedFrom) continue;
    const changed = Buffer.from(bytes);
    changed[start + at] = (changed[start + at] ?? 0) ^ 1;
    expect(hasItsHash({ ...line, read: { bytes: changed, start } })).toBe(false);
  }
  expect(hasItsHash({ ...line, previous: 'b'.repeat(64) })).toBe(false);
});

test('a line about as long as what is kept for hashing is hashed to its last byte', () => {
  const row = (length: number) => lineOf({ type: 'X', long: 'x'.repeat(length) });
  const rest = row(0).length;
  for (let length = 65_400 - rest; length < 65_700 - rest; length += 20) {
    const text = row(length);
    const line = cutRow(text, { bytes: Buffer.from(text), start: 0 });
    expect(line && hasItsHash(line)).toBe(true);
  }
});

test('a line longer than what is kept for hashing is hashed all the same', () => {
  const text = lineOf({ type: 'X', long: 'x'.repeat(100_000) });
  const line = cutRow(text, { bytes: Buffer.from(text), start: 0 });
  expect(line && hasItsHash(line)).toBe(true);
});

test('rows of one chain share its name; a name that only begins like the one before is another', () => {
  const row = (chain: string, before: string) =>
    cutRow(
      lineOf({ type: 'X' }, { chain }),
      null,
      cutRow(lineOf({ type: 'X' }, { chain: before })),
    );
  for (const chain of ['request#x', 'request#xy', 'request#', 'request#x","event":{'])
    for (const before of ['request#x', 'request#xy', '', 'request#'])
      expect(row(chain, before)?.chain).toBe(chain.includes('"') ? undefined : chain);
});

test('an event without an instant has none, whatever its chain is called', () => {
  expect(cutRow(lineOf({ type: 'X' }))?.at).toBeNull();
  expect(cutRow(lineOf({ type: 'X', at: AT }))?.at).toBe(AT);
  // A hash that is none may look like one.
  const forged = `"at":"${AT}`.padEnd(64, '-');
  expect(cutRow(lineOf({ type: 'X' }).replace(`"${HASH}"`, `"${forged}"`))).toMatchObject({
    ...{ previous: forged, at: null },
  });
});

test.each([
  ['nothing', ''],
  ['no JSON', 'junk'],
  [
    'another order of its fields',
    JSON.stringify({ ...place, event: {}, previous: HASH, hash: HASH }),
  ],
  ['white space', lineOf({ type: 'X' }).replace('","event"', '", "event"')],
  ['an escaped chain', lineOf({ type: 'X' }, { chain: 'request#"x\\' })],
  ['an escaped tenant', lineOf({ type: 'X' }, { tenant: 'a"b' })],
  ['an event that is a list', lineOf([])],
  ['another first field', lineOf({ type: 'X' }).replace('"chain"', '"Chain"')],
  ['an escape that was needless in its chain', lineOf({}).replace('request#A', 'request#\\u0041')],
  ['a quote in its chain', lineOf({}).replace('request#A', 'request#"')],
  ['an escape that was needless in its tenant', lineOf({}).replace('"acme"', '"\\u0061cme"')],
  ['a quote in its tenant', lineOf({}).replace('"acme"', '"ac"me"')],
  ['another end', lineOf({ type: 'X' }).replace(/"}$/, 'xx')],
  ['a field more', lineOf({ type: 'X' }).replace(/}$/, ',"z":1}')],
  ['a hash that is too short', lineOf({ type: 'X' }).replace(/"hash":"./, '"hash":"')],
])('a line with %s is left to the parser', (_, text) => {
  expect(cutRow(text)).toBeNull();
});
