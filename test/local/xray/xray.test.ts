/** The X-ray of a running world: one request from its ask to its end, as the page gets it over HTTP. */
import { openPageWorld, type PageWorld } from './page-world.ts';

let page: PageWorld;
beforeAll(async () => {
  page = await openPageWorld();
});
afterAll(() => page.world.close());

/** A new request whose card is in its channel. */
async function asked(): Promise<string> {
  const id = await page.people.ask('U0ANA', 'github:acme/deployers member 3m INC-123 rollback');
  await page.world.clock.advance(1000);
  return id;
}

test('a request is shown in sentences, rows and provider states, before and now', async () => {
  const { world, people, overview, detail } = page;
  const id = await asked();
  await people.approve('U0BO', id);
  await world.clock.advance(1000);

  const { requests, next } = await overview();
  expect(requests).toMatchObject([{ id, status: 'active', requesterName: 'Ana', approvals: 1 }]);
  expect(next?.what).toBe(`${id} ends`);
  const active = await detail(id);
  expect(active).toMatchObject({ login: 'ana-dev', announced: true, holdsRole: true });
  const container = active.containers.find((one) => one.asked);
  expect(container?.before).not.toContainEqual({ account: 'ana-dev', role: 'member' });
  expect(container?.now).toContainEqual({ account: 'ana-dev', role: 'member' });
  expect(active.timeline.map(({ type }) => type)).toEqual([
    ...['AccessRequested', 'EscalationPlanned', 'RequestApproved', 'GrantAuthorized'],
    ...['AccountPinned', 'BaselineCaptured', 'IntentIssued', 'IntentClosed', 'GrantActivated'],
  ]);
  expect(active.timeline[2]?.sentence).toBe(
    'Bo approved exactly this content for 3m, with a one-time code.',
  );
  expect(active.rows.map(({ sk }) => sk)).toEqual(
    expect.arrayContaining(['event#000001', 'state']),
  );
  expect(active.schedules).toHaveLength(1);

  await world.clock.advance(3 * 60_000);
  const ended = await detail(id);
  expect(ended).toMatchObject({ summary: { status: 'ended' }, holdsRole: false, schedules: [] });
  expect(ended.timeline.at(-1)?.type).toMatch(/^(GrantRemoved|HoldingCleared)$/);
  expect((await overview()).next).toBeNull();
});

test('the last exchanges are there, without signatures, tokens and codes', async () => {
  const { world, people, traffic, code } = page;
  const id = await asked();
  const digits = await code('U0BO');
  await people.approve('U0BO', id);
  await world.clock.advance(1000);
  const shown = await traffic();
  const lanes = new Set(shown.map(({ lane }) => lane));
  expect([...lanes].sort()).toEqual(['provider', 'slack-in', 'slack-out']);
  const text = JSON.stringify(shown);
  expect(text).toContain('/memberships/ana-dev');
  // Not within the longer numbers of instants and message ids.
  expect(text).not.toMatch(new RegExp(`(?<![\\d.])${digits}(?!\\d)`));
  expect(text).not.toMatch(/v0=[0-9a-f]{64}|xoxb-|ghs_|Bearer \S/);
});

test('what did not change is answered with 304 and nothing else', async () => {
  const { url, people } = page;
  const id = await asked();
  // The overview also says how far a clock is from the machine's, which changes all the time where one stands still.
  const place = `${url}/_local/xray/requests/${id}`;
  const first = await fetch(place);
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const again = await fetch(place, { headers });
  expect([again.status, await again.text()]).toEqual([304, '']);
  await people.deny('U0BO', id, 'not now');
  expect((await fetch(place, { headers })).status).toBe(200);
});

test.each(['AR-000000', 'nonsense', '..%2F..'])('there is no request %s: 404', async (id) => {
  const { url } = page;
  expect((await fetch(`${url}/_local/xray/requests/${id}`)).status).toBe(404);
});

test('another site’s page can neither push the clock nor read the codes', async () => {
  const { url, world } = page;
  const before = world.clock.now();
  const origin = 'https://evil.example';
  const push = { method: 'POST', body: '{"advance":"1h"}', headers: { origin } };
  expect((await fetch(`${url}/_local/clock`, push)).status).toBe(403);
  expect(world.clock.now()).toEqual(before);
  for (const path of ['/_local/personas', '/_local/xray', '/_local/xray/traffic'])
    expect((await fetch(url + path, { headers: { origin } })).status).toBe(403);
  const own = { headers: { origin: url } };
  expect((await fetch(`${url}/_local/personas`, own)).status).toBe(200);
});
