import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, type Outside, startOutside } from './outside.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-kill-'));
let running: Outside;
afterAll(async () => {
  await running.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const ANA = { account: 'ana-dev', role: 'member' };
const team = async () => (await running.state()).providers.github['acme/deployers'] ?? [];

it('a kill -9 in the middle of a grant leaves nothing half done: the restart finishes it, once, and ends it on time', async () => {
  running = await startOutside(dataDir);
  const asked = await running.slash(
    'U0ANA',
    '/request-access',
    'github:acme/deployers member 20m INC-123 rollback',
  );
  const id = /AR-[0-9A-Z]{6}/.exec(await asked.text())?.[0] ?? '';
  expect((await running.click('U0ANA', 'submit', { id, v: 0 })).status).toBe(200);
  await running.fault({ target: 'github', on: 'add', fail: 'crash', times: 1 });
  await running.click('U0BO', 'approve', { id, v: 1 });
  const opened = async () => (await running.slack()).views.find(({ user }) => user === 'U0BO');
  await eventually('the approval form opens', async () => (await opened()) !== undefined);
  const view = await opened();
  const died = new Promise((resolve) => running.child.once('exit', (_, signal) => resolve(signal)));
  const code = await running.code('U0BO');
  if (!view) throw new Error('No approval form opened');
  await running.submit('U0BO', view, code).catch(() => undefined);
  expect(await died).toBe('SIGKILL');

  running = await startOutside(dataDir);
  const before = await running.state();
  expect(before.requests).toMatchObject([{ requestId: id }]);
  await running.advance('3m');
  await eventually('Ana is a member', async () =>
    (await team()).some((m) => m.account === ANA.account),
  );
  const granted = await running.state();
  expect(granted.requests).toMatchObject([{ requestId: id, status: 'active' }]);
  expect(granted.schedules.map(({ name }) => name)).toEqual([id]);
  const types = granted.audit.map(({ event }) => event.type);
  expect(types.filter((type) => type === 'GrantAuthorized')).toHaveLength(1);
  expect(types.filter((type) => type === 'GrantActivated')).toHaveLength(1);

  await running.advance('20m');
  expect(await team()).not.toContainEqual(ANA);
  expect((await running.state()).requests).toMatchObject([{ status: 'ended' }]);
}, 300_000);

it('a kill -9 from outside at any moment of the story loses nothing that was answered', async () => {
  for (const delayMs of [20, 150]) {
    const asked = await running.slash(
      'U0ANA',
      '/request-access',
      'github:acme/release member 20m INC-124 rollback',
    );
    const id = /AR-[0-9A-Z]{6}/.exec(await asked.text())?.[0] ?? '';
    const submitted = running.click('U0ANA', 'submit', { id, v: 0 }).then(
      ({ status }) => status,
      () => 0,
    );
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await running.kill();
    const status = await submitted;
    running = await startOutside(dataDir);
    const { requests } = await running.state();
    const found = requests.filter(({ requestId }) => requestId === id);
    expect(found.length).toBeLessThanOrEqual(1);
    if (status === 200) expect(found).toHaveLength(1);
    if (found.length === 1) {
      await running.slash('U0ANA', '/access', `withdraw ${id}`);
      await eventually('withdrawn', async () =>
        (await running.state()).requests.some(
          (r) => r.requestId === id && r.status === 'withdrawn',
        ),
      );
    }
  }
}, 600_000);
