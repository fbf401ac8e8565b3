/** The archive in S3, over the wire: what was put first is what counts, and nothing that goes wrong is taken for an answer. */
import { s3Archive } from '../../shared/adapters/s3-archive.ts';
import { s3Client } from '../../shared/adapters/s3-client.ts';
import type { Archive } from '../../shared/ports-audit.ts';
import { type S3StandIn, s3StandIn } from '../support/s3-stand-in.ts';

const PATIENCE_MS = 20_000;
/** For calls that nobody answers; enough for those before them that are answered. */
const BRIEF = { patienceMs: 1000 };
let s3: S3StandIn;
const clients: { destroy(): void }[] = [];

/** `maxAttempts` as deployed is 2; one here shows what a single call does. */
function archive({ maxAttempts = 1, patienceMs = PATIENCE_MS } = {}): Archive {
  const client = s3Client({
    endpoint: s3.url,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { requestTimeout: patienceMs, throwOnRequestTimeout: true },
    maxAttempts,
  });
  clients.push(client);
  return s3Archive('audit', client, { bodyWithinMs: patienceMs });
}
const all = async (names: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const name of names) found.push(name);
  return found;
};
const puts = () => s3.calls.filter((call) => call.startsWith('PUT'));

beforeEach(async () => {
  s3 = await s3StandIn();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await s3.close();
});

test('keeps a text under its name, whatever is in it', async () => {
  const text = '{"a":"é \u{1F511} \\u0000"}\n';
  expect(await archive().get('checkpoints/0000000001.json')).toBeNull();
  expect(await archive().put('checkpoints/0000000001.json', text)).toBe(true);
  expect(await archive().get('checkpoints/0000000001.json')).toBe(text);
});

test('a name is taken once: whoever comes second is told and has changed nothing', async () => {
  expect(await archive().put('checkpoints/1', 'first')).toBe(true);
  expect(await archive().put('checkpoints/1', 'second')).toBe(false);
  expect(await archive().get('checkpoints/1')).toBe('first');
  const racing = await Promise.all(['a', 'b', 'c'].map((text) => archive().put('x', text)));
  expect(racing.filter((isFirst) => isFirst)).toHaveLength(1);
});

test('what somebody put on top, a newer version or a delete marker, hides nothing', async () => {
  await archive().put('checkpoints/1', 'first');
  for (const over of ['forged', null, 'forged again', null]) {
    s3.overwrite('checkpoints/1', over);
    expect(await archive().get('checkpoints/1')).toBe('first');
  }
  expect(await all(archive().names('checkpoints/'))).toEqual(['checkpoints/1']);
});

test('lists every name once and in order, over as many pages as there are', async () => {
  const names = [3, 1, 2, 5, 4].map((n) => `checkpoints/000000000${n}.json`);
  for (const name of names) await archive().put(name, name);
  s3.overwrite(names[0] ?? '', 'again');
  s3.overwrite(names[0] ?? '', null);
  await archive().put('leaves/0000000001-a.jsonl', 'x');
  expect(await all(archive().names('checkpoints/'))).toEqual([...names].sort());
  expect(s3.calls.filter((call) => call.includes('key-marker')).length).toBeGreaterThan(2);
  expect(await archive().get('checkpoints/0000000003.json')).toBe('checkpoints/0000000003.json');
});

test('a longer name is not the one that was asked for', async () => {
  await archive().put('checkpoints/1.json.bak', 'other');
  expect(await archive().get('checkpoints/1.json')).toBeNull();
});

test.each([
  ['a put that meets another under way', 409, 'ConditionalRequestConflict', true],
  ['a bucket that is busy', 503, 'SlowDown', true],
  ['an error of S3', 500, 'InternalError', true],
  ['a missing right', 403, 'AccessDenied', false],
])('%s (%i) is a fault that says so, never an answer', async (_what, status, code, retryable) => {
  const fault = { name: 'Fault', service: 'archive', retryable };
  s3.troubles.push({ status, code });
  await expect(archive().put('x', 'y')).rejects.toMatchObject(fault);
  s3.troubles.push({ status, code });
  await expect(archive().get('x')).rejects.toMatchObject(fault);
  s3.troubles.push({ status, code });
  await expect(all(archive().names('x'))).rejects.toThrow(code);
});

test('a bucket that is not there is a fault, not an empty archive', async () => {
  s3.troubles.push({ status: 404, code: 'NoSuchBucket' }, { status: 404, code: 'NoSuchBucket' });
  await expect(archive().get('x')).rejects.toThrow('NoSuchBucket');
  await expect(all(archive().names('x'))).rejects.toThrow('NoSuchBucket');
});

test('a put without an answer is a fault: it may have landed, and who puts again is told so', async () => {
  for (const [name, trouble, isFree] of [
    ['a', 'silent', true],
    ['b', 'lost', false],
  ] as const) {
    s3.troubles.push(trouble);
    await expect(archive(BRIEF).put(name, 'mine')).rejects.toMatchObject({ retryable: true });
    expect(await archive().put(name, 'mine')).toBe(isFree);
  }
});

test('a put whose first answer was lost is tried again by the SDK, finds itself, and says that the name is taken', async () => {
  s3.troubles.push('lost');
  expect(await archive({ ...BRIEF, maxAttempts: 2 }).put('checkpoints/1', 'mine')).toBe(false);
  expect(puts()).toHaveLength(2);
  expect(await archive().get('checkpoints/1')).toBe('mine');
});

test.each(['truncated', 'stalled', 'garbled'] as const)(
  'an answer that comes %s is a fault, never a shorter or another text',
  async (trouble) => {
    await archive().put('leaves/1', `${'line\n'.repeat(50)}`);
    s3.troubles.push(null, trouble);
    await expect(archive(BRIEF).get('leaves/1')).rejects.toMatchObject({
      name: 'Fault',
      retryable: true,
    });
  },
);

test('a list that breaks off is a fault, not a shorter list', async () => {
  for (const name of ['a', 'b', 'c']) await archive().put(name, name);
  for (const trouble of ['truncated', 'silent'] as const) {
    s3.troubles.push(null, trouble);
    await expect(all(archive(BRIEF).names(''))).rejects.toMatchObject({ name: 'Fault' });
  }
});
