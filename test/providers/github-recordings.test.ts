/** Answers that the real api.github.com gave (recorded by @octokit/fixtures), read by our client. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { teamMembersAnswer, userAnswer } from '../../shared/providers/github/answers.ts';
import { githubApi } from '../../shared/providers/github/github-api.ts';
import { teamMembers } from '../../shared/providers/github/team-members.ts';

const Recorded = z.array(
  z.object({
    method: z.string(),
    path: z.string(),
    status: z.int(),
    response: z.unknown(),
    headers: z.record(z.string(), z.coerce.string()),
  }),
);
type Recorded = z.infer<typeof Recorded>[number];

const scenario = (name: string): Recorded[] =>
  Recorded.parse(
    JSON.parse(
      readFileSync(
        resolve(
          `node_modules/@octokit/fixtures/scenarios/api.github.com/${name}/normalized-fixture.json`,
        ),
        'utf8',
      ),
    ),
  );
const only = (name: string, method: string, status: number): Recorded => {
  const found = scenario(name).find((each) => each.method === method && each.status === status);
  if (!found) throw new Error(`${name} holds no ${method} ${status}`);
  return found;
};

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A client whose every question (after the token) is answered by the next recording. */
function answeredBy(...recordings: readonly Recorded[]) {
  const left = [...recordings];
  const asked: string[] = [];
  const api = githubApi({
    baseUrl: 'https://api.github.com',
    auth: { appId: '1', privateKey, installationId: 1 },
    now: () => new Date(),
    fetch: async (url, init) => {
      if (String(url).endsWith('/access_tokens'))
        return Response.json(
          { token: 'ghs_recorded', expires_at: new Date(Date.now() + 3_600_000).toISOString() },
          { status: 201 },
        );
      asked.push(`${init?.method} ${String(url)}`);
      const recording = left.shift();
      if (!recording) throw new Error(`${String(url)} was asked without a recording`);
      return answerOf(recording);
    },
  });
  return { api, asked };
}

function answerOf({ status, response, headers }: Recorded): Response {
  const kept = Object.entries(headers)
    .filter(([name]) => !['content-encoding', 'content-length', 'transfer-encoding'].includes(name))
    .map(([name, value]): [string, string] => [name, value]);
  return new Response(status === 204 ? null : JSON.stringify(response), { status, headers: kept });
}

const question = (status: 200 | 204, schema: z.ZodType = z.unknown()) => ({
  route: 'GET /users/{username}',
  parameters: { username: 'octokit-fixture-user-a' },
  permission: 'read' as const,
  status,
  schema,
});
const change = {
  ...question(204),
  route: 'DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}',
  parameters: { org: 'o', team_slug: 't', username: 'u' },
  permission: 'write' as const,
};

test('people in a recorded list have the fields that are read', () => {
  const people = scenario('add-and-remove-repository-collaborator').filter(
    ({ method, path }) => method === 'get' && path.endsWith('/collaborators'),
  );
  expect(people).toHaveLength(2);
  for (const { response } of people) {
    expect(z.array(userAnswer).safeParse(response).error).toBeUndefined();
    expect(teamMembersAnswer.safeParse(response).error).toBeUndefined();
  }
});

test('a recorded 204 is the success of a change', async () => {
  const { api } = answeredBy(only('add-and-remove-repository-collaborator', 'delete', 204));
  expect(await api.ask(change)).toMatchObject({ value: undefined });
});

test.each([
  ['get', 301],
  ['patch', 307],
])(
  'a recorded redirect (%s, %i) is refused: the token goes nowhere else',
  async (method, status) => {
    const { api, asked } = answeredBy(only('rename-repository', method, status));
    await expect(api.ask(question(200))).rejects.toMatchObject({
      code: 'malformed-answer',
      retryable: false,
    });
    expect(asked).toHaveLength(1);
  },
);

test('a recorded 422 proves that nothing was changed, and is not taken for a wrong role', async () => {
  const { api } = answeredBy(only('errors', 'post', 422));
  await expect(api.ask(change)).rejects.toMatchObject({ code: 'conflict', applied: 'no' });
});

test('a recorded list of another kind is malformed, never an empty team', async () => {
  const { api } = answeredBy(only('get-organization', 'get', 200));
  await expect(api.ask(question(200, teamMembersAnswer))).rejects.toMatchObject({
    code: 'malformed-answer',
  });
});

test('recorded page links are followed to the last page, and no further', async () => {
  const pages = scenario('paginate-issues');
  const everyone = scenario('add-and-remove-repository-collaborator').find(
    ({ path, method }) => method === 'get' && path.endsWith('/collaborators'),
  );
  const [someone] = z.array(z.looseObject({ id: z.int() })).parse(everyone?.response);
  const withPeople = pages.map((page, index) => ({
    ...page,
    response: [{ ...someone, id: index + 1 }],
  }));
  const { api, asked } = answeredBy(...withPeople);
  const seen: number[] = [];
  for await (const member of teamMembers(api, { org: 'o', team_slug: 't' }, 'all'))
    seen.push(member.id);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toHaveLength(pages.length);
});
