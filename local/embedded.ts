/**
 * Starts the embedded parts of local mode: clock, faults, DynamoDB, Scheduler, queues, Slack, GitHub and GitLab stand-ins.
 * A part that a switch replaces by a real service is simply not started. Everything keeps its data under one folder
 * and survives a kill -9; a second process on the same folder is refused by the database's lock.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { slackManifest } from '../shared/config/slack-manifest.ts';
import { type LocalClock, openLocalClock } from './clock.ts';
import { checkDataFormat } from './data-format.ts';
import { type EmbeddedDynamo, startEmbeddedDynamo } from './dynamodb/start-embedded-dynamo.ts';
import { type Faults, faultMiddleware, openFaults } from './faults.ts';
import {
  classifyGithubCall,
  type GithubStandIn,
  openGithubStandIn,
} from './github/github-stand-in.ts';
import {
  classifyGitlabCall,
  type GitlabStandIn,
  openGitlabStandIn,
} from './gitlab/gitlab-stand-in.ts';
import { type OutsideStandIn, openOutsideStandIn } from './outside/outside-stand-in.ts';
import { outsideSeed } from './outside/seed.ts';
import { type LocalQueues, openLocalQueues } from './queues.ts';
import {
  type EmbeddedScheduler,
  startEmbeddedScheduler,
} from './scheduler/start-embedded-scheduler.ts';
import type { Settings } from './settings.ts';
import { openSlackStandIn, type SlackStandIn } from './slack/stand-in.ts';
import { LOCAL, localChannels, localPeople } from './slack/workspace.ts';

export type Embedded = {
  clock: LocalClock;
  faults: Faults;
  queues: LocalQueues;
  dynamo: EmbeddedDynamo | null;
  scheduler: EmbeddedScheduler | null;
  slack: SlackStandIn;
  github: GithubStandIn;
  gitlab: GitlabStandIn;
  /** Who is on call, and how tickets stand. */
  outside: OutsideStandIn;
  /** Closes everything but the clock and the queues, which have to stop before what they use. */
  close(): Promise<void>;
};

export type EmbeddedOptions = {
  settings: Settings;
  /** The front door's own address, known before anything is started. */
  baseUrl: string;
  /** Time stands still between pushes (tests, demo). */
  frozen: boolean;
  /** Where a frozen clock starts; without it, now. */
  startAt?: Date;
  onError: (what: string, error: unknown) => void;
};

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { settings, onError } = options;
  const { dataDir } = settings;
  const startAt = options.frozen ? options.startAt : undefined;
  if (dataDir !== null) {
    mkdirSync(dataDir, { recursive: true });
    checkDataFormat(dataDir);
  }
  const clock = openLocalClock({
    file: dataDir && join(dataDir, 'clock.jsonl'),
    frozen: options.frozen,
    ...(startAt ? { realNow: () => startAt.getTime() } : {}),
    onError: (error) => onError('A timer failed', error),
  });
  const faults = openFaults();
  const queues = openLocalQueues({
    dataDir,
    clock,
    onError: (error) => onError('A queue handler failed; its message comes again', error),
  });
  const dynamo = settings.dynamoUrl ? null : await startDynamo(options, clock, faults);
  const scheduler = settings.schedulerUrl
    ? null
    : await startEmbeddedScheduler({
        dataDir,
        clock,
        faults,
        deliver: ({ input }) => queues.send('removals', input),
        onError: (error) => onError('A schedule failed', error),
      });
  const slack = slackStandIn(options, clock);
  const github = openGithubStandIn({
    dataDir,
    now: () => clock.now(),
    before: faultMiddleware(faults, 'github', classifyGithubCall),
  });
  const gitlab = openGitlabStandIn({
    dataDir,
    now: () => clock.now(),
    before: faultMiddleware(faults, 'gitlab', classifyGitlabCall),
  });
  const outside = openOutsideStandIn({
    now: () => clock.now(),
    file: (name) => dataDir && join(dataDir, `outside-${name}.log`),
    seed: outsideSeed,
  });
  if (dynamo) clock.onSettle(() => dynamo.settled());
  clock.onSettle(() => queues.settled());
  const close = async () => {
    await scheduler?.close();
    slack.close();
    github.close();
    gitlab.close();
    outside.close();
    await dynamo?.close();
  };
  return { clock, faults, queues, dynamo, scheduler, slack, github, gitlab, outside, close };
}

function startDynamo({ settings, onError }: EmbeddedOptions, clock: LocalClock, faults: Faults) {
  return startEmbeddedDynamo({
    dataDir: settings.dataDir && join(settings.dataDir, 'dynamodb'),
    now: () => clock.now(),
    onFault: (operation) => faults.take('dynamodb', operation) ?? 'none',
    onProblem: (message, cause) => onError(message, cause),
  });
}

const FROZEN_PATIENCE_MS = 60_000;

const slackStandIn = (
  { settings, baseUrl, frozen }: EmbeddedOptions,
  clock: LocalClock,
): SlackStandIn =>
  openSlackStandIn({
    dataDir: settings.dataDir,
    clock,
    people: localPeople,
    channels: localChannels,
    manifest: slackManifest({ baseUrl }),
    signingSecret: LOCAL.signingSecret,
    botToken: LOCAL.botToken,
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
    // Where time stands still nobody is late.
    patienceMs: frozen ? FROZEN_PATIENCE_MS : settings.slackPatienceMs,
    triggerMs: settings.slackPatienceMs,
    deliverUrl: `${baseUrl}/slack/events`,
  });
