/**
 * An attacker who leaves every event alone and changes what decisions read: the state in a request's record, its grant in a
 * holding. One log holds a request in every state that there is; each attack has a copy of its own, and has to be named.
 */
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { Json } from '../../../shared/domain/audit/canonical-json.ts';
import { holdingIdOf } from '../../../shared/domain/audit/chain.ts';
import { openFold } from '../../../shared/domain/audit/claims.ts';
import {
  type AuditLog,
  auditLog,
  copyOf,
  instant,
  openKeys,
  verified,
} from '../../support/audit-fixture.ts';
import {
  HELD,
  HELD_EVENTS,
  HOLDING,
  HOLDING_ID,
  logOf,
  REQUESTS,
  recordedLog,
  setValue,
} from '../../support/recorded-log.ts';

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

/** Nothing on record says these: docs/audit-format.md has the reason for each. */
const UNDECIDED = {
  holding: [
    ...['settleUntil', 'staleSchedules', 'lease', 'fence', 'attempts', 'nextAttemptAt'],
    ...['lastFault', 'drift', 'wakeAt', 'stray', 'container.id', 'subject'],
  ],
  grant: ['memberships', 'issued', 'scheduledFor'],
  intent: ['issuedAt', 'answer'],
};
const isUndecided = (path: readonly string[]): boolean => {
  const [name = '', index = '', ...rest] = path;
  const inner = rest[0] ?? '';
  if (name === 'grants') return UNDECIDED.grant.includes(inner);
  if (name === 'intents') return UNDECIDED.intent.includes(inner);
  return UNDECIDED.holding.includes(name) || UNDECIDED.holding.includes(`${name}.${index}`);
};

/** Still a record: another text, another id, another instant, another word of those that there are. */
function* likely(path: readonly string[], value: Json): Iterable<Json> {
  const last = path.at(-1) ?? '';
  const one = path.reduce<Json>((at, name) => Object(at)[name] ?? null, value);
  const words = { phase: ['activating', 'active', 'removing'], kind: ['add', 'remove'] };
  const others = path[0] === 'container' ? ['other'] : last in words ? Object(words)[last] : [];
  yield* others;
  yield null;
  if (typeof one === 'boolean') yield !one;
  if (typeof one === 'number') yield one + 1;
  if (last === 'dueAt') yield '2099-01-01T00:00:00.000Z';
  else if (last.endsWith('At') || last === 'until') yield instant(99);
  else if (typeof one === 'string')
    yield one.replace(/.$/, (letter) => (letter === '7' ? '3' : '7'));
  else yield 'evil';
}

test('every field of the record of a holding that events decide, changed, is found and the holding is named', async () => {
  const missed: string[] = [];
  const wanted = [...scalarsIn(Object(HELD))].map(({ path }) => path);
  for (const path of [...wanted, ['grants', '0', 'breakGlass'], ['baseline', 'variant']])
    for (const other of isUndecided(path) ? [] : likely(path, Object(HELD))) {
      const value = withAt(Object(HELD), path, path.at(-1) === 'breakGlass' ? true : other);
      if (JSON.stringify(value) === JSON.stringify(HELD)) continue;
      const named = await attack((log) => setValue(log, HOLDING, value));
      if (!named.includes(`record of ${HOLDING}`))
        missed.push(`${path.join('.')} ${JSON.stringify(other)}`);
    }
  expect(missed).toEqual([]);
});

test('whose account it is, changed, is found where one grant stands on it; several may be of different people', async () => {
  const [grant] = HELD.grants;
  const own = REQUESTS.filter(({ requestId }) => requestId === grant?.grantId);
  const of = (requests: typeof REQUESTS, part: Partial<typeof HELD>) =>
    verified(logOf(keys, requests, { ...HELD, ...part }), keys);
  const alone = { grants: HELD.grants.slice(0, 1) };
  expect((await of(own, alone)).findings).toEqual([]);
  for (const subject of ['U0EVE', null])
    expect((await of(own, { ...alone, subject })).findings).toMatchObject([
      { code: 'record-altered', where: `record of ${HOLDING}` },
    ]);
  expect((await of(REQUESTS, { subject: 'U0EVE' })).status).toBe('ok');
});

test('what nothing on record decides may be anything: the documents say so', async () => {
  const free = { fence: 99, wakeAt: null, attempts: 7, lastFault: 'x', drift: 'a/b' };
  const log = copyOf(clean);
  setValue(log, HOLDING, { ...HELD, ...free });
  expect((await verified(log, keys)).status).toBe('ok');
});

test('an approver, a planted baseline, an intent that was forgotten or made up: each is found', async () => {
  const [first, ...rest] = HELD.grants;
  if (!first) throw new Error('No grant');
  const owner = { role: 'owner', direct: true, until: null };
  const made = { intentId: 'x', kind: 'add', role: 'owner', issuedAt: instant(1), answer: 'open' };
  for (const part of [
    { grants: [{ ...first, approvers: [...first.approvers, 'U0EVE'] }, ...rest] },
    { grants: [{ ...first, approvers: [] }, ...rest] },
    { baseline: owner },
    { baseline: null },
    { ours: null },
    { ours: 'owner' },
    { intents: [] },
    { intents: [...HELD.intents, made] },
    { accountId: null },
    { holdingId: `${HOLDING_ID.slice(0, -1)}0` },
    { login: 'somebody-else' },
    { login: 'erased' },
    { container: { ...HELD.container, resource: 'acme/owners' } },
    { dueAt: null },
    { dueAt: '2099-01-01T00:00:00.000Z' },
    { subject: '\ud800' },
    { login: '\ud800' },
  ])
    expect(await attack((log) => setValue(log, HOLDING, { ...HELD, ...part }))).toContain(
      `record of ${HOLDING}`,
    );
});

test('a holding whose login was erased stands under its key while it lists nothing, and only then', async () => {
  const [, ...events] = HELD_EVENTS;
  const log = (value: unknown) => {
    const story = events.map((event, n) => ({ minute: n + 1, event }));
    const own = auditLog(keys, new Map([[HOLDING, story]]));
    own.policies.clear();
    setValue(own, HOLDING, value);
    return verified(own, keys);
  };
  const over = { ...HELD, accountId: null, grants: [], login: 'erased' };
  expect((await log(over)).findings).toEqual([]);
  expect((await log({ ...over, container: { ...over.container, kind: 'org' } })).status).toBe(
    'tampered',
  );
});

test('a holding without an event says nothing of its own', async () => {
  const idle = { ...HELD, accountId: null, baseline: null, ours: null, intents: [], grants: [] };
  const of = (value: unknown) => {
    const log = copyOf(clean);
    const other = 'holding#github:team:acme/deployers:';
    const holdingId = holdingIdOf({ ...HELD.container, login: 'bea-dev' });
    log.heads.set(`holding#${holdingId}`, {
      ...{ chain: `holding#${holdingId}`, seq: 0, hash: '0'.repeat(64) },
      value: { ...Object(value), holdingId, login: 'bea-dev' },
    });
    expect(holdingId).toContain(other.slice('holding#'.length));
    return verified(log, keys);
  };
  expect((await of(idle)).findings).toEqual([]);
  expect((await of({ ...idle, accountId: '1' })).status).toBe('tampered');
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
  const container = { ...HELD.container, resource: 'acme/payments' };
  const elsewhere = holdingIdOf({ ...container, login: HELD.login });
  const toAnotherTeam = await attack((log) => {
    setValue(log, HOLDING, { ...HELD, grants: rest });
    const undecided = { accountId: null, baseline: null, ours: null, intents: [] };
    const value = { ...HELD, ...undecided, holdingId: elsewhere, container, grants: [first] };
    const chain = `holding#${elsewhere}`;
    log.heads.set(chain, { chain, seq: 0, hash: '0'.repeat(64), value });
  });
  expect(toAnotherTeam).toContain(`record of holding#${elsewhere}`);
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
    const idle = { ...HELD, accountId: null, baseline: null, ours: null, intents: [] };
    log.heads.set(HOLDING, {
      ...{ chain: HOLDING, seq: 0, hash: '0'.repeat(64) },
      value: { ...idle, grants },
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
  const fold = openFold('request#x');
  fold.add({ type: 'GrantActivated' });
  const [claim] = fold.claims({ chain: 'request#x', seq: 1 });
  expect(claim?.text).toBe('nowhere');
});
