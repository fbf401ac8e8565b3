/** Records in canonical JSON that are cut and not parsed: what is cut is what parsing would give, and the rest is left to the parser. */
import { canonicalJson } from '../../../shared/domain/audit/canonical-json.ts';
import { cutHead, headLine } from '../../../shared/domain/audit/head-line.ts';

const head = {
  chain: 'request#AR-7K2M9Q',
  seq: 12,
  hash: 'ab'.repeat(32),
  value: { status: 'new', traps: [',"value":', '","hash":"', ',"seq":', '"}'] },
};

test('the line of a request is cut into what parsing it gives', () => {
  const { value, ...fields } = head;
  expect(cutHead(headLine(head))).toEqual({ ...fields, text: canonicalJson(value) });
  expect(cutHead(headLine({ ...head, seq: 0, value: null }))).toMatchObject({ text: 'null' });
});

test.each([
  ['nothing', ''],
  ['no JSON', 'junk'],
  ['another order of its fields', JSON.stringify(head)],
  ['no value', headLine({ chain: head.chain, seq: 1, hash: head.hash })],
  ['a number with a zero before it', headLine(head).replace('"seq":12', '"seq":012')],
  ['a number that is none', headLine(head).replace('"seq":12', '"seq":1e1')],
  ['a hash that is too short', headLine({ ...head, hash: 'ab' })],
  ['another first field', headLine(head).replace('"chain"', '"Chain"')],
  ['another field behind its hash', headLine(head).replace('","seq"', '","Seq"')],
  ['no end', headLine({ ...head, value: null }).slice(0, -1)],
  ['a space behind it', `${headLine(head)} `],
  ['white space', headLine(head).replace('","hash"', '", "hash"')],
  ['another kind of record', headLine({ ...head, chain: 'holding#x' })],
  ['an escaped name', headLine({ ...head, chain: 'request#"x' })],
  ['a name that canonical JSON cannot carry', headLine({ ...head, chain: 'request#\ud800' })],
])('a line with %s is left to the parser', (_, text) => {
  expect(cutHead(text)).toBeNull();
});

test('what canonical JSON cannot carry is written as JSON has it, for whoever reads the copy', () => {
  const odd = { ...head, value: { text: '\ud800' } };
  expect(headLine(odd)).toBe(JSON.stringify(odd));
  const none = { ...head, value: Number.NaN };
  expect(headLine(none)).toBe(JSON.stringify(none));
  expect(headLine(head)).toBe(canonicalJson(head));
});
