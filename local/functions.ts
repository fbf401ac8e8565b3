/**
 * The deployed functions, composed for local mode: the same function bodies as in lambdas/, real SDK clients against
 * the embedded (or the given) endpoints, and in-process parts only where a port has no wire protocol here.
 */
import { randomBytes } from 'node:crypto';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { announceMessage } from '../lambdas/announce/announce-function.ts';
import { digestFunction } from '../lambdas/digest/digest-function.ts';
import { enrollPage } from '../lambdas/enroll/enroll-page.ts';
import { ensureMessage } from '../lambdas/ensure/ensure-function.ts';
import { exportMessage } from '../lambdas/export/export-function.ts';
import { routeFunction } from '../lambdas/route/route-function.ts';
import { sealFunction } from '../lambdas/seal/seal-function.ts';
import { slackApp } from '../lambdas/slack/app.ts';
import { type HttpAnswer, type HttpEvent, slackReceiver } from '../lambdas/slack/receiver.ts';
import { sweepFunction } from '../lambdas/sweep/sweep-function.ts';
import { dynamoClient, schedulerClient } from '../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../shared/adapters/dynamo-journal.ts';
import { dynamoMarkers } from '../shared/adapters/dynamo-markers.ts';
import { dynamoSealedRows } from '../shared/adapters/dynamo-sealed-rows.ts';
import { endScheduler } from '../shared/adapters/end-scheduler.ts';
import { idsFrom } from '../shared/adapters/ids.ts';
import type { Tables } from '../shared/adapters/journal-items.ts';
import { parseEventKey } from '../shared/adapters/journal-keys.ts';
import { localSecretBox } from '../shared/adapters/local-secret-box.ts';
import { measuredJournal } from '../shared/adapters/measured-journal.ts';
import { onCallSystems } from '../shared/adapters/on-call/on-call.ts';
import { oneTimeCodes } from '../shared/adapters/one-time-codes.ts';
import { readPolicy } from '../shared/adapters/policy-file.ts';
import { policyAt } from '../shared/adapters/policy-path.ts';
import { slackAnnouncer } from '../shared/adapters/slack-announcer.ts';
import { slackDirectory } from '../shared/adapters/slack-directory.ts';
import { type SqsFunction, sqsFunction } from '../shared/adapters/sqs-batch.ts';
import { trackers } from '../shared/adapters/tickets/trackers.ts';
import type { ExportDeps } from '../shared/application/export-sealed.ts';
import { journalPolicies } from '../shared/application/policies.ts';
import { route } from '../shared/application/route.ts';
import type { Journal, Queues, SecretBox, Telemetry } from '../shared/ports.ts';
import type { Archive } from '../shared/ports-audit.ts';
import { githubProvider } from '../shared/providers/github/github-provider.ts';
import { gitlabProvider } from '../shared/providers/gitlab/gitlab-provider.ts';
import { providerRegistry } from '../shared/providers/registry.ts';
import type { LocalSealing } from './audit/local-sealing.ts';
import {
  type AwsCall,
  type Meter,
  meterArchive,
  meterDynamo,
  meterInvocation,
  meterKeys,
  meterQueues,
  meterScheduler,
  meterSigner,
} from './aws-meter.ts';
import type { Embedded } from './embedded.ts';
import { openInvocations, uncounted } from './invocations.ts';
import { OUTSIDE } from './outside/outside-stand-in.ts';
import { routedJournal } from './routed-journal.ts';
import { isLoopback, type Settings } from './settings.ts';
import { LOCAL } from './slack/workspace.ts';

export const TABLES: Tables = {
  tenant: 'local',
  journal: 'hallpass-journal',
  state: 'hallpass-state',
};
const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:000000000000:hallpass-removals';
const ROLE_ARN = 'arn:aws:iam::000000000000:role/hallpass-scheduler';
/** Never asked: one of the two, embedded or given, is always there. */
const NOWHERE = 'http://127.0.0.1:9';
const EMBEDDED_AWS = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
/** An emulator on this machine takes any credentials; a real endpoint gets those of the environment. */
const awsAt = (endpoint: string) =>
  isLoopback(endpoint) ? { ...EMBEDDED_AWS, endpoint } : { endpoint };

export type FunctionParts = {
  settings: Settings;
  embedded: Embedded;
  /** Address of the front door. */
  baseUrl: string;
  telemetry: Telemetry;
  /** Seals authenticator secrets. */
  masterKey: Uint8Array;
  /** Where checkpoints go, what signs them, and the hash of the code that does. */
  sealing: LocalSealing;
  /** Lets the personas' phones see what is sealed. */
  watch: (secretBox: SecretBox) => SecretBox;
  /** Told about every AWS call (cost test). */
  onAwsCall?: (call: AwsCall) => void;
};

export type Functions = {
  slack: (event: HttpEvent) => Promise<HttpAnswer>;
  enroll: ReturnType<typeof enrollPage>;
  ensure: SqsFunction;
  announce: SqsFunction;
  route: ReturnType<typeof routeFunction>;
  sweep: () => Promise<void>;
  digest: () => Promise<void>;
  seal: () => Promise<void>;
  export: SqsFunction;
};

export type Composed = Common & { functions: Functions };

type Common = ReturnType<typeof commonParts>;

export function composeFunctions(parts: FunctionParts): Composed {
  const common = commonParts(parts);
  const { telemetry } = parts;
  const { journal, queues, source } = common;
  const ensure = ensureMessage({
    ...common,
    providers: providers(parts),
    ends: ends(parts, common),
  });
  const announce = announceMessage({ ...common, announcer: slackAnnouncer(common.slack) });
  const readEventKey = (key: { pk: string; sk: string }) => parseEventKey(TABLES.tenant, key);
  const { of } = common.invocations;
  const functions: Functions = {
    slack: of('slack', slackFunction(common)),
    enroll: of('enroll', enrollPage(common)),
    ensure: of('ensure', sqsFunction(ensure)),
    announce: of('announce', sqsFunction(announce)),
    route: of('route', routeFunction({ journal, queues, telemetry, readEventKey })),
    sweep: of('sweep', sweepFunction({ ...common, source, readPolicy })),
    digest: of('digest', digestFunction(common)),
    seal: of('seal', sealFunction(sealing(parts, common))),
    export: of('export', sqsFunction(exportMessage(exporting(parts, common)))),
  };
  return { ...common, functions };
}

function sealing({ sealing: { archive, signer, code } }: FunctionParts, common: Common) {
  const { client, meter } = common;
  const parts = { ...common, code, markers: dynamoMarkers(client, TABLES), table: TABLES.journal };
  return meter
    ? { ...parts, archive: meterArchive(archive, meter), signer: meterSigner(signer, meter) }
    : { ...parts, archive, signer };
}

/** To files alone: a bus is somebody else's. */
function exporting({ sealing: { archive, exports } }: FunctionParts, common: Common): ExportDeps {
  const rows = dynamoSealedRows(common.client, TABLES);
  const { journal, telemetry, meter } = common;
  const counted = (each: Archive) => (meter ? meterArchive(each, meter) : each);
  const stores = { archive: counted(archive), exports: counted(exports) };
  return { ...stores, rows, journal, telemetry, bus: null, format: 'jsonl' };
}

function commonParts(parts: FunctionParts) {
  // The lock pins an SDK that runs on Node 20; its outlook on later versions is no news for who just starts us.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { settings, embedded, baseUrl, telemetry } = parts;
  const { clock } = embedded;
  const client = dynamoClient(dynamoAt(settings, embedded));
  const { onAwsCall } = parts;
  const makeJournal = () => dynamoJournal({ client, tables: TABLES });
  const invocations = onAwsCall
    ? openInvocations(makeJournal, (by) => meterInvocation(by, onAwsCall))
    : uncounted(makeJournal);
  const meter: Meter | null = onAwsCall
    ? { onCall: onAwsCall, running: invocations.running }
    : null;
  if (meter) meterDynamo(client, meter);
  const store = measuredJournal(invocations.journal, telemetry);
  const ownQueues = localQueuePort(embedded);
  const queues = meter ? meterQueues(ownQueues, meter) : ownQueues;
  const journal = settings.dynamoUrl ? routedHere(store, queues, telemetry) : store;
  const slackSettings = settings.slack ?? {
    apiUrl: `${baseUrl}/_slack/api/`,
    botToken: LOCAL.botToken,
    signingSecret: LOCAL.signingSecret,
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
  };
  const slack = { token: async () => slackSettings.botToken, apiUrl: slackSettings.apiUrl };
  const box = parts.watch(localSecretBox(parts.masterKey, randomBytes));
  const secretBox = meter ? meterKeys(box, meter) : box;
  return {
    client,
    invocations,
    meter,
    journal,
    clock,
    telemetry,
    readPolicy,
    secretBox,
    slackSettings,
    slack,
    tenant: TABLES.tenant,
    teamId: slackSettings.teamId,
    ids: idsFrom(randomBytes),
    policies: journalPolicies({ journal }),
    directory: slackDirectory(slack),
    ...outsideSystems(parts),
    codes: oneTimeCodes({ issuer: 'Hallpass' }),
    queues,
    source: policyAt(settings.policyFile),
    publicUrl: settings.publicUrl ?? baseUrl,
  };
}

/** The adapters of the deployment, against real systems where switches name them, else against stand-ins that are not on the network. */
function outsideSystems({ settings, embedded }: FunctionParts) {
  const { onCall, tickets } = settings.outside;
  const { fetch } = embedded.outside;
  const { pagerduty, opsgenie, ical, jira, github } = OUTSIDE;
  const here = { pagerduty, opsgenie, ical: { hosts: [...ical.hosts] } };
  return {
    onCall: onCallSystems(async () => onCall ?? here, onCall ? {} : { fetch }),
    tickets: trackers(async () => tickets ?? { jira, github }, tickets ? {} : { fetch }),
  };
}

type Signed = { headers: Record<string, string> };
/** In this process nobody checks a signature, and to make one costs a tenth of a call. */
const AS_IF_SIGNED = {
  sign: async <T extends Signed>(request: T): Promise<T> => {
    request.headers['authorization'] = 'AWS4-HMAC-SHA256 in-process';
    return request;
  },
};

/** The embedded one is asked without a connection; it listens all the same, for whoever else asks. */
function dynamoAt({ dynamoUrl }: Settings, { dynamo }: Embedded): DynamoDBClientConfig {
  if (dynamoUrl) return awsAt(dynamoUrl);
  if (!dynamo) return awsAt(NOWHERE);
  return { ...awsAt(dynamo.url), requestHandler: dynamo.requestHandler, signer: AS_IF_SIGNED };
}

function slackFunction(common: Common): Functions['slack'] {
  const { slackSettings, clock, telemetry } = common;
  const receiver = slackReceiver({
    signingSecrets: async () => [slackSettings.signingSecret],
    appId: slackSettings.appId,
    teamId: slackSettings.teamId,
    clock,
    telemetry,
  });
  slackApp(common, receiver);
  return receiver.handle;
}

function providers({ settings, embedded, baseUrl }: FunctionParts) {
  const github = settings.github ?? {
    baseUrl: `${baseUrl}/_github`,
    ...embedded.github.credentials,
  };
  const { baseUrl: url, ...auth } = github;
  const gitlab = settings.gitlab ?? {
    baseUrl: `${baseUrl}/_gitlab`,
    token: embedded.gitlab.token,
  };
  const now = () => embedded.clock.now();
  return providerRegistry([
    githubProvider({ baseUrl: url, auth, now }),
    gitlabProvider({ ...gitlab, now }),
  ]);
}

function ends({ settings, embedded }: FunctionParts, { meter }: Common) {
  const client = schedulerClient(
    awsAt(settings.schedulerUrl ?? embedded.scheduler?.url ?? NOWHERE),
  );
  if (meter) meterScheduler(client, meter);
  return endScheduler(client, { group: 'default', queueArn: QUEUE_ARN, roleArn: ROLE_ARN });
}

/** Somebody else's DynamoDB: its stream does not reach us, so what was committed is routed at once. */
const routedHere = (store: Journal, queues: Queues, telemetry: Telemetry): Journal =>
  routedJournal(store, (changes) => {
    route(changes, { journal: store, queues, telemetry }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      telemetry.error('A change could not be routed; the sweep brings it back', { why });
    });
  });

const LONGEST_DELAY_SECONDS = 900;
const localQueuePort = ({ queues }: Embedded): Queues => ({
  send: (queue, message, delaySeconds = 0) =>
    queues.send(
      queue,
      JSON.stringify(message),
      Math.min(Math.max(0, Math.ceil(delaySeconds)), LONGEST_DELAY_SECONDS),
    ),
});
