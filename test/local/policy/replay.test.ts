/** What another policy would have said to what was asked and granted. */
import type { History } from '../../../local/policy/terminal.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { Fault } from '../../../shared/ports.ts';
import { HISTORIES, later } from '../../support/samples.ts';
import { storyIn, told } from '../audit/audit-desk.ts';
import { changed, run } from './policy-terminal.ts';

const LAST = ['replay', '--last', '30d'];
let closed = 0;

async function history(change: Partial<History['journal']> = {}): Promise<History> {
  const journal = memoryJournal('acme');
  await storyIn(journal);
  await told(journal, 'AR-8K2M9Q', HISTORIES.pending);
  closed = 0;
  const close = () => {
    closed += 1;
  };
  const { read, eventsBetween } = journal;
  return { journal: { read, eventsBetween, ...change }, now: later(86_400), close };
}

test('the same policy would have decided the same', async () => {
  const { code, out } = await run(LAST, { history: await history() });
  expect([code, out]).toEqual([
    0,
    expect.stringContaining(
      '2 asks and 1 grants: 0 would have been decided otherwise, 0 cannot be told.',
    ),
  ]);
  expect(closed).toBe(1);
});

test('a shorter longest time would have refused them, each in the words of the product', async () => {
  const files = { 'access.yaml': changed('max_duration: 2h', 'max_duration: 1h') };
  const { code, lines } = await run(LAST, { files, history: await history() });
  expect(code).toBe(1);
  expect(lines[0]).toMatch(
    /^2026-03-02T09:00:00\.000Z {2}AR-7K2M9Q {2}ask {4}would be refused {2}That is too long\..*\(duration-too-long\)$/,
  );
});

test('an approver who is none any more would not have been enough', async () => {
  const demoted = changed(
    'bo: { slack: U0BO, roles: [release-manager]',
    'bo: { slack: U0BO, roles: [developer]',
  );
  const { code, lines } = await run([...LAST, '--json'], {
    files: { 'access.yaml': demoted },
    history: await history(),
  });
  expect(code).toBe(1);
  const why = 'Rule prod-deploy counts 0 of 1 approvals (bo).';
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { requestId: 'AR-7K2M9Q', step: 'grant', would: 'want-more-approvals', why },
    { asks: 2, grants: 1, otherwise: 1, unknown: 0 },
  ]);
});

test('who is gone from the policy would have been refused', async () => {
  const gone = changed('ana: { slack: U0ANA,', 'ann: { slack: U0ANN,');
  const { lines } = await run(LAST, { files: { 'access.yaml': gone }, history: await history() });
  expect(lines[0]).toContain('would be refused  U0ANA is not listed.  (unknown-person)');
});

test('what depends on a group cannot be told until somebody says who was in it', async () => {
  const grouped = changed('groups:\n', 'groups:\n  pager: { slack_usergroup: S0PAGER }\n').replace(
    'max_duration: 2h\n    max_total: 4h # with',
    'when: { on_call: pager }\n    max_duration: 2h\n    max_total: 4h # with',
  );
  const files = { 'access.yaml': grouped };
  const unsaid = await run(LAST, { files, history: await history() });
  expect([unsaid.code, unsaid.out]).toEqual([0, expect.stringContaining('3 cannot be told')]);
  const said = await run([...LAST, '--group', 'pager=ana'], { files, history: await history() });
  expect([said.code, said.out]).toEqual([0, expect.stringContaining('0 cannot be told')]);
});

test('a store that fails ends it with 2, and closed', async () => {
  const broken = await history({
    eventsBetween: () => {
      throw new Fault('DynamoDB did not do it.', { service: 'journal', retryable: true });
    },
  });
  const { code, said } = await run(LAST, { history: broken });
  expect([code, said, closed]).toEqual([2, 'DynamoDB did not do it.', 1]);
});
