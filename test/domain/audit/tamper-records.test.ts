/**
 * An attacker who leaves every event alone and changes what decisions read: the state in a request's record, its grant in a
 * holding. One log holds a request in every state that there is; each attack has a copy of its own, and has to be named.
 */
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { Json } from '../../../shared/domain/audit/canonical-json.ts';
import { openFold } from '../../../shared/domain/audit/claims.ts';
import {
  type AuditLog,
  auditLog,
  copyOf,
  instant,
  openKeys,
  verified,
} from '../../support/audit-fixture.ts';
import { HELD, HOLDING, REQUESTS, recordedLog, setValue } from '../../support/recorded-log.ts';

const keys = openKeys();
const LIVE = ['activating', 'active', 'removing'];
const clean = recordedLog(keys);

let [tried, detected] = [0, 0];
async function attack(change: (log: AuditLog) => void): Promise<string[]> {
  const log = copyOf(clean);
  change(log);
  const { status, findings } = await verified(log, keys);
  tried += 1;
  if (status === 'tampered') detected += 1;
  return findings.map(({ where }) => where);
}
afterAll(() => {
  process.stdout.write(
    `\nRecords changed, events left alone: detected / tried ${detected} / ${tried}\n`,
  );
});

/** Every place at which a scalar stands, with another one to put there. */
function* scalarsIn(value: Json, path: string[] = []): Iterable<{ path: string[]; other: Json }> {
  if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value))
      yield* scalarsIn(part ?? null, [...path, name]);
  else if (typeof value === 'string') yield { path, other: `${value}x` };
  else if (typeof value === 'number') yield { path, other: value + 1 };
  else yield { path, other: value === null ? 'evil' : !value };
}
function withAt(value: Json, [name, ...rest]: readonly string[], other: Json): Json {
  if (name === undefined) return other;
  if (Array.isArray(value))
    return value.map((part, i) => (String(i) === name ? withAt(part, rest, other) : part));
  const fields: Record<string, Json> = Object.fromEntries(Object.entries(Object(value)));
  return { ...fields, [name]: withAt(fields[name] ?? null, rest, other) };
}

test('records that say what their events lead to verify, in every state a request can be in', async () => {
  expect(HELD.grants.map(({ phase }) => phase).sort()).toEqual([...LIVE].sort());
  expect(await verified(clean, keys)).toMatchObject({
    status: 'ok',
    findings: [],
    counts: { records: REQUESTS.length },
  });
});

test('every field of the record of a request, changed, is found and the record is named', async () => {
  const missed: string[] = [];
  for (const { chain, state } of REQUESTS)
    for (const { path, other } of scalarsIn(Object(state))) {
      const named = await attack((log) => setValue(log, chain, withAt(Object(state), path, other)));
      if (!named.includes(`record of ${chain}`)) missed.push(`${chain} ${path.join('.')}`);
    }
  expect(missed).toEqual([]);
});

test('a record in the state of another request, in an earlier one, in none or unreadable is named', async () => {
  for (const [i, { chain, events }] of REQUESTS.entries())
    for (const value of [
      REQUESTS[(i + 1) % REQUESTS.length]?.state,
      replay(events.slice(0, -1)),
      null,
      {},
      'text',
      [],
    ])
      expect(await attack((log) => setValue(log, chain, value))).toContain(`record of ${chain}`);
});

test('every fact of a grant in a holding that events decide, changed, is found and the holding is named', async () => {
  const facts = ['grantId', 'role', 'requester', 'entitlementId'];
  for (const [i, grant] of HELD.grants.entries()) {
    const others: Json[] = [
      ...facts.map((name) => ({ ...grant, [name]: `${Object(grant)[name]}`.replace(/.$/, '7') })),
      { ...grant, authorizedAt: instant(99) },
      { ...grant, expiresAt: instant(99) },
      { ...grant, phase: grant.phase === 'active' ? 'removing' : 'active' },
      { ...grant, endedAt: grant.endedAt === null ? instant(1) : null },
    ];
    for (const other of others) {
      if (JSON.stringify(other) === JSON.stringify(grant)) continue;
      const grants = HELD.grants.map((one, j) => (j === i ? other : one));
      const named = await attack((log) => setValue(log, HOLDING, { ...HELD, grants }));
      expect(named).toContain(`record of ${HOLDING}`);
    }
  }
});

test('a grant that was planted, taken out, doubled or moved to another holding is found', async () => {
  const [first, ...rest] = HELD.grants;
  if (!first) throw new Error('No grant');
  const planted = { ...first, grantId: 'AR-EV1000' };
  // Of a request that is over.
  const revived = {
    ...first,
    grantId: REQUESTS.find(({ state }) => state.status === 'ended')?.requestId,
  };
  for (const grants of [
    rest,
    [],
    [...HELD.grants, planted],
    [...HELD.grants, revived],
    [...HELD.grants, first],
  ])
    expect(await attack((log) => setValue(log, HOLDING, { ...HELD, grants }))).toContain(
      `record of ${HOLDING}`,
    );
  const other = `${HOLDING.slice(0, -1)}0`;
  const moved = await attack((log) => {
    setValue(log, HOLDING, { ...HELD, grants: rest });
    const holdingId = other.slice('holding#'.length);
    const value = { ...HELD, holdingId, grants: [first] };
    log.heads.set(other, { chain: other, seq: 0, hash: '0'.repeat(64), value });
  });
  expect(moved).toContain(`record of ${other}`);
  expect(await attack((log) => log.heads.delete(HOLDING))).toContain(`record of ${HOLDING}`);
  expect(await attack((log) => setValue(log, HOLDING, { grants: HELD.grants }))).not.toEqual([]);
});

describe('a record that was read before its last event was written', () => {
  const active = REQUESTS.find(({ state }) => state.status === 'active');
  if (!active) throw new Error('No active request');
  const { chain, events } = active;
  const behind = async (minutes: (n: number) => number, grants = HELD.grants) => {
    const dated = events.map((event, n) => ({ ...event, at: instant(minutes(n)) }));
    const story = dated.map((event, n) => ({ minute: minutes(n), event }));
    const log = auditLog(keys, new Map([[chain, story]]));
    log.policies.clear();
    const before = Object((log.rows.get(chain) ?? []).at(-2)?.row);
    const value = replay(dated.slice(0, -1));
    log.heads.set(chain, { chain, seq: dated.length - 1, hash: before.hash, value });
    log.heads.set(HOLDING, {
      ...{ chain: HOLDING, seq: 0, hash: '0'.repeat(64) },
      value: { ...HELD, grants },
    });
    return (await verified(log, keys)).findings;
  };

  test('is no finding while the request moves, nor is the grant that comes with it', async () => {
    expect(await behind((n) => 22 + n, [])).toEqual([]);
  });

  test('is one when the event is old: somebody set it back', async () => {
    expect(await behind((n) => n + 1, [])).toMatchObject([
      { code: 'wrong-head', where: `${chain}/${events.length}` },
      { code: 'record-altered', where: `record of ${HOLDING}` },
    ]);
  });
});

test('a source that knows only where chains stand is not asked about their records', async () => {
  const log = copyOf(clean);
  for (const [chain, { value: _, ...head }] of log.heads) log.heads.set(chain, head);
  expect(await verified(log, keys)).toMatchObject({ status: 'ok', counts: { records: 0 } });
});

test('events that lead nowhere claim what no record can', () => {
  const fold = openFold();
  fold.add({ type: 'GrantActivated' });
  const [claim] = fold.claims({ chain: 'request#x', seq: 1 });
  expect(claim?.text).toBe('nowhere');
});
