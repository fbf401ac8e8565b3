import { type AccessProvider, ProviderFault } from '../../shared/ports.ts';
import { withFreshCredentials } from '../../shared/providers/fresh-credentials.ts';

const refusal = new ProviderFault('the token is not valid any more', {
  code: 'unauthorized',
  retryable: false,
  applied: 'no',
});
const TEAM = { provider: 'github', kind: 'team', resource: 'acme/deployers' };
const ANA = { accountId: '1', login: 'ana-dev' };

/** A provider that refuses its credentials or takes them; `calls` is what reached it. */
function providerWith(credentials: 'good' | 'bad', calls: string[]): AccessProvider {
  const asked = async <T>(what: string, answer: T): Promise<T> => {
    calls.push(`${what} with ${credentials}`);
    if (credentials === 'bad') throw refusal;
    return answer;
  };
  return {
    name: 'github',
    inflightSeconds: 34,
    completeness: 'R0',
    roles: () => ['member'],
    resolveAccount: () => asked('resolve', ANA),
    currentAccount: () => asked('current', ANA),
    checkEligible: () => asked('check', undefined),
    read: () => asked('read', { role: null, direct: true, until: null }),
    setRole: () => asked('set', undefined),
    remove: () => asked('remove', undefined),
    list: () => asked('list', []),
  };
}

/** Credentials that were rotated a moment ago: the first ones are refused. */
function rotated(refused: () => boolean = () => true) {
  const calls: string[] = [];
  const made = [providerWith('bad', calls), providerWith('good', calls)];
  let fetched = 0;
  const source = {
    make: async () => made[fetched]!,
    refused: () => {
      if (!refused()) return false;
      fetched = 1;
      return true;
    },
  };
  return { calls, source };
}

test('what the old credentials are refused is asked once more with the new ones, which then serve the whole run', async () => {
  const { calls, source } = rotated();
  const provider = await withFreshCredentials(source);
  await provider.read(TEAM, ANA);
  await provider.setRole(TEAM, ANA, 'member', null);
  await provider.list(TEAM);
  expect(calls).toEqual(['read with bad', 'read with good', 'set with good', 'list with good']);
});

test('a change is never repeated, but the next run has new credentials', async () => {
  const { calls, source } = rotated();
  const provider = await withFreshCredentials(source);
  await expect(provider.remove(TEAM, ANA)).rejects.toBe(refusal);
  expect(calls).toEqual(['remove with bad']);
  await (await withFreshCredentials(source)).remove(TEAM, ANA);
  expect(calls).toEqual(['remove with bad', 'remove with good']);
});

test('credentials that are bad and stay bad are reported after one question', async () => {
  const { calls, source } = rotated(() => false);
  const provider = await withFreshCredentials(source);
  await expect(provider.checkEligible(TEAM, ANA)).rejects.toBe(refusal);
  expect(calls).toEqual(['check with bad']);
});

test('credentials that are the same after reading them anew are not tried again', async () => {
  const calls: string[] = [];
  const bad = providerWith('bad', calls);
  const provider = await withFreshCredentials({ make: async () => bad, refused: () => true });
  await expect(provider.resolveAccount('ana-dev')).rejects.toBe(refusal);
  expect(calls).toEqual(['resolve with bad']);
});

test('any other fault is nobody’s reason to fetch a secret', async () => {
  const slow = new ProviderFault('too slow', { code: 'timeout', retryable: true, applied: 'no' });
  const provider = await withFreshCredentials({
    make: async () => ({
      ...providerWith('good', []),
      read: async () => {
        throw slow;
      },
    }),
    refused: () => {
      throw new Error('a secret was fetched');
    },
  });
  await expect(provider.read(TEAM, ANA)).rejects.toBe(slow);
});

test('a provider that pins containers still does, and one that does not is not asked to', async () => {
  const pinning = { ...providerWith('good', []), containerId: async () => '42' };
  const source = { make: async () => pinning, refused: () => false };
  expect(await (await withFreshCredentials(source)).containerId?.(TEAM)).toBe('42');
  const plain = await withFreshCredentials(rotated().source);
  expect(plain).not.toHaveProperty('containerId');
});
