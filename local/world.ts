/**
 * The whole product in one process: embedded parts, functions, front door, wired as in the deployment (stream -> route
 * -> queues -> ensure and announce; Scheduler -> removals queue; sweep every minute, digest every five). Used by `npm start`, the demo
 * and the journeys. Stops in the order in which nothing can be lost.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SQSRecord } from 'aws-lambda';
import type { Hono } from 'hono';
import { loadPolicy } from '../shared/application/policies.ts';
import type { QueueName, Telemetry } from '../shared/ports.ts';
import { localSealing } from './audit/local-sealing.ts';
import type { AwsCall } from './aws-meter.ts';
import { createTables } from './create-tables.ts';
import { type Embedded, startEmbedded } from './embedded.ts';
import { frontDoor } from './front-door.ts';
import { type Composed, composeFunctions, TABLES } from './functions.ts';
import { keyFile } from './key-file.ts';
import { type LocalTelemetry, localTelemetry } from './local-telemetry.ts';
import { listenOnLoopback } from './loopback.ts';
import type { PageFiles } from './page/build.ts';
import { openPersonas, type Persona, type Personas } from './personas.ts';
import type { QueueRecord } from './queue-messages.ts';
import { isLoopback, type Settings } from './settings.ts';
import { type LocalState, localState } from './state-view.ts';
import { openXray, type Xray } from './xray/open-xray.ts';

export type World = Pick<
  Embedded,
  'clock' | 'faults' | 'slack' | 'github' | 'gitlab' | 'outside' | 'queues'
> &
  Pick<Composed, 'journal' | 'policies' | 'functions'> & {
    url: string;
    /** Where the embedded Scheduler answers, null when a real one is used. */
    schedulerUrl: string | null;
    telemetry: LocalTelemetry;
    personas(): Promise<Persona[]>;
    state(): Promise<LocalState>;
    /** Loads the policy file now, as the sweep does every minute. */
    reloadPolicy(): ReturnType<typeof loadPolicy>;
    close(): Promise<void>;
  };

export type WorldOptions = {
  settings: Settings;
  /** Time moves only when it is pushed. */
  frozen: boolean;
  /** Where a frozen clock starts; without it, now. */
  startAt?: Date;
  print: (line: string) => void;
  onAwsCall?: (call: AwsCall) => void;
  /** Hears everything that the local telemetry hears: the deployed one, where its lines are of interest. */
  telemetry?: Telemetry;
  /** What the local address shows in a browser; nothing when absent (tests, demo). */
  page?: () => Promise<PageFiles>;
};

const SWEEP_MS = 60_000;
const TTL_SWEEP_EVERY = 10;
const DIGEST_MINUTES = 5;
const SEAL_MINUTES = 5;
const CONSUMERS: Record<QueueName, { concurrency: number; visibilitySeconds: number }> = {
  grants: { concurrency: 2, visibilitySeconds: 90 },
  removals: { concurrency: 4, visibilitySeconds: 90 },
  announce: { concurrency: 2, visibilitySeconds: 60 },
  export: { concurrency: 1, visibilitySeconds: 300 },
};
const MAX_RECEIVES = 5;

export async function startWorld(options: WorldOptions): Promise<World> {
  const { settings, print } = options;
  let app: Hono | null = null;
  const server = await listenOnLoopback(
    (request) => app?.fetch(request) ?? new Response('Hallpass is starting', { status: 503 }),
    settings.port,
  );
  const onError = (what: string, error: unknown) =>
    print(`error ${what}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  const embedded = await startEmbedded({ ...options, baseUrl: server.url, onError });
  const telemetry = localTelemetry(print, options.telemetry);
  const masterKey = keyFile(settings.dataDir);
  const sealing = await localSealing(settings.dataDir);
  const allLoopback = onlyLoopback(settings);
  const phones = openPersonas(settings.dataDir, embedded.clock);
  const composed = composeFunctions({
    watch: (secretBox) => (allLoopback ? phones.watching(secretBox) : secretBox),
    settings,
    embedded,
    baseUrl: server.url,
    telemetry,
    masterKey,
    sealing,
    ...(options.onAwsCall ? { onAwsCall: options.onAwsCall } : {}),
  });
  await createTables(composed.client, TABLES);
  const reloadPolicy = () => loadPolicy(composed, { kind: 'operator' });
  await reloadPolicy();
  // Secrets on phones that everybody can read are for stand-ins only.
  if (allLoopback) await phones.enrol(composed);
  const state = () => localState({ client: composed.client, tables: TABLES, embedded, telemetry });
  const personas = async () =>
    phones.list(composed.journal, (await composed.policies.active())?.policy ?? null);
  const xray =
    allLoopback && options.page ? xrayOf({ settings, embedded, composed, state, personas }) : null;
  wire(embedded, composed, onError);
  noteEndpoints(settings, {
    dynamodb: settings.dynamoUrl ?? embedded.dynamo?.url,
    url: server.url,
  });
  const { clock, faults } = embedded;
  app = frontDoor({
    functions: composed.functions,
    embedded,
    settings,
    allLoopback,
    healthy: async () => (await composed.policies.active()) !== null,
    clock,
    faults,
    personas,
    state,
    page: options.page ?? null,
    xray,
  });
  const close = () => closeAll({ embedded, composed, phones, server, xray });
  const { journal, policies, functions } = composed;
  const { slack, github, gitlab, outside, queues } = embedded;
  const stood = { clock, faults, slack, github, gitlab, outside, queues };
  const parts = { ...stood, journal, policies, functions, telemetry };
  const schedulerUrl = embedded.scheduler?.url ?? null;
  return { ...parts, url: server.url, schedulerUrl, personas, state, reloadPolicy, close };
}

function xrayOf(parts: {
  settings: Settings;
  embedded: Embedded;
  composed: Composed;
  state: () => Promise<LocalState>;
  personas: () => Promise<Persona[]>;
}): Xray {
  const { settings, composed, ...rest } = parts;
  return openXray({
    ...rest,
    client: composed.client,
    tables: TABLES,
    dataDir: settings.dataDir,
  });
}

/** Slack or a provider that is a real service must not be reachable by anybody who can reach the local port. */
const onlyLoopback = ({ slack, github, gitlab }: Settings): boolean =>
  [slack?.apiUrl, github?.baseUrl, gitlab?.baseUrl].every(
    (url) => url === undefined || isLoopback(url),
  );

function wire(
  embedded: Embedded,
  { functions }: Composed,
  onError: (what: string, error: unknown) => void,
): void {
  const { queues, dynamo } = embedded;
  const consume = (queue: QueueName, run: Composed['functions']['ensure']) =>
    queues.consume(queue, (Records) => run({ Records: Records.map(sqsRecord) }), {
      ...CONSUMERS[queue],
      batchSize: 1,
      maxReceives: MAX_RECEIVES,
    });
  consume('grants', functions.ensure);
  consume('removals', functions.ensure);
  consume('announce', functions.announce);
  consume('export', functions.export);
  queues.start();
  dynamo?.changes.subscribe(TABLES.journal, (batch) =>
    functions.route({
      Records: batch.map(({ eventName, keys }) => ({ eventName, dynamodb: { Keys: keys } })),
    }),
  );
  runEveryMinute(embedded, functions, onError);
}

/** One timer for the sweep and for what runs in every fifth minute with it, so that the next event stays the next event. */
function runEveryMinute(
  { clock, dynamo }: Embedded,
  { sweep, digest, seal }: Pick<Composed['functions'], 'sweep' | 'digest' | 'seal'>,
  onError: (what: string, error: unknown) => void,
): void {
  let runs = 0;
  const tried = async (what: string, run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      onError(what, error);
    }
  };
  const next = () => {
    const minute = Math.floor(clock.now().getTime() / SWEEP_MS) + 1;
    clock.at(new Date(minute * SWEEP_MS), async () => {
      next();
      runs += 1;
      await tried('The sweep failed; the next one comes in a minute', async () => {
        await sweep();
        if (runs % TTL_SWEEP_EVERY === 0) await dynamo?.sweepTtl();
      });
      if (minute % DIGEST_MINUTES === 0)
        await tried('The digest failed; the next run comes in five minutes', digest);
      if (minute % SEAL_MINUTES === 0)
        await tried('Nothing was sealed; the next run comes in five minutes', seal);
    });
  };
  next();
}

/** What SQS hands to a Lambda: the body is all that our functions read. */
const sqsRecord = ({ messageId, body, receiveCount }: QueueRecord): SQSRecord => ({
  messageId,
  receiptHandle: messageId,
  body,
  attributes: {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: '0',
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:local',
  awsRegion: 'eu-central-1',
});

async function closeAll(parts: {
  embedded: Embedded;
  composed: Composed;
  phones: Personas;
  server: { close(): Promise<void> };
  xray: Xray | null;
}): Promise<void> {
  // Timers first, so that nothing new begins; then what is running, while everything it needs still answers.
  parts.embedded.clock.close();
  await parts.embedded.queues.close();
  await parts.server.close();
  await parts.embedded.close();
  parts.composed.client.destroy();
  parts.phones.close();
  parts.xray?.close();
}

/** For commands beside a running Hallpass: where it answers. */
function noteEndpoints(
  { dataDir }: Settings,
  { dynamodb, url }: { dynamodb: string | undefined; url: string },
): void {
  if (dataDir === null) return;
  const endpoints = { dynamodb, port: Number(new URL(url).port) };
  writeFileSync(join(dataDir, 'endpoints.json'), JSON.stringify(endpoints));
}
