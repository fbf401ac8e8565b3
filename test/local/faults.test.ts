import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Hono } from 'hono';
import {
  Fault,
  type FaultOperation,
  type FaultTarget,
  faultMiddleware,
  openFaults,
} from '../../local/faults.ts';
import { listenOnLoopback } from '../../local/loopback.ts';

const fault = (value: object) => Fault.parse({ target: 'github', on: '*', fail: '500', ...value });
const classify = (method: string): FaultOperation =>
  method === 'GET' ? 'read' : method === 'DELETE' ? 'remove' : 'add';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server behind the faults of its target; it notes what was applied. */
async function serve(target: FaultTarget = 'github', waits = {}) {
  const faults = { ...openFaults({ hangMs: 1, slowMs: 1 }), ...waits };
  const applied: string[] = [];
  const app = new Hono();
  app.use(faultMiddleware(faults, target, classify));
  app.all('/team', (context) => {
    applied.push(context.req.method);
    return context.json({ ok: true });
  });
  const { url, close } = await listenOnLoopback(app.fetch);
  closers.push(close);
  const call = (method: string, signal: AbortSignal | null = null) =>
    fetch(`${url}/team`, { method, signal });
  return { faults, applied, call, close };
}

/** A wait that the test ends, and is told of. */
function gateway() {
  let come = () => {};
  let open = () => {};
  const reached = new Promise<void>((resolve) => {
    come = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const wait = () => {
    come();
    return opened;
  };
  return { wait, reached, open: () => open() };
}

describe('the fault schema', () => {
  it('takes status codes as numbers and as text, and fills in what is usual', () => {
    expect(Fault.parse({ target: 'kms', fail: 429 })).toEqual({
      target: 'kms',
      on: '*',
      fail: '429',
      times: 1,
    });
    expect(Fault.parse({ target: 'slack', on: 'read', fail: '409', times: 1000 }).fail).toBe('409');
  });

  it.each([
    [{ target: 'jenkins' }],
    [{ on: 'write' }],
    [{ fail: 418 }],
    [{ fail: '418' }],
    [{ fail: null }],
    [{ times: 0 }],
    [{ times: 1001 }],
    [{ times: 1.5 }],
    [{ time: 3 }],
  ])('refuses %j', (change) => {
    const good = { target: 'github', on: 'add', fail: 'lost' };
    expect(Fault.safeParse(good).success).toBe(true);
    expect(Fault.safeParse({ ...good, ...change }).success).toBe(false);
  });
});

describe('the fault table', () => {
  it('hands out each fault as often as it was set, oldest first, then nothing', () => {
    const faults = openFaults();
    faults.set(fault({ fail: 500, times: 2 }));
    faults.set(fault({ fail: 'slow' }));
    expect(faults.take('github', 'add')).toBe('500');
    expect(faults.list().map(({ fail, times }) => [fail, times])).toEqual([
      ['500', 1],
      ['slow', 1],
    ]);
    expect([1, 2, 3].map(() => faults.take('github', 'read'))).toEqual(['500', 'slow', null]);
    expect(faults.list()).toEqual([]);
  });

  it('matches target and operation; a fault on everything matches every operation', () => {
    const faults = openFaults();
    faults.set(fault({ on: 'remove', times: 9 }));
    expect(faults.take('gitlab', 'remove')).toBeNull();
    expect(faults.take('github', 'add')).toBeNull();
    expect(faults.take('github', '*')).toBeNull();
    expect(faults.take('github', 'remove')).toBe('500');
    faults.clear();
    expect(faults.take('github', 'remove')).toBeNull();
    faults.set(fault({ target: 'scheduler', times: 4 }));
    const operations = ['read', 'add', 'remove', '*'] as const;
    expect(operations.map((operation) => faults.take('scheduler', operation))).toEqual(
      operations.map(() => '500'),
    );
  });

  it('is not changed through what it was given or what it lists', () => {
    const faults = openFaults();
    const given = fault({ times: 2 });
    faults.set(given);
    faults.take('github', '*');
    expect(given.times).toBe(2);
    for (const listed of faults.list()) listed.times = 99;
    expect(faults.list()[0]?.times).toBe(1);
  });
});

describe('the middleware', () => {
  it.each([500, 409, 429])('answers %d without applying the call, once', async (status) => {
    const { faults, applied, call } = await serve();
    faults.set(fault({ on: 'add', fail: status }));
    expect((await call('GET')).status).toBe(200);
    const answer = await call('PUT');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
    expect(answer.headers.get('x-amzn-errortype')).toBeNull();
    expect(await answer.json()).toEqual({
      message: `Injected fault: PUT /team answers ${status}.`,
    });
    expect((await call('PUT')).status).toBe(200);
    expect(applied).toEqual(['GET', 'PUT']);
  });

  it('names the error as AWS does where an AWS service is played', async () => {
    const { faults, call } = await serve('scheduler');
    faults.set(fault({ target: 'scheduler', fail: 429 }));
    expect((await call('PUT')).headers.get('x-amzn-errortype')).toBe('ThrottlingException');
  });

  it('lets a timed-out call hang without applying it, and ends it with 504', async () => {
    const gate = gateway();
    const { faults, applied, call } = await serve('github', { hang: gate.wait });
    faults.set(fault({ fail: 'timeout' }));
    const hanging = call('PUT');
    await gate.reached;
    expect((await call('GET')).status).toBe(200);
    gate.open();
    expect((await hanging).status).toBe(504);
    expect(applied).toEqual(['GET']);
  });

  it('applies a lost call and hides its answer', async () => {
    const { faults, applied, call } = await serve();
    faults.set(fault({ fail: 'lost' }));
    const answer = await call('PUT');
    expect([answer.status, await answer.text()]).toEqual([504, '']);
    expect(applied).toEqual(['PUT']);
  });

  it('gives a caller that hangs up, and a server that closes, no reason to wait', async () => {
    const { hang } = openFaults({ hangMs: 3_600_000 });
    const { faults, applied, call, close } = await serve('github', { hang });
    faults.set(fault({ fail: 'timeout', times: 2 }));
    const caller = new AbortController();
    const left = expect(call('PUT', caller.signal)).rejects.toThrow('aborted');
    while (faults.list()[0]?.times === 2) await new Promise(setImmediate);
    caller.abort();
    await left;
    const hanging = expect(call('PUT')).rejects.toThrow('fetch failed');
    while (faults.list().length > 0) await new Promise(setImmediate);
    await close();
    await hanging;
    expect(applied).toEqual([]);
  });

  it('answers a slow call late but fully', async () => {
    const gate = gateway();
    const { faults, applied, call } = await serve('github', { slow: gate.wait });
    faults.set(fault({ fail: 'slow' }));
    const slow = call('PUT');
    await gate.reached;
    expect((await call('GET')).status).toBe(200);
    expect(applied).toEqual(['GET']);
    gate.open();
    expect((await slow).status).toBe(200);
    expect(applied).toEqual(['GET', 'PUT']);
  });

  it('kills the process on a crash before anything is applied', async () => {
    const here = (path: string) => JSON.stringify(join(__dirname, '../../local', path));
    const script = `
      import { Hono } from 'hono';
      import { faultMiddleware, openFaults } from ${here('faults.ts')};
      import { listenOnLoopback } from ${here('loopback.ts')};
      const faults = openFaults();
      faults.set({ target: 'github', on: '*', fail: 'crash', times: 1 });
      const app = new Hono().use(faultMiddleware(faults, 'github', () => 'add'));
      app.all('*', (c) => { console.log('applied'); return c.text('ok'); });
      console.log((await listenOnLoopback(app.fetch)).url);`;
    const options = { cwd: join(__dirname, '../..') };
    const flags = ['--import', 'tsx', '--input-type=module', '-e', script];
    const child = spawn(process.execPath, flags, options);
    let output = '';
    const url = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (output.endsWith('\n')) resolve(output.trim());
      });
    });
    const ended = once(child, 'exit');
    await expect(fetch(url, { method: 'PUT' })).rejects.toThrow('fetch failed');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(output).not.toContain('applied');
  });
});
