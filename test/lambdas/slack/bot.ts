/**
 * The Slack function and announce over the embedded Slack: real Bolt, signed deliveries, the journal in memory, the example
 * policy. Time stands still until told to move; queues hold what was sent until it is drained.
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { announceMessage } from '../../../lambdas/announce/announce-function.ts';
import { type SlackDeps, slackApp } from '../../../lambdas/slack/app.ts';
import {
  type HttpAnswer,
  type HttpEvent,
  type SlackReceiver,
  slackReceiver,
} from '../../../lambdas/slack/receiver.ts';
import { listenOnLoopback } from '../../../local/loopback.ts';
import { signSlack } from '../../../local/slack/payloads.ts';
import { openSlackStandIn, type SlackStandIn } from '../../../local/slack/stand-in.ts';
import { LOCAL, localChannels, localPeople } from '../../../local/slack/workspace.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { oneTimeCodes } from '../../../shared/adapters/one-time-codes.ts';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import { slackAnnouncer } from '../../../shared/adapters/slack-announcer.ts';
import { slackDirectory } from '../../../shared/adapters/slack-directory.ts';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { journalPolicies, loadPolicy } from '../../../shared/application/policies.ts';
import { slackManifest } from '../../../shared/config/slack-manifest.ts';
import type { Command } from '../../../shared/domain/access-request/command.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { absent, Fault, type Journal, put, type SecretBox } from '../../../shared/ports.ts';
import { unmeasured } from '../../support/unmeasured.ts';

export type Sent = { queue: string; message: object; delaySeconds: number };
export type Bot = {
  readonly slack: SlackStandIn;
  readonly receiver: SlackReceiver;
  readonly deps: SlackDeps;
  readonly journal: Journal;
  /** Every method the Slack Web API and response_urls were called with. */
  readonly calls: string[];
  readonly said: { level: string; message: string; fields: unknown }[];
  readonly sent: Sent[];
  readonly url: string;
  advance(seconds: number): void;
  code(owner: string): string;
  /** An API Gateway event as Slack's own request would become one. */
  event(body: string, unlike?: Partial<Signing>): HttpEvent;
  deliver(body: string, unlike?: Partial<Signing>): Promise<HttpAnswer>;
  /** Draws these requests, as a message on the announce queue would. */
  announce(...requestIds: string[]): Promise<void>;
  /** Tells what happened to these people's authenticators, as a message on the announce queue would. */
  announceNotices(...owners: string[]): Promise<void>;
  /** Hands announce every Home that was asked for so far; answers how many those were. */
  drawHomes(): Promise<number>;
  request(id: string): Promise<KnownRequest>;
  /** Loads the policy file again, as `change.policy` gives it now. */
  loadPolicy(): Promise<void>;
  /** What ensure or time would do. */
  execute(command: Command): Promise<KnownRequest>;
  /** The next call of this Web API method is carried out, and its answer lost. */
  loseAnswer(method: string): void;
  /** Breaks a service until mended: every call throws a Fault. */
  silence(service: 'keys' | 'slack' | 'journal' | null): void;
  close(): Promise<void>;
};
export type Signing = {
  contentType: string;
  secret: string;
  timestamp: string;
  base64: boolean;
  retry: string;
};

const START = Date.parse('2026-11-22T09:00:00.000Z');
const PEOPLE = ['U0ANA', 'U0BO', 'U0CY', 'U0DEE'];

export async function openBot(
  change: {
    policy?: (text: string) => string;
    enrolled?: readonly string[];
    findsPostsAgain?: boolean;
    /** Providers that the deployment can reach; all of the policy's unless given. */
    reachableProviders?: ReadonlySet<string>;
  } = {},
): Promise<Bot> {
  let nowMs = START;
  let silent: string | null = null;
  let lost: string | null = null;
  let serial = 0;
  const clock = { now: () => new Date(nowMs) };
  const said: Bot['said'] = [];
  const sent: Sent[] = [];
  const calls: string[] = [];
  const log = (level: string) => (message: string, fields: unknown) =>
    said.push({ level, message, fields });
  const telemetry = { info: log('info'), error: log('error'), alarm: log('alarm'), ...unmeasured };
  const failing = (service: 'keys' | 'slack' | 'journal') => {
    if (silent === service) throw new Fault(`${service} is silent`, { service, retryable: true });
  };
  const real = memoryJournal('local');
  const journal: Journal = {
    ...real,
    read: async (kind, id) => {
      failing('journal');
      return real.read(kind, id);
    },
  };
  const root = new Hono();
  const server = await listenOnLoopback((request) => root.fetch(request));
  const slack = openSlackStandIn({
    dataDir: null,
    clock,
    people: localPeople,
    channels: localChannels,
    manifest: slackManifest({ baseUrl: server.url }),
    signingSecret: LOCAL.signingSecret,
    botToken: LOCAL.botToken,
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
    deliverUrl: `${server.url}/slack/events`,
    findsPostsAgain: change.findsPostsAgain ?? false,
  });
  root.use('/_slack/*', async (c, next) => {
    calls.push(c.req.path.split('/').slice(2).join('/'));
    if (silent === 'slack') return c.text('down', 503);
    await next();
    if (lost !== null && c.req.path.endsWith(lost)) {
      lost = null;
      c.res = new Response('gateway timeout', { status: 504 });
    }
  });
  root.route('/_slack/api', slack.app);
  root.route('/_slack/response', slack.responseUrl);
  const access = { token: async () => LOCAL.botToken, apiUrl: `${server.url}/_slack/api/` };
  const policyText = readFileSync('access.yaml', 'utf8');
  const source = {
    load: async () => ({
      bytes: new TextEncoder().encode((change.policy ?? ((text) => text))(policyText)),
      fileName: 'access.yaml',
    }),
  };
  const load = async (): Promise<void> => {
    const loaded = await loadPolicy(
      { journal, readPolicy, source, clock, telemetry },
      { kind: 'operator' },
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  };
  await load();
  const unique = (): string => {
    serial += 1;
    return createHash('md5').update(String(serial)).digest('hex');
  };
  const deps: SlackDeps = {
    journal,
    clock,
    telemetry,
    policies: journalPolicies({ journal }),
    directory: slackDirectory(access),
    teamId: LOCAL.teamId,
    ids: {
      unique,
      requestId: () => `AR-${unique().slice(0, 6).toUpperCase()}`,
      token: unique,
      secret: (bytes) => {
        serial += 1;
        return new Uint8Array(bytes).fill(serial % 251);
      },
    },
    codes: oneTimeCodes(),
    secretBox: plainBox(() => failing('keys')),
    tenant: 'local',
    queues: {
      send: async (queue, message, delaySeconds = 0) => {
        sent.push({ queue, message, delaySeconds });
      },
    },
    slack: access,
    publicUrl: server.url,
    ...(change.reachableProviders && { reachableProviders: change.reachableProviders }),
  };
  for (const owner of change.enrolled ?? PEOPLE) await enrol(deps, owner);
  const receiver = slackReceiver({
    signingSecrets: async () => [LOCAL.signingSecret],
    appId: LOCAL.appId,
    teamId: LOCAL.teamId,
    clock,
    telemetry,
  });
  slackApp(deps, receiver);
  root.post('/slack/events', async (c) => {
    const answer = await receiver.handle({
      rawPath: '/slack/events',
      requestContext: { http: { method: 'POST' } },
      headers: c.req.header(),
      body: Buffer.from(await c.req.arrayBuffer()).toString('base64'),
      isBase64Encoded: true,
    });
    return new Response(answer.body, {
      status: answer.statusCode,
      ...(answer.headers ? { headers: answer.headers } : {}),
    });
  });
  const event = (body: string, unlike: Partial<Signing> = {}): HttpEvent => {
    const timestamp = unlike.timestamp ?? String(Math.floor(nowMs / 1000));
    const secret = unlike.secret ?? LOCAL.signingSecret;
    return {
      rawPath: '/slack/events',
      requestContext: { http: { method: 'POST' } },
      headers: {
        'content-type': unlike.contentType ?? 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signSlack(secret, timestamp, body),
        ...(unlike.retry === undefined ? {} : { 'x-slack-retry-num': unlike.retry }),
      },
      body: unlike.base64 ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: unlike.base64 ?? false,
    };
  };
  const announceOne = announceMessage({ ...deps, announcer: slackAnnouncer(access) });
  const request = async (id: string): Promise<KnownRequest> => {
    const { value } = await real.read('request', id);
    if (!value || value.status === 'new') throw new Error(`There is no request ${id}`);
    return value;
  };
  return {
    slack,
    receiver,
    deps,
    journal,
    calls,
    said,
    sent,
    url: server.url,
    advance: (seconds) => {
      nowMs += seconds * 1000;
    },
    code: (owner) => codeAt(owner, nowMs),
    event,
    deliver: (body, unlike) => receiver.handle(event(body, unlike)),
    async announceNotices(...owners) {
      for (const noticesOf of owners) await announceOne({ noticesOf });
    },
    async announce(...requestIds) {
      for (const requestId of requestIds) await announceOne({ requestId });
    },
    async drawHomes() {
      const jobs = sent.filter(({ message }) => 'home' in message);
      for (const job of jobs) {
        sent.splice(sent.indexOf(job), 1);
        await announceOne(job.message);
      }
      return jobs.length;
    },
    request,
    loadPolicy: load,
    async execute(command) {
      const done = await executeCommand(command, deps);
      if (!done.ok) throw new Error(JSON.stringify(done.error));
      return done.value.state;
    },
    loseAnswer: (method) => {
      lost = method;
    },
    silence: (service) => {
      silent = service;
    },
    async close() {
      slack.close();
      await server.close();
    },
  };
}

/** Keeps secrets readable: sealing has its own tests. */
const plainBox = (check: () => void): SecretBox => ({
  seal: async (secret, context) => ({
    key: JSON.stringify(context),
    iv: 'none',
    ciphertext: Buffer.from(secret).toString('hex'),
    tag: 'none',
  }),
  open: async (sealed, context) => {
    check();
    if (sealed.key !== JSON.stringify(context)) throw new Error('Bound to another context');
    return Uint8Array.from(Buffer.from(sealed.ciphertext, 'hex'));
  },
});

const secretOf = (owner: string): Uint8Array =>
  Uint8Array.from(createHash('sha1').update(owner).digest());

/** RFC 6238 by hand, so that the library is not tested against itself. */
function codeAt(owner: string, ms: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / 30_000)));
  const mac = createHmac('sha1', secretOf(owner)).update(counter).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function enrol(deps: SlackDeps, owner: string): Promise<void> {
  const at = deps.clock.now().toISOString();
  const authenticatorId = `auth-${owner}-1`;
  const context = { tenant: deps.tenant, owner, authenticator: authenticatorId };
  const sealed = await deps.secretBox.seal(secretOf(owner), context);
  const record = {
    owner,
    authenticatorId,
    sealed,
    enrolledAt: at,
    mayApproveFrom: at,
    lastStep: 0,
    attempts: 0,
    failuresInRow: 0,
    lockedUntil: null,
    needsProof: false,
    recovery: null,
    reset: null,
    approvalsVoidUntil: null,
  };
  await deps.journal.commit([put(absent('authenticator', owner), record)], deps.clock.now());
}
