import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import { gitlabProvider } from '../../shared/providers/gitlab/gitlab-provider.ts';
import {
  availableProviders,
  providerCatalog,
  providerRegistry,
} from '../../shared/providers/registry.ts';

const github = githubProvider({
  baseUrl: 'http://127.0.0.1:9',
  auth: { appId: '1', installationId: 1, privateKey: 'unused' },
  now: () => new Date('2026-11-22T10:00:00Z'),
});

const gitlab = gitlabProvider({
  baseUrl: 'http://127.0.0.1:9',
  token: 'unused',
  now: () => new Date('2026-11-22T10:00:00Z'),
});

test('finds a configured provider by name and no other', () => {
  const registry = providerRegistry([github]);
  expect(registry.names).toEqual(['github']);
  expect(registry.get('github')).toBe(github);
  expect(registry.get('gitlab')).toBeUndefined();
  expect(registry.get('constructor')).toBeUndefined();
});

test('two providers of one name are a mistake that is named', () => {
  expect(() => providerRegistry([github, github])).toThrow(/github, github/);
});

test('the catalog, which needs no credentials, says what the providers say', () => {
  for (const provider of [github, gitlab]) {
    const described = providerCatalog[provider.name];
    expect(Object.keys(described?.kinds ?? {})).not.toEqual([]);
    for (const [kind, { roles }] of Object.entries(described?.kinds ?? {})) {
      expect(provider.roles(kind)).toEqual(roles);
    }
  }
});

test('a provider whose credentials are broken is reported and keeps no other from working', async () => {
  const said: unknown[] = [];
  const registry = await availableProviders(
    [
      {
        make: async () => {
          throw new Error('The secret github is not usable: check appId.');
        },
        refused: () => false,
      },
      { make: async () => gitlab, refused: () => false },
    ],
    { error: (...line) => said.push(line) },
  );
  expect(registry.names).toEqual(['gitlab']);
  expect(JSON.stringify(said)).toContain('check appId');
});
