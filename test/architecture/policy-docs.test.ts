/** docs/policy.md has every key of the language and no other, and the examples for CI run commands that exist, with few rights. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { POLICY_COMMANDS } from '../../local/policy/policy.ts';
import { policyPaths } from '../support/policy-paths.ts';

const page = readFileSync('docs/policy.md', 'utf8');
const github = readFileSync('docs/examples/github-action.yml', 'utf8');
const gitlab = readFileSync('docs/examples/gitlab-job.yml', 'utf8');

const reference = page.slice(0, page.indexOf('## On the command line'));
const rows = [...reference.matchAll(/^\| `([^`]+)` \|[^|]+\|[^|]*\|[^|]*\|$/gm)];

test('every key of the policy language has a row, and every row is a key', () => {
  expect(rows.map(([, key]) => key).sort()).toEqual([...policyPaths()].sort());
});

test('every command is on the page, and the page names no other', () => {
  const told = [...page.slice(page.indexOf('| command |')).matchAll(/^\| `([a-z-]+)[^`]*` \|/gm)];
  expect(told.map(([, name]) => name).sort()).toEqual([...POLICY_COMMANDS.keys()].sort());
});

test.each([
  ['GitHub', github],
  ['GitLab', gitlab],
])('the example for %s uses commands and options that exist', (_, text) => {
  const used = [...text.matchAll(/npm run --silent policy -- ([a-z-]+)([^\n>]*)/g)];
  expect(used.map(([, name]) => name)).toEqual(['check', 'test', 'diff']);
  for (const [, name = '', rest = ''] of used)
    for (const [option] of rest.matchAll(/--[a-z-]+/g))
      expect(POLICY_COMMANDS.get(name)?.usage).toContain(option);
});

const Job = z.object({
  permissions: z.record(z.string(), z.string()),
  steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
});
const Workflow = z.object({
  on: z.strictObject({ pull_request: z.object({}) }),
  permissions: z.strictObject({}),
  jobs: z.strictObject({ compare: Job, comment: Job }),
});

test('the workflow has no right but what each job needs, and whoever may write runs nothing of the change', () => {
  const { jobs } = Workflow.parse(parse(github));
  expect(jobs.compare.permissions).toEqual({ contents: 'read' });
  expect(jobs.comment.permissions).toEqual({ 'pull-requests': 'write' });
  expect(JSON.stringify(jobs.comment.steps)).not.toMatch(/npm|npx|node|checkout/);
  const actions = jobs.compare.steps.flatMap(({ uses }) => uses ?? []);
  expect(actions).toHaveLength(2);
  for (const each of actions) expect(each).toMatch(/@[0-9a-f]{40}$/);
  for (const { run } of [...jobs.compare.steps, ...jobs.comment.steps])
    expect(run ?? '').not.toContain('${{');
});

test('the GitLab job that has the token runs nothing of the change', () => {
  const Jobs = z.record(z.string(), z.object({ script: z.array(z.string()) }));
  const jobs = Jobs.parse(parse(gitlab));
  expect(Object.keys(jobs)).toEqual(['policy-compare', 'policy-comment']);
  expect(jobs['policy-compare']?.script.join()).not.toContain('TOKEN');
  expect(jobs['policy-comment']?.script.join()).not.toMatch(/npm|npx|node |git /);
});
