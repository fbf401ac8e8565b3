/** Jira and GitHub Issues as their documentation shows their answers, and whatever else they may say. */
import type { Fetch } from '../../shared/adapters/bounded-get.ts';
import { TicketSettings, trackers } from '../../shared/adapters/tickets/trackers.ts';

const NOW = new Date('2026-11-23T09:00:00.000Z');

function scripted(answer: () => Response | Promise<Response>) {
  const seen: { url: string; headers: Headers; redirect: string | undefined }[] = [];
  const fetch: Fetch = async (url, init) => {
    seen.push({ url: url.href, headers: new Headers(init.headers), redirect: init.redirect });
    return answer();
  };
  const settings = TicketSettings.parse({
    jira: { site: 'https://acme.atlassian.net', email: 'bot@acme.example', token: 'jira-secret' },
    github: { token: 'gh-secret', apiUrl: 'https://ghe.acme.example/api/v3/' },
  });
  return { seen, book: trackers(async () => settings, { fetch }) };
}
const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const jiraIssue = (category: string) => ({
  expand: 'names,schema',
  id: '10002',
  self: 'https://acme.atlassian.net/rest/api/3/issue/10002',
  key: 'INC-1',
  fields: {
    status: {
      name: 'In Progress',
      id: '3',
      statusCategory: { id: 4, key: category, colorName: 'yellow', name: 'In Progress' },
    },
  },
});
const githubIssue = (state: string, more: object = {}) => ({
  ...{ id: 1, number: 1347, state, title: 'Found a bug', locked: true, ...more },
});

test.each([
  ['new', 'open'],
  ['indeterminate', 'open'],
  ['done', 'closed'],
])('Jira: the category %s is %s', async (category, standing) => {
  const { book, seen } = scripted(json(jiraIssue(category)));
  expect(await book.standing('jira', 'INC-1', NOW)).toBe(standing);
  expect(seen[0]?.url).toBe(
    'https://acme.atlassian.net/rest/api/3/issue/INC-1?fields=status%2Csummary',
  );
  expect(seen[0]?.headers.get('authorization')).toBe(
    `Basic ${Buffer.from('bot@acme.example:jira-secret').toString('base64')}`,
  );
  expect(seen[0]?.redirect).toBe('manual');
});

test('GitHub: open, closed, and a pull request is no ticket', async () => {
  for (const [body, standing] of [
    [githubIssue('open'), 'open'],
    [githubIssue('closed'), 'closed'],
    [githubIssue('open', { pull_request: { url: 'https://x.example' } }), 'missing'],
  ] as const) {
    const { book, seen } = scripted(json(body));
    expect(await book.standing('github', 'octo/hello.world#1347', NOW)).toBe(standing);
    expect(seen[0]?.url).toBe('https://ghe.acme.example/api/v3/repos/octo/hello.world/issues/1347');
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer gh-secret');
  }
});

test('the title comes with the answer that is known already, and is nothing where the tracker gives none', async () => {
  const issue = jiraIssue('new');
  const jira = scripted(json({ ...issue, fields: { ...issue.fields, summary: 'Site <down>' } }));
  expect(await jira.book.standing('jira', 'INC-1', NOW)).toBe('open');
  expect(await jira.book.title('jira', 'INC-1', NOW)).toBe('Site <down>');
  expect(jira.seen).toHaveLength(1);
  expect(await scripted(json(issue)).book.title('jira', 'INC-1', NOW)).toBeNull();
  const github = (body: object, status = 200) =>
    scripted(json(body, status)).book.title('github', 'octo/hello.world#1347', NOW);
  expect(await github(githubIssue('open'))).toBe('Found a bug');
  expect(await github(githubIssue('open', { title: null }))).toBeNull();
  expect(await github(githubIssue('open', { pull_request: {} }))).toBeNull();
  expect(await github({}, 404)).toBeNull();
});

test('what is not there is missing, at either of them', async () => {
  const jira = { errorMessages: ['Issue does not exist or you do not have permission to see it.'] };
  expect(await scripted(json(jira, 404)).book.standing('jira', 'INC-1', NOW)).toBe('missing');
  for (const status of [404, 410]) {
    const { book } = scripted(json({ message: 'Not Found' }, status));
    expect(await book.standing('github', 'a/b#1', NOW)).toBe('missing');
  }
});

test('a key that could leave its path asks nobody', async () => {
  const { book, seen } = scripted(json(githubIssue('open')));
  for (const key of ['a/..#1', 'a/.#1', 'a/b/c#1', '#1', 'a/b#1?x'])
    expect(await book.standing('github', key, NOW)).toBe('missing');
  expect(seen).toEqual([]);
});

test('an answer serves for 45 seconds, and only for its own ticket', async () => {
  const { book, seen } = scripted(json(jiraIssue('new')));
  await book.standing('jira', 'INC-1', NOW);
  await book.standing('jira', 'INC-1', new Date(NOW.getTime() + 44_000));
  await book.standing('jira', 'INC-2', NOW);
  await book.standing('jira', 'INC-1', new Date(NOW.getTime() + 46_000));
  expect(seen).toHaveLength(3);
});

const unclear: [string, () => Response | Promise<Response>][] = [
  ['a refused token', json({}, 401)],
  ['too little right', json({}, 403)],
  ['a moved ticket', () => new Response(null, { status: 301, headers: { location: '/x' } })],
  ['too many asks', json({}, 429)],
  ['trouble there', json({}, 503)],
  ['an HTML page', () => new Response('<html>', { status: 200 })],
  ['nothing', () => new Response(null, { status: 200 })],
  ['another shape', json({ fields: { status: { statusCategory: { key: 'odd' } } } })],
  ['two megabytes', () => new Response('x'.repeat(2_000_000))],
  ['a broken connection', () => Promise.reject(new TypeError('fetch failed gh-secret'))],
];
test.each(unclear)('%s is a fault, without a secret in it', async (_, answer) => {
  const { book } = scripted(answer);
  for (const [tracker, key] of [
    ['jira', 'INC-1'],
    ['github', 'a/b#1'],
  ] as const) {
    const asked = book.standing(tracker, key, NOW);
    await expect(asked).rejects.toMatchObject({ name: 'Fault', service: 'outside' });
    await expect(asked).rejects.not.toThrow(/secret/);
  }
});

test('a tracker that is not configured is a fault that says so', async () => {
  const book = trackers(async () => ({}));
  await expect(book.standing('jira', 'INC-1', NOW)).rejects.toThrow('Jira is not configured');
  await expect(book.standing('github', 'a/b#1', NOW)).rejects.toThrow('is not configured');
});

test('an answer that would be right is read no further than a megabyte', async () => {
  const { book } = scripted(json({ ...jiraIssue('new'), pad: 'x'.repeat(1_500_000) }));
  await expect(book.standing('jira', 'INC-1', NOW)).rejects.toThrow('more than 1000000 bytes');
});
