/** What was found, as a person reads it: one finding for each place, in the order in which to read them, counted in full. */
import {
  about,
  aboutRow,
  type Finding,
  type FindingCode,
  openFindings,
} from '../../../shared/domain/audit/findings.ts';

const listed = (...findings: readonly Finding[]) => {
  const open = openFindings();
  for (const finding of findings) open.add(finding);
  return open.list();
};
const row = (chain: string, seq: number, code: FindingCode = 'altered') =>
  aboutRow(code, { chain, seq }, 'It differs.');

test('a finding names what it is about; that of a row has its place beside the name', () => {
  const placed = { chain: 'request#x', seq: 7, hash: 'of somebody else' };
  expect(aboutRow('altered', placed, 'It differs.')).toEqual({
    ...{ code: 'altered', where: 'request#x/7', what: 'It differs.' },
    row: { chain: 'request#x', seq: 7 },
  });
  expect(about('policy-missing', 'policy abc', 'It is gone.')).toEqual({
    ...{ code: 'policy-missing', where: 'policy abc', what: 'It is gone.', row: null },
  });
});

test('checkpoints come first, then rows by chain and number, then records and policies', () => {
  const before = about('checkpoint-forged', 'checkpoints/1', '');
  const late = about('checkpoint-late', 'checkpoints/2', '');
  const rows = [row('a#1', 2), row('a#1', 10), row('b#1', 1)];
  const after = [
    about('record-altered', 'record of a#1', ''),
    about('policy-altered', 'policy 1', ''),
    about('policy-missing', 'policy 2', ''),
  ];
  const inOrder = [before, late, ...rows, ...after];
  expect(listed(...inOrder)).toEqual(inOrder);
  expect(listed(...after, ...rows.toReversed(), before, late)).toEqual(inOrder);
  const [first, second, third] = rows;
  if (!first || !second || !third) throw new Error('No rows');
  expect(listed(second, before, ...after, third, late, first)).toEqual(inOrder);
});

test('of two findings at one place the first stays, unless it is likely to follow from the other', () => {
  for (const code of ['broken-link', 'wrong-head', 'wrong-place'] as const) {
    expect(listed(row('a#1', 1, code), row('a#1', 1))).toEqual([row('a#1', 1)]);
    expect(listed(row('a#1', 1), row('a#1', 1, code))).toEqual([row('a#1', 1)]);
  }
  expect(listed(row('a#1', 1, 'deleted'), row('a#1', 1))).toEqual([row('a#1', 1, 'deleted')]);
});

test('a hundred findings are kept, all are counted, also those that somebody else counted', () => {
  const open = openFindings();
  for (let seq = 1; seq <= 99; seq += 1) open.add(row('a#1', seq));
  open.merge([row('b#1', 1), row('c#1', 1)], 40);
  expect(open.list()).toHaveLength(100);
  expect(open.list().at(-1)).toEqual(row('b#1', 1));
  expect(open.count()).toBe(139);
});

test('the worst of all that was added is told, whether it was kept or not', () => {
  const open = openFindings();
  expect([open.worst(), open.count(), open.list()]).toEqual([null, 0, []]);
  const steps: readonly FindingCode[] = ['policy-missing', 'unreadable-row', 'altered'];
  const told = steps.map((code) => {
    for (let seq = 1; seq <= 101; seq += 1) open.add(row(code, seq, code));
    return open.worst();
  });
  expect(told).toEqual(['incomplete', 'unreadable', 'tampered']);
  open.merge([row('x#1', 1, 'checkpoint-late')], 1);
  expect(open.worst()).toBe('tampered');
});
