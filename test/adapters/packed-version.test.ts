/** Large policy versions in a store whose items are small. */
import { randomBytes } from 'node:crypto';
import { packedVersion, unpackedVersion } from '../../shared/adapters/packed-version.ts';
import { MAX_POLICY_BYTES } from '../../shared/adapters/policy-file.ts';
import { first, GOOD, read } from './policy-file-given.ts';

const small = { hash: 'h', text: 'version: 1', content: '{}', storedAt: 'then' };
const large = { ...small, text: 'x: y\n'.repeat(40_000), content: JSON.stringify('y'.repeat(9)) };

test('a small one stays readable in the table', () => {
  expect(packedVersion(small)).toBe(small);
  expect(unpackedVersion(small)).toBe(small);
});

test('a large one is packed, and comes back to the character', () => {
  const stored = packedVersion(large);
  expect(JSON.stringify(stored).length).toBeLessThan(2000);
  expect(stored).not.toHaveProperty('text');
  expect(unpackedVersion(stored)).toEqual(large);
});

test.each([
  ['bytes that are not packed', Uint8Array.of(1, 2, 3)],
  ['nothing', new Uint8Array()],
])('%s are the text of no policy', (_, packed) => {
  const row = { hash: 'h', storedAt: 'then', packed };
  expect(unpackedVersion(row)).toEqual({ ...small, text: '', content: '' });
});

test('a file that holds more than an item takes is refused where it is read, whatever its size', () => {
  const noise = randomBytes(700_000).toString('base64');
  const text = `${GOOD}${(noise.match(/.{1,200}/g) ?? []).map((line) => `# ${line}`).join('\n')}\n`;
  expect(text.length).toBeLessThan(MAX_POLICY_BYTES);
  expect(first(text)).toMatch(
    /^1:1 The file holds too much to be stored: \d+ KB packed, at most 380 KB/,
  );
  expect(read(`${GOOD}#${'x'.repeat(500_000)}`).ok).toBe(true);
});
