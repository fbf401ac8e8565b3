import { auditLog, openKeys, verified } from '../../support/audit-fixture.ts';

const keys = openKeys();
const log = auditLog(keys);

test('a log that nobody touched verifies, every row and every leaf of it', async () => {
  const report = await verified(log, keys);
  expect(report).toMatchObject({ status: 'ok', findings: [], findingCount: 0 });
  const rows = [...log.rows.values()].flat().length;
  expect(report.counts).toMatchObject({ rows, leaves: rows, checkpoints: 6, unsealed: 0 });
  expect(report.last).toMatchObject({ n: 6 });
});
