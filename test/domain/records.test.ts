/** Whatever the journal keeps goes through its schema unchanged, or not at all. */
import { replay } from '../../shared/domain/access-request/evolve.ts';
import {
  CHAIN_KINDS,
  type ChainKind,
  type EventOf,
  isChainKind,
  type Kind,
  parseEvent,
  parseRecord,
  RECORDS,
  type RecordOf,
} from '../../shared/domain/records.ts';
import { asked, HASH, HISTORIES, holding, iso } from '../support/samples.ts';

const sealed = { key: 'k', iv: 'i', ciphertext: 'c', tag: 't' };
const by = { kind: 'person' as const, id: 'U0BO' };
const place = { channel: 'C0ACCESS', ts: '1.2', version: 3 };
const commitment = `sha256:${HASH}`;

const SAMPLES: { [K in Kind]: RecordOf<K> } = {
  container: { strangers: ['4711'], known: [], lookedAt: iso() },
  request: replay(HISTORIES.active),
  holding: holding({ dueAt: iso() }),
  authenticator: {
    owner: 'U0BO',
    authenticatorId: 'a'.repeat(32),
    sealed,
    enrolledAt: iso(),
    mayApproveFrom: iso(),
    lastStep: 0,
    attempts: 0,
    failuresInRow: 0,
    lockedUntil: null,
    needsProof: false,
    recovery: null,
    reset: null,
    approvalsVoidUntil: null,
  },
  refusals: { day: '2026-03-02' },
  administration: { day: '2026-03-02' },
  legalHold: { by: { kind: 'operator' }, at: iso() },
  policy: { hash: HASH, activatedAt: iso() },
  pause: { paused: true, by, at: iso() },
  policyVersion: { hash: HASH, text: 'version: 1', content: '{}', storedAt: iso() },
  enrolment: { stage: 'vouched', owner: 'U0BO', vouch: { by, until: iso(600) } },
  link: { accountId: '4711', slackUserId: 'U0ANA', pinnedAt: iso() },
  text: { text: 'INC-123 \u202e rollback', salt: 's', commitment },
  pendingLock: { requestId: 'AR-7K2M9Q' },
  glass: {
    taken: [{ requestId: 'AR-7K2M9Q', at: iso(), reviewBy: iso(600), reviewed: false }],
  },
  alias: { accounts: ['U0ANA'], expiresAt: iso(600) },
  usage: { requests: ['AR-7K2M9Q', 'AR-7K2M9R'] },
  ahead: { memberships: { 'slack:S0OPS': ['U0ANA'] }, expiresAt: iso(60) },
  leaver: { at: iso(), dueAt: iso() },
  watch: { tracker: 'jira', key: 'INC-123', dueAt: iso(), unreadableSince: null },
  notice: { owner: 3, security: 2, due: null, lease: null, fence: 1 },
  interaction: { requestId: null, expiresAt: iso(60) },
  draft: {
    requestId: 'AR-7K2M9Q',
    requester: 'U0ANA',
    subject: 'U0ANA',
    entitlement: 'github:acme/deployers',
    role: 'member',
    durationSeconds: 7200,
    justification: 'INC-123 rollback',
    salt: 's',
    start: { notBefore: iso(3600), until: null },
    breakGlass: null,
    expiresAt: iso(1800),
  },
  suggestion: {
    requester: 'U0ANA',
    typed: 'github:acme/deployer member 2h INC-123 rollback',
    lines: ['github:acme/deployers member 2h INC-123 rollback'],
    expiresAt: iso(1800),
  },
  card: {
    channel: place,
    dm: null,
    told: 2,
    overdue: false,
    direct: [{ what: 'reminder', to: 'U0ANA', dueAt: iso(6360), place, open: false }],
    trouble: null,
    doubtSince: null,
    twin: false,
    drawn: 2,
    lease: null,
    fence: 0,
  },
  dismissal: { by: 'U0ANA', at: iso() },
  home: {
    openedAt: iso(),
    shown: null,
    viewHash: null,
    lens: null,
    version: 0,
    lease: null,
    fence: 0,
  },
  digest: {
    channel: 'C0ACCESS',
    day: '2026-03-02',
    timezone: 'Europe/Berlin',
    dueAt: iso(),
    madeAt: iso(),
    endsAt: iso(50_000),
    counted: { from: iso(-120_000), to: iso(-33_000) },
    content: {
      counts: {
        ...{ asked: 1, granted: 0, denied: 0, lapsed: 0, withdrawn: 0, failed: 0 },
        ...{ endedOnTime: 0, endedEarly: 0, endedOverdue: 0 },
      },
      halts: [{ kind: 'stopped', since: iso(), proposedBy: 'U0ANA', confirmedBy: 'U0BO' }],
      waiting: { count: 0, first: [] },
      ending: { count: 0, first: [] },
      overdue: { count: 0, first: [] },
      reviews: { count: 0, first: [] },
      anomalies: { count: 0, first: [] },
    },
    sealed: { n: 1, hash: HASH },
    message: { status: 'skipped' },
  },
  stop: {
    standing: { since: iso(), proposedBy: 'U0ANA', confirmedBy: 'U0BO' },
    proposal: { what: 'lift', by: 'U0BO', at: iso(), until: iso(600) },
    clearedAt: null,
  },
  seal: { n: 1, hash: HASH, to: iso() },
  heartbeat: { at: iso() },
};

const about = { v: 1 as const, at: iso(), actor: by };
const EVENTS: { [K in ChainKind]: EventOf<K> } = {
  container: {
    type: 'StrangerFound',
    ...about,
    actor: { kind: 'ensure' },
    container: 'github:team:acme/deployers',
    accountId: '4711',
    role: 'member',
  },
  request: asked(),
  holding: {
    type: 'AccountPinned',
    ...about,
    actor: { kind: 'ensure' },
    holdingId: holding().holdingId,
    accountId: '4711',
  },
  authenticator: { type: 'CodeAccepted', ...about, owner: 'U0BO', step: 7, purpose: 'approve' },
  refusals: {
    type: 'CommandRefused',
    ...about,
    command: 'ApproveRequest',
    requestId: 'AR-7K2M9Q',
    code: 'self-approval',
  },
  administration: {
    type: 'TextErased',
    ...about,
    requestId: 'AR-7K2M9Q',
    text: 'reason',
  },
  policy: { type: 'PolicyChanged', ...about, hash: HASH, previousHash: null },
  pause: { type: 'GrantsPaused', ...about, scope: 'all' },
  stop: {
    type: 'EverythingStopped',
    ...about,
    scope: 'all',
    proposedBy: 'U0ANA',
    factor: { kind: 'totp', step: 7 },
  },
  enrolment: { type: 'SecretRevealed', ...about, owner: 'U0BO', authenticatorId: 'a'.repeat(32) },
};

const isKind = (name: string): name is Kind => Object.hasOwn(RECORDS, name);
const kinds = Object.keys(RECORDS).filter(isKind);
const chains = kinds.filter(isChainKind);

test.each(kinds)('a record of kind %s comes back from JSON as it was', (kind) => {
  expect(parseRecord[kind](JSON.parse(JSON.stringify(SAMPLES[kind])))).toEqual(SAMPLES[kind]);
});

test.each(kinds)('a record of kind %s with an unknown key is refused', (kind) => {
  expect(() => parseRecord[kind]({ ...SAMPLES[kind], surprise: 1 })).toThrow('surprise');
});

/** Keys that rows of earlier versions lack: they are filled in. */
const ADDED_LATER: { readonly [K in Kind]?: readonly string[] } = {
  card: ['direct', 'trouble', 'doubtSince', 'twin', 'drawn'],
  draft: ['start', 'breakGlass'],
  container: ['known'],
  digest: ['sealed'],
  request: [
    ...['start', 'ticket', 'breakGlass', 'review', 'reviewOverdueAt'],
    ...['nudgedAt', 'escalation', 'extension', 'deniedExtension'],
  ],
};

test('a row of an earlier version is read: what it lacks is filled in', () => {
  const { direct, trouble, doubtSince, twin, drawn, ...earlier } = SAMPLES.card;
  const filled = { direct: [], trouble: null, doubtSince: null, twin: false, drawn: 0 };
  expect(parseRecord.card(earlier)).toEqual({ ...earlier, ...filled });
  const { known, ...container } = SAMPLES.container;
  expect(parseRecord.container(container)).toEqual({ ...container, known: [] });
});

test.each(kinds)('a record of kind %s with a missing key is refused', (kind) => {
  for (const key of Object.keys(SAMPLES[kind])) {
    if (ADDED_LATER[kind]?.includes(key)) continue;
    const rest = Object.fromEntries(Object.entries(SAMPLES[kind]).filter(([name]) => name !== key));
    expect(() => parseRecord[kind](rest)).toThrow();
  }
});

test.each(chains)('an event of kind %s comes back from JSON as it was', (kind) => {
  expect(parseEvent[kind](JSON.parse(JSON.stringify(EVENTS[kind])))).toEqual(EVENTS[kind]);
});

test.each(chains)('an event of kind %s is refused with an unknown key, type or version', (kind) => {
  const event = EVENTS[kind];
  expect(() => parseEvent[kind]({ ...event, name: 'Ana' })).toThrow('name');
  expect(() => parseEvent[kind]({ ...event, type: 'SomethingElse' })).toThrow();
  expect(() => parseEvent[kind]({ ...event, v: 9 })).toThrow();
});

test.each([
  ['a name instead of a Slack id', { requester: 'ana' }],
  ['a time without milliseconds', { at: '2026-03-02T09:00:00Z' }],
  ['a time with an offset', { at: '2026-03-02T09:00:00.000+01:00' }],
  ['free text instead of a commitment', { justification: 'INC-123 rollback' }],
  ['half a second', { durationSeconds: 0.5 }],
  ['no time at all', { durationSeconds: 0 }],
  ['an id with letters that look like digits', { requestId: 'AR-O0I1LU' }],
  ['a hash in capitals', { contentHash: 'A'.repeat(64) }],
])('an ask with %s is refused', (_what, part) => {
  expect(() => parseEvent.request({ ...asked(), ...part })).toThrow();
});

test('only chains have events', () => {
  expect(Object.keys(parseEvent).sort()).toEqual(chains.toSorted());
  expect(kinds.filter((kind) => RECORDS[kind].events !== null)).toEqual(chains);
  expect(CHAIN_KINDS.toSorted()).toEqual(chains.toSorted());
});
