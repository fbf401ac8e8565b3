/** Policy versions that events name, held against what is kept of them. */
import type { AuditRow, FoundPolicy } from '../../../shared/domain/audit/audit-source.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { openPolicies } from '../../../shared/domain/audit/verify-policies.ts';
import { auditLog, openKeys, sourceOf, TENANT } from '../../support/audit-fixture.ts';

const source = sourceOf(auditLog(openKeys(), new Map(), 0));
const [NOW, NEXT] = ['version: 1', 'version: 2'];
const contentOf = (text: string) => (text.startsWith('version') ? `{"of":"${text}"}` : null);
const version = (text: string): FoundPolicy => ({
  ...{ hash: sha256(text), text, content: contentOf(text) ?? '' },
});
const rowOf = (event: AuditRow['event']): AuditRow => ({
  ...{ tenant: TENANT, chain: 'policy#active', seq: 1, event },
  ...{ previous: '0'.repeat(64), hash: '1'.repeat(64) },
});

/** What was asked for is told beside what was found. */
async function checked(events: readonly AuditRow['event'][], kept: readonly FoundPolicy[]) {
  const policies = openPolicies();
  for (const event of events) policies.onRow(rowOf(event));
  const findings = openFindings();
  let asked: readonly string[] = [];
  const given = {
    ...source,
    async *policies(named: ReadonlySet<string> = new Set()) {
      asked = [...named];
      yield* kept;
    },
  };
  await policies.check(given, contentOf, findings);
  return { asked, findings: findings.list() };
}
const changed = (text: string) => ({ type: 'PolicyChanged', hash: sha256(text) });
const scheduled = (text: string) => ({ type: 'PolicyScheduled', hash: sha256(text) });
const finding = (code: string, hash: string, what: string) => [
  { code, where: `policy ${hash}`, row: null, what },
];

test('every version that was in force or was to be is asked for by name, and kept as it was', async () => {
  expect(await checked([changed(NOW), scheduled(NEXT)], [version(NOW), version(NEXT)])).toEqual({
    ...{ asked: [sha256(NOW), sha256(NEXT)], findings: [] },
  });
});

test('events of another kind, or whose hash is none, name no version', async () => {
  const other = { type: 'PolicyUnscheduled', hash: sha256(NOW) };
  const none = { type: 'PolicyChanged', hash: null };
  expect(await checked([other, none], [])).toEqual({ asked: [], findings: [] });
});

test.each([
  ['of a version in force', changed(NOW)],
  ['of one that was to be', scheduled(NOW)],
])('a text %s that is gone is missing', async (_, event) => {
  expect((await checked([event], [])).findings).toEqual(
    finding('policy-missing', sha256(NOW), 'It was in force; its text is gone.'),
  );
});

test('a text with another hash, or data that are not those of the text, were altered', async () => {
  const other = { ...version(NEXT), hash: sha256(NOW) };
  expect((await checked([changed(NOW)], [other])).findings).toEqual(
    finding('policy-altered', sha256(NOW), 'Its text has another hash.'),
  );
  for (const content of ['{"of":"another"}', ''])
    expect((await checked([changed(NOW)], [{ ...version(NOW), content }])).findings).toEqual(
      finding('policy-altered', sha256(NOW), 'Its data is not what its text says.'),
    );
});

test('a version that no event names is held against its hash all the same', async () => {
  expect((await checked([], [version(NOW)])).findings).toEqual([]);
  expect((await checked([], [{ ...version(NOW), text: 'x' }])).findings).toHaveLength(1);
});
