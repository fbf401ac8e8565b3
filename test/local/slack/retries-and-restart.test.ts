import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkshop, section, type Workshop } from './workshop.ts';

let shop: Workshop;
afterEach(() => shop.close());

const tries = () =>
  shop.received.map(({ headers }) => [
    headers['x-slack-retry-num'],
    headers['x-slack-retry-reason'],
  ]);

describe('an event that the app does not take', () => {
  test('comes again at once, after a minute, after five, and then no more', async () => {
    shop = await openWorkshop();
    shop.answer(() => new Response('', { status: 500 }));
    const delivery = await shop.slack.client.event('app_uninstalled', {});
    expect(delivery.failure).toBe('http_error');
    const first: (string | undefined)[] = [undefined, undefined];
    expect(tries()).toEqual([first, ['1', 'http_error']]);
    await shop.clock.advance(60);
    expect(tries()).toHaveLength(3);
    await shop.clock.advance(3600);
    expect(tries()).toEqual([first, ['1', 'http_error'], ['2', 'http_error'], ['3', 'http_error']]);
    expect(new Set(shop.received.map((one) => one.body)).size).toBe(1);
    expect(shop.received.map((one) => one.headers['x-slack-request-timestamp'])).toEqual([
      '1795338000',
      '1795338000',
      '1795338060',
      '1795338360',
    ]);
  });

  test('comes no more once it was taken', async () => {
    shop = await openWorkshop();
    let left = 1;
    shop.answer(() => new Response('', { status: left-- > 0 ? 500 : 200 }));
    expect((await shop.slack.client.event('app_uninstalled', {})).failure).toBeUndefined();
    await shop.clock.advance(3600);
    expect(tries()).toHaveLength(2);
  });

  test('comes no more when the app says so, or when retries are off', async () => {
    shop = await openWorkshop();
    shop.answer(() => new Response('', { status: 500, headers: { 'x-slack-no-retry': '1' } }));
    await shop.slack.client.event('app_uninstalled', {});
    expect(tries()).toHaveLength(1);
    await shop.close();
    shop = await openWorkshop({ retries: false });
    shop.answer(() => new Response('', { status: 500 }));
    await shop.slack.client.event('app_uninstalled', {});
    await shop.clock.advance(3600);
    expect(tries()).toHaveLength(1);
  });

  test('names silence as the reason when the app is too slow', async () => {
    shop = await openWorkshop({ patienceMs: 1000 });
    let answered = 0;
    shop.answer(async () => {
      if (answered++ === 0) await new Promise<never>(() => undefined);
      return new Response('');
    });
    await shop.slack.client.event('app_uninstalled', {});
    expect(tries().at(-1)).toEqual(['1', 'http_timeout']);
  });
});

test('a command is delivered once; the person reads that it failed', async () => {
  shop = await openWorkshop();
  shop.answer(() => new Response('', { status: 503 }));
  await shop.slack.client.slash('U0ANA', '/access', 'mine');
  await shop.clock.advance(3600);
  expect(tries()).toHaveLength(1);
  expect(shop.slack.state().ephemerals).toMatchObject([
    { text: '/access failed with the error "dispatch_failed"' },
  ]);
});

test('an app that is not there is a failed delivery, not a crash', async () => {
  shop = await openWorkshop({ deliverUrl: 'http://127.0.0.1:1/slack/events' });
  const { answer, failure } = await shop.slack.client.slash('U0ANA', '/access', 'mine');
  expect([answer, failure]).toEqual([null, 'connection_failed']);
});

test('a front door that reports everything too changes nothing', async () => {
  shop = await openWorkshop();
  shop.answer(() => {
    const { headers, body } = shop.received.at(-1)!;
    shop.slack.observeDelivery(headers, body);
    shop.slack.observeAnswer(body, { statusCode: 200, headers: {}, body: 'once' });
    return new Response('once');
  });
  await shop.slack.client.slash('U0ANA', '/access', 'mine');
  expect(shop.slack.state().ephemerals).toMatchObject([{ text: 'once' }]);
});

test('messages, direct messages, Home tabs and changed people survive a restart; modals do not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-stand-in-'));
  try {
    shop = await openWorkshop({ dataDir });
    const metadata = { event_type: 'request', event_payload: { id: 'AR-7K2M9Q' } };
    const posted = await shop.web.chat.postMessage({ channel: 'C0ACCESS', text: 'card', metadata });
    await shop.web.chat.postMessage({ channel: 'U0ANA', text: 'receipt' });
    const home = { type: 'home' as const, blocks: [section('hi')] };
    await shop.web.views.publish({ user_id: 'U0ANA', view: home });
    await shop.slack.client.changePerson('U0CY', { deleted: true });
    await shop.web.chat.postEphemeral({ channel: 'C0ACCESS', user: 'U0ANA', text: 'gone soon' });
    const before = shop.slack.state();
    await shop.close();

    shop = await openWorkshop({ dataDir });
    expect(shop.slack.state()).toEqual({ ...before, ephemerals: [] });
    expect((await shop.web.users.info({ user: 'U0CY' })).user?.deleted).toBe(true);
    const next = await shop.web.chat.postMessage({ channel: 'D0ANA', text: 'granted' });
    expect(Number(next.ts)).toBeGreaterThan(Number(posted.ts));
    const stamps = shop.slack.state().messages.map((one) => String(one['ts']));
    expect([...new Set(stamps)].sort()).toEqual(stamps);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
