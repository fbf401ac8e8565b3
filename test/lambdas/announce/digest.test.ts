/** The words of a digest: what is wrong first, nothing that is not there, within Slack's limits whatever the names are. */
import fc from 'fast-check';
import { digestMessage } from '../../../lambdas/slack/views/digest.ts';
import { charactersIn, LIMITS } from '../../../lambdas/slack/views/limits.ts';
import {
  type Anomaly,
  type Counts,
  Digest,
  type DigestContent,
  LISTED,
} from '../../../shared/domain/digest/model.ts';
import { openTally } from '../../../shared/domain/digest/tally.ts';
import { anyCharacter } from '../../support/any-text.ts';

const DUE = '2026-11-22T08:00:00.000Z';
const line = (part: { requestId?: string; at?: string } = {}) => ({
  ...{ requestId: 'AR-7K2M9Q', subject: 'U0ANA', entitlementId: 'github:acme/deployers' },
  ...{ role: 'member', at: '2026-11-22T05:00:00.000Z' },
  ...part,
});
const digestOf = (content: Partial<DigestContent>, part: Partial<Digest> = {}): Digest =>
  Digest.parse({
    ...{ channel: 'C0ACCESS', day: '2026-11-22', timezone: 'Europe/Berlin', dueAt: DUE },
    ...{ madeAt: DUE, endsAt: '2026-11-22T23:00:00.000Z' },
    counted: { from: '2026-11-20T23:00:00.000Z', to: '2026-11-21T23:00:00.000Z' },
    content: { ...openTally().content(), ...content },
    message: { status: 'unsent', doubtful: false, lease: null, fence: 0 },
    ...part,
  });
const shown = (digest: Digest, { now = DUE, mayBeRepeat = false } = {}) => {
  const { message, plain } = digestMessage(digest, { now: new Date(now), mayBeRepeat });
  return { ...message, words: JSON.stringify(message.blocks), plain };
};
const counts = (part: Partial<Counts>): Counts => ({ ...openTally().content().counts, ...part });

test('says what happened yesterday, and only that', () => {
  const { words, text } = shown(
    digestOf({ counts: counts({ granted: 3, endedOnTime: 2, endedEarly: 1, endedOverdue: 1 }) }),
  );
  expect(words).toContain('Access digest for Sun 22 Nov');
  expect(words).toContain(
    '*Yesterday, Sat 21 Nov*\\n3 granted · 2 ended on time · 1 ended early · 1 ended overdue',
  );
  expect(words).not.toMatch(/denied|lapsed|Waiting|Ends today|STILL|Look at this|Late/);
  expect(text).toBe('Access digest for Sun 22 Nov: 3 granted');
});

test('says since when it counts, where that is not yesterday', () => {
  const counted = { from: '2026-11-18T23:00:00.000Z', to: '2026-11-21T23:00:00.000Z' };
  const digest = digestOf({ counts: counts({ denied: 1 }) }, { counted });
  expect(shown(digest).words).toContain('*Since Thu 19 Nov*\\n1 denied');
});

test('names access past its end before everything else', () => {
  const { words } = shown(
    digestOf({
      waiting: { count: 1, first: [line()] },
      overdue: { count: 1, first: [line({ requestId: 'AR-000002' })] },
    }),
  );
  expect(words.indexOf('STILL HAS ACCESS past its end: 1')).toBeGreaterThan(0);
  expect(words.indexOf('STILL HAS ACCESS')).toBeLessThan(words.indexOf('Waiting for approval: 1'));
  expect(words).toContain(
    'AR-000002 <@U0ANA>: `member` on `github:acme/deployers`, 3 h past its end',
  );
});

test('is one line where there is nothing but the checkpoint, with what is doubtful about it', () => {
  const sealed = { n: 8640, hash: 'a'.repeat(64) };
  const quiet = shown(digestOf({}, { sealed }));
  const words = `Nothing to tell for Sun 22 Nov · audit log sealed up to \`8640:${sealed.hash}\``;
  expect(quiet.blocks).toEqual([
    { type: 'context', elements: [{ type: 'mrkdwn', text: words, verbatim: true }] },
  ]);
  expect([quiet.text, quiet.plain.text]).toEqual([words, words]);
  const late = shown(digestOf({}, { sealed }), {
    now: '2026-11-22T12:00:00.000Z',
    mayBeRepeat: true,
  });
  expect(late.blocks).toHaveLength(1);
  expect(late.text).toMatch(/Late:.*may be a repeat/);
});

test('says for how long each request waits, and how many more there are', () => {
  const first = Array.from({ length: LISTED }, () => line());
  const { words } = shown(digestOf({ waiting: { count: 40, first } }));
  expect(words).toContain('Waiting for approval: 40');
  expect(words).toContain('AR-7K2M9Q <@U0ANA>: `member` on `github:acme/deployers`, for 3 h');
  expect(words).toContain(`… and ${40 - LISTED} more`);
});

test('says up to where the log is sealed, as audit verify --expect-last takes it; nothing while it is not', () => {
  const hash = 'a1'.repeat(32);
  const sealed = { n: 8640, hash };
  const { words, plain } = shown(digestOf({ counts: counts({ asked: 1 }) }, { sealed }));
  expect(words).toContain(`audit log sealed up to \`8640:${hash}\``);
  expect(plain.text).toContain(`8640:${hash}`);
  expect(`8640:${hash}`).toMatch(/^[1-9][0-9]{0,9}(:[0-9a-f]{64})?$/);
  expect(shown(digestOf({ counts: counts({ asked: 1 }) })).words).not.toContain('sealed');
});

test('a digest that was kept before digests told of checkpoints is read as one without', () => {
  const { sealed: _, ...old } = digestOf({});
  expect(Digest.parse(old).sealed).toBeNull();
});

test('says that it is late when it is, and not a few minutes after its time', () => {
  const digest = digestOf({ counts: counts({ asked: 1 }) });
  expect(shown(digest, { now: '2026-11-22T08:14:00.000Z' }).words).not.toContain('Late');
  expect(shown(digest, { now: '2026-11-22T12:00:00.000Z' }).words).toContain(
    '*Late:* this was due at <!date^1795334400^{time}|2026-11-22T08:00Z>',
  );
});

test('says that it may be a repeat when nobody knows', () => {
  const digest = digestOf({ counts: counts({ asked: 1 }) });
  expect(shown(digest).words).not.toContain('repeat');
  expect(shown(digest, { mayBeRepeat: true }).words).toContain('This may be a repeat');
});

const at = '2026-11-21T10:00:00.000Z';
const container = 'github:team:acme/deployers';
const ANOMALIES: [Anomaly, string][] = [
  [
    { kind: 'drift', at, subject: 'U0ANA', container, actual: null, expected: 'member' },
    '<@U0ANA> has nothing in `github:team:acme/deployers`, by our books `member`',
  ],
  [
    { kind: 'stranger', at, container, accountId: '4711', role: 'admin' },
    'account `4711` is `admin` of `github:team:acme/deployers` without a grant',
  ],
  [
    { kind: 'failed', ...line({ at }), code: 'account-not-found' },
    'was approved but could not be given: `account-not-found`',
  ],
  [{ kind: 'left', ...line({ at }) }, 'was changed by somebody else meanwhile and left as it is'],
  [{ kind: 'overdue', ...line({ at }), lateSeconds: 754 }, 'was gone 12m 34s after its end'],
];
test.each(ANOMALIES)('tells of %j', (anomaly, words) => {
  expect(shown(digestOf({ anomalies: { count: 1, first: [anomaly] } })).words).toContain(words);
});

test('the text that goes out without blocks says the same', () => {
  const { plain } = shown(
    digestOf({ counts: counts({ lapsed: 2 }), waiting: { count: 1, first: [line()] } }),
  );
  expect(plain.blocks).toEqual([]);
  for (const words of ['Access digest for Sun 22 Nov', 'Waiting for approval: 1', '2 lapsed'])
    expect(plain.text).toContain(words);
});

test('a review that is owed names its end, those who may give it, and that it is overdue', () => {
  const reviewers = ['U0BO', 'U0CY'];
  const owed = (at: string) => ({ ...line({ at }), reviewers });
  const soon = owed('2026-11-22T12:00:00.000Z');
  const late = { ...owed('2026-11-22T08:00:00.000Z'), reviewers: [] };
  const { words, text } = shown(digestOf({ reviews: { count: 2, first: [soon, late] } }));
  expect(text).toContain('2 to review');
  expect(words).toContain('Reviews owed for break-glass: 2');
  expect(words).toMatch(/, by <!date\^1795348800.*: <@U0BO> or <@U0CY> may review it/);
  expect(words).toMatch(/\*OVERDUE\* since <!date\^1795334400.*: an approver of it may review it/);
});

test('stays within the limits of Slack, whatever the names, and no name becomes a mention or a link', () => {
  const name = fc.string({ minLength: 1, maxLength: 300, unit: anyCharacter });
  const nasty = fc.constantFrom(
    '<!channel>',
    '<@U0BO>',
    '<https://evil.example|x>',
    '&'.repeat(300),
    '`'.repeat(300),
  );
  fc.assert(
    fc.property(fc.oneof(name, nasty), fc.oneof(name, nasty), (entitlementId, role) => {
      const entry = { ...line(), entitlementId, role };
      const list = { count: 9999, first: Array.from({ length: LISTED }, () => entry) };
      const failed = list.first.map((one) => ({ kind: 'failed' as const, ...one, code: role }));
      const drift = { kind: 'drift', at, subject: 'U0ANA', container: role, actual: role } as const;
      const { message, plain } = digestMessage(
        digestOf({
          counts: counts({ asked: 99_999, granted: 99_999, endedOverdue: 99_999 }),
          ...{ waiting: list, ending: list, overdue: list },
          reviews: {
            ...list,
            first: list.first.map((one) => ({
              ...one,
              reviewers: ['U0CY', 'W0123456789ABCDEFGHIJ'],
            })),
          },
          anomalies: {
            count: 9,
            first: [...failed.slice(1), { ...drift, expected: entitlementId }],
          },
        }),
        { now: new Date('2026-11-22T20:00:00Z'), mayBeRepeat: true },
      );
      const { blocks, charactersOverAllBlocks } = LIMITS.message;
      expect(message.blocks.length).toBeLessThanOrEqual(blocks);
      expect(charactersIn(message.blocks)).toBeLessThanOrEqual(charactersOverAllBlocks);
      for (const text of [JSON.stringify(message.blocks), plain.text]) {
        expect(text).not.toMatch(/<!channel|<@U0BO|<https/);
        expect(text.match(/<@U0ANA>/g)).toHaveLength(5 * LISTED);
      }
      for (const block of message.blocks)
        if (block.type === 'section')
          expect(block.text?.text.length).toBeLessThan(LIMITS.section.text);
    }),
    { numRuns: 40 },
  );
});
