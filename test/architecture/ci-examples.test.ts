/**
 * The shell of the examples for CI, run as written with stand-ins for git, npm, gh and curl that note what they were told: the
 * comment is posted once and replaced afterwards, whatever it says stays one word, and a first policy file is no failure.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { temporaryFolder } from '../local/temporary-folder.ts';

const COMMENT = '<!-- hallpass-policy-diff -->\n$(touch hacked) `touch hacked` "\'; EOF\n| ➕ |\n';
const Step = z.object({ id: z.string().optional(), run: z.string().optional() });
const Workflow = z.object({ jobs: z.record(z.string(), z.object({ steps: z.array(Step) })) });
const Jobs = z.record(z.string(), z.object({ script: z.array(z.string()) }));

const { jobs } = Workflow.parse(parse(readFileSync('docs/examples/github-action.yml', 'utf8')));
const gitlab = Jobs.parse(parse(readFileSync('docs/examples/gitlab-job.yml', 'utf8')));
const compare = jobs['compare']?.steps.find(({ id }) => id === 'diff')?.run ?? '';
const comment = jobs['comment']?.steps[0]?.run ?? '';

/** Runs a script in an empty folder where these commands are only these. */
function shell(script: string, given: { comments?: string; hadPolicy?: boolean } = {}) {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  const command = (name: string, body: string) => {
    writeFileSync(at(name), `#!/bin/sh\n${body}\n`);
    chmodSync(at(name), 0o755);
  };
  const noted = `for word in "$@"; do printf '%s\\0' "$word" >> '${at('noted')}'; done`;
  writeFileSync(at('comment'), COMMENT);
  command('git', given.hadPolicy === false ? 'exit 128' : 'echo "version: 1"');
  command('npm', `[ "$5" = diff ] && cat '${at('comment')}'; ${noted}; exit 0`);
  command('gh', `${noted}\n[ "$2" = --paginate ] && printf '%s' '${given.comments ?? ''}'; exit 0`);
  command('curl', noted);
  const printed = execFileSync('bash', ['--norc', '-e', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env['PATH']}`,
      ...{ RUNNER_TEMP: folder, GITHUB_OUTPUT: at('output'), COMMENT },
      ...{ REPOSITORY: 'acme/pipeline', NUMBER: '7', POLICY_BOT_TOKEN: 'secret' },
      ...{ CI_API_V4_URL: 'https://gitlab.example/api/v4', CI_MERGE_REQUEST_PROJECT_ID: '5' },
      ...{ CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_DIFF_BASE_SHA: 'abc' },
    },
  });
  expect(existsSync(at('hacked'))).toBe(false);
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
  return { printed, read, told: read('noted').split('\0').slice(0, -1) };
}

describe('GitHub', () => {
  test('hands the comment on whole, and under a mark that it cannot hold', () => {
    const { printed, read } = shell(compare);
    expect(printed).toBe(COMMENT);
    expect(read('output')).toMatch(/^comment<<(end-[0-9a-f-]{36})\n[\s\S]*\n\1\n$/);
    expect(read('output')).toContain(COMMENT);
  });

  test('has nothing to compare with where there was no policy, and says so', () => {
    const { printed, read, told } = shell(compare, { hadPolicy: false });
    expect([printed, read('output'), told]).toEqual([
      expect.stringContaining('nothing to compare'),
      ...['', []],
    ]);
  });

  test('posts it once', () => {
    const { told } = shell(comment);
    const last = told.slice(told.indexOf('POST'));
    expect(last).toEqual([
      'POST',
      'repos/acme/pipeline/issues/7/comments',
      '--raw-field',
      `body=${COMMENT}`,
    ]);
  });

  test('and replaces it the next time', () => {
    const { told } = shell(comment, { comments: '41\n42\n' });
    expect(told).toContain('repos/acme/pipeline/issues/comments/41');
    expect(told).not.toContain('POST');
    expect(told.at(-1)).toBe(`body=${COMMENT}`);
  });
});

describe('GitLab', () => {
  const script = (job: string) => (gitlab[job]?.script ?? []).join('\n');

  test('keeps the comment as a file', () => {
    expect(shell(script('policy-compare')).read('policy-diff.md')).toBe(COMMENT);
  });

  test('has nothing to compare with where there was no policy, and says so', () => {
    const { read, told } = shell(script('policy-compare'), { hadPolicy: false });
    expect(read('policy-diff.md')).toContain('nothing to compare');
    expect(told).not.toContain('diff');
  });

  test('posts what the file says', () => {
    const { told } = shell(script('policy-comment'));
    expect(told).toContain('body@policy-diff.md');
    expect(told.at(-1)).toBe('https://gitlab.example/api/v4/projects/5/merge_requests/7/notes');
  });
});
