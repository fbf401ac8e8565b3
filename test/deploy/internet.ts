/**
 * What the deployed functions call and who calls them: Slack (our stand-in, its Web API and its people) and a GitHub that somebody
 * else wrote. `origin` is also the way to the deployed address, whose name no resolver of this machine knows.
 */
import { request } from 'node:https';
import { Hono } from 'hono';
import { listenOnLoopback } from '../../local/loopback.ts';
import { openSlackStandIn, type SlackStandIn } from '../../local/slack/stand-in.ts';
import { LOCAL, localChannels, localPeople } from '../../local/slack/workspace.ts';
import { slackManifest } from '../../shared/config/slack-manifest.ts';
import { emulatedGithub } from '../support/emulated-github.ts';

/** Slack's are three; an emulator's first call on a busy machine may take longer. The protocol says how long it took. */
const PATIENCE_MS = 30_000;
/** Not the ones of local mode, which are no secrets: these are looked for in the logs. */
export const SLACK_SECRET = {
  botToken: LOCAL.botToken,
  signingSecret: 'a-signing-secret-that-no-log-may-hold',
};

export type Internet = {
  readonly origin: string;
  readonly slack: SlackStandIn;
  readonly github: Awaited<ReturnType<typeof emulatedGithub>>;
  /** From now on, whoever asks this origin asks the API of that name. */
  leadTo(address: URL): void;
  /** Slack no longer says that the app has this scope; null: it says all again. */
  hideScope(scope: string | null): void;
  /** Longest time that an answer to Slack took, in milliseconds. */
  slowestAnswerMs(): number;
  close(): Promise<void>;
};

export async function startInternet(): Promise<Internet> {
  const app = new Hono();
  const server = await listenOnLoopback((asked) => app.fetch(asked));
  const { url: origin } = server;
  const github = await emulatedGithub();
  const slack = openSlackStandIn({
    dataDir: null,
    clock: { now: () => new Date() },
    people: localPeople,
    channels: localChannels,
    manifest: slackManifest({ baseUrl: origin }),
    ...SLACK_SECRET,
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
    deliverUrl: `${origin}/slack/events`,
    patienceMs: PATIENCE_MS,
    retries: false,
  });
  let deployed: URL | null = null;
  let slowest = 0;
  const passedOn = async (asked: Request) => {
    if (deployed === null) throw new Error('Nothing is deployed yet.');
    const start = performance.now();
    const answer = await ask(deployed, asked);
    if (new URL(asked.url).pathname === '/slack/events')
      slowest = Math.max(slowest, performance.now() - start);
    return answer;
  };
  app.all('/slack/events', ({ req }) => passedOn(req.raw));
  app.all('/enroll/:token', ({ req }) => passedOn(req.raw));
  let hidden: string | null = null;
  app.use('/_slack/api/*', async (c, next) => {
    await next();
    const has = c.res.headers.get('x-oauth-scopes')?.split(',') ?? [];
    if (hidden === null || has.length === 0) return;
    c.header('x-oauth-scopes', has.filter((scope) => scope !== hidden).join(','));
  });
  app.route('/_slack/api', slack.app);
  app.route('/_slack/response', slack.responseUrl);
  return {
    origin,
    slack,
    github,
    leadTo: (address) => {
      deployed = address;
    },
    hideScope: (scope) => {
      hidden = scope;
    },
    slowestAnswerMs: () => slowest,
    async close() {
      slack.close();
      await server.close();
      await github.stop();
    },
  };
}

const HOP_BY_HOP = /^(connection|host|keep-alive|transfer-encoding|content-length)$/;

/** The same request to 127.0.0.1 with the deployed host's name: fetch would have to resolve it. */
async function ask(deployed: URL, asked: Request): Promise<Response> {
  const body = Buffer.from(await asked.arrayBuffer());
  const headers = Object.fromEntries([...asked.headers].filter(([name]) => !HOP_BY_HOP.test(name)));
  const { pathname, search } = new URL(asked.url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: deployed.port,
        servername: 'localhost',
        method: asked.method,
        path: pathname + search,
        headers: { ...headers, host: deployed.host, 'content-length': body.length },
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const { statusCode = 502 } = incoming;
          const names = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.test(name));
          const answer = names.map(([name, value]): [string, string] => [name, String(value)]);
          resolve(new Response(Buffer.concat(chunks), { status: statusCode, headers: answer }));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
