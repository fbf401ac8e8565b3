import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { LOCAL } from '../../local/slack/workspace.ts';
import { askWorkspace } from '../../local/slack-workspace.ts';
import { openSocketMode } from '../../local/socket-mode.ts';
import { openStage, type Stage } from '../journeys/stage.ts';

const Ack = z.object({ envelope_id: z.string(), payload: z.unknown() });

/** Slack's end of Socket Mode: hands out an address, says hello, delivers envelopes, hears acknowledgements. */
async function slackEnd() {
  const tokens: string[] = [];
  const api = new Hono();
  const server = serve({ fetch: api.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const socketAddress = sockets.address();
  const socketPort = typeof socketAddress === 'object' && socketAddress ? socketAddress.port : 0;
  api.post('/api/apps.connections.open', (context) => {
    tokens.push(context.req.header('authorization') ?? '');
    return context.json({ ok: true, url: `ws://127.0.0.1:${socketPort}/link` });
  });
  let line: WebSocket | undefined;
  const acks: z.infer<typeof Ack>[] = [];
  sockets.on('connection', (socket) => {
    line = socket;
    socket.on('message', (data) => acks.push(Ack.parse(JSON.parse(String(data)))));
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
  });
  return {
    api,
    apiUrl: `http://127.0.0.1:${port}/api/`,
    tokens,
    acks,
    deliver: (envelope: object) => line?.send(JSON.stringify(envelope)),
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const command = (text: string, over: object = {}) => ({
  command: '/access',
  text,
  token: 'unused',
  team_id: LOCAL.teamId,
  api_app_id: LOCAL.appId,
  user_id: 'U0ANA',
  channel_id: 'C0ACCESS',
  channel_name: 'access',
  response_url: 'http://127.0.0.1:9/none',
  trigger_id: '1.2.3',
  ...over,
});

describe('Socket Mode', () => {
  let stage: Stage;
  let slack: Awaited<ReturnType<typeof slackEnd>>;
  let socket: { close(): Promise<void> };
  const printed: string[] = [];
  const until = async (done: () => boolean) => {
    for (let tries = 0; tries < 6000 && !done(); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(done()).toBe(true);
  };

  beforeAll(async () => {
    stage = await openStage();
    slack = await slackEnd();
    socket = await openSocketMode({
      appToken: 'xapp-1-A0LOCAL-test',
      apiUrl: slack.apiUrl,
      signingSecret: LOCAL.signingSecret,
      handle: stage.world.functions.slack,
      now: () => stage.world.clock.now(),
      print: (line) => printed.push(line),
    });
  });
  afterAll(async () => {
    await socket.close();
    await slack.close();
    await stage.close();
  });

  test('it connects with the app token', () => {
    expect(slack.tokens).toEqual(['Bearer xapp-1-A0LOCAL-test']);
  });

  test('a slash command goes through the signed endpoint, and its answer is the acknowledgement', async () => {
    slack.deliver({ type: 'slash_commands', envelope_id: 'e1', payload: command('help') });
    await until(() => slack.acks.some(({ envelope_id: id }) => id === 'e1'));
    expect(JSON.stringify(slack.acks.find(({ envelope_id: id }) => id === 'e1'))).toContain(
      '/access mine',
    );
  });

  test('what another workspace sends is not acknowledged and has no effect', async () => {
    const before = slack.acks.length;
    slack.deliver({
      type: 'slash_commands',
      envelope_id: 'e2',
      payload: command('help', { team_id: 'T0OTHER' }),
    });
    await until(() => printed.length > 0);
    expect(slack.acks).toHaveLength(before);
    expect(printed.join()).toContain('could not be answered');
  });

  test('an envelope of an unknown kind, a broken one and plain rubbish leave the connection standing', async () => {
    slack.deliver({ type: 'weather', envelope_id: 'e3', payload: {} });
    slack.deliver({ type: 'interactive', envelope_id: 'e4', payload: 'not an object' });
    slack.deliver(Object('not an envelope'));
    slack.deliver({
      type: 'slash_commands',
      envelope_id: 'e5',
      payload: command('help', { text: 'status' }),
    });
    await until(() => slack.acks.some(({ envelope_id: id }) => id === 'e5'));
    expect(slack.acks.map(({ envelope_id: id }) => id)).not.toContain('e3');
    expect(slack.acks.map(({ envelope_id: id }) => id)).not.toContain('e4');
  });

  test('nothing that was printed quotes a payload or a token', () => {
    expect(printed.join()).not.toMatch(/U0ANA|xapp-|C0ACCESS/);
  });
});

describe('which workspace two tokens belong to', () => {
  const ask = async (tested: object, scopes: string) => {
    const slack = await slackEnd();
    slack.api.post('/api/auth.test', (context) => {
      context.header('x-oauth-scopes', scopes);
      return context.json(tested);
    });
    slack.api.post('/api/bots.info', (context) =>
      context.json({ ok: true, bot: { id: 'B1', app_id: 'A1' } }),
    );
    try {
      return await askWorkspace({ apiUrl: slack.apiUrl, botToken: 'xoxb-test' });
    } finally {
      await slack.close();
    }
  };
  const fine = { ok: true, team: 'Acme', team_id: 'T1', bot_id: 'B1', user_id: 'U1' };

  test('is asked of Slack', async () => {
    expect(await ask(fine, 'commands,chat:write,users:read,users:read.email')).toEqual({
      teamId: 'T1',
      teamName: 'Acme',
      appId: 'A1',
    });
  });

  test('a scope that is missing is named before anything starts', async () => {
    await expect(ask(fine, 'commands,chat:write')).rejects.toThrow('users:read, users:read.email');
  });

  test('a token that Slack refuses is named, never printed', async () => {
    await expect(ask({ ok: false, error: 'invalid_auth' }, '')).rejects.toThrow(
      'Slack refused SLACK_BOT_TOKEN (invalid_auth)',
    );
  });
});
