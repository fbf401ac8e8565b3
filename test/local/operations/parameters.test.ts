/** What a teardown leaves for the deploy after it: without its parameters the new app would serve nobody and end nobody's access. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../../local/operations/deployed.ts';
import {
  forgetParameters,
  keepParameters,
  keptParameters,
  parametersFile,
  parametersOf,
} from '../../../local/operations/parameters.ts';

const settings: Settings = {
  ...{ tenant: 'acme', slackTeamId: 'T1', slackAppId: 'A1' },
  ...{ slackApiUrl: 'https://slack.com/api/', githubApiUrl: 'https://api.github.com' },
  ...{ githubAppKeyId: '', gitlabApiUrl: '', publicUrl: 'https://jit.example.com' },
  removalsConcurrency: '0',
};
const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-parameters-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

test('they are called as in the template; what was never given is left to its default', () => {
  expect(parametersOf(settings)).toEqual({
    ...{ Tenant: 'acme', SlackTeamId: 'T1', SlackAppId: 'A1', RemovalsConcurrency: '0' },
    ...{ SlackApiUrl: 'https://slack.com/api/', GithubApiUrl: 'https://api.github.com' },
    PublicUrl: 'https://jit.example.com',
  });
});

test('before any teardown nothing is given', () => {
  expect(keptParameters('dev', [])).toEqual([]);
});

test('the next deploy of that stage gives them again, but for what is given by hand', () => {
  keepParameters('dev', settings);
  const again = keptParameters('dev', []);
  expect(again).toContain('Hallpass-dev:Tenant=acme');
  expect(again.filter((arg) => arg === '--parameters')).toHaveLength(again.length / 2);
  expect(keptParameters('prod', [])).toEqual([]);
  for (const rest of [
    ['--parameters', 'SlackTeamId=T2'],
    ['--parameters=SlackTeamId=T2'],
    ['--parameters', 'Hallpass-dev:SlackTeamId=T2'],
  ]) {
    const given = keptParameters('dev', rest);
    expect(given).not.toContain('Hallpass-dev:SlackTeamId=T1');
    expect(given).toContain('Hallpass-dev:SlackAppId=A1');
  }
  forgetParameters('dev');
  expect(keptParameters('dev', [])).toEqual([]);
});

test.each(['{', '[]', '{"Tenant":1}'])(
  'a file that says nothing usable stops the deploy, which would be another tenant: %s',
  (content) => {
    keepParameters('dev', settings);
    writeFileSync(parametersFile('dev'), content);
    expect(() => keptParameters('dev', [])).toThrow(/dev-parameters\.json .* cannot be understood/);
  },
);
