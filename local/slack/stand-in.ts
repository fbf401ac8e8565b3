/**
 * The embedded Slack: Web API, response_urls, a memory of what everybody sees, and people who act. Stricter than Slack
 * (see block-kit/ and message-content.ts), so that what passes here passes there. Messages, direct messages, Home tabs,
 * changed people and the time stamp counter survive a restart. Never calls anything but `deliverUrl`.
 */
import { join } from 'node:path';
import type { Hono } from 'hono';
import { openClient, type SlackClient } from './client.ts';
import { type Deliveries, openDeliveries } from './deliveries.ts';
import { type Directory, openDirectory } from './directory.ts';
import { openFiles, type StoredFile } from './files.ts';
import type { JsonObject } from './json.ts';
import { type Ephemeral, openMessages } from './messages.ts';
import { pageApi } from './page/page-api.ts';
import { openPostOffice, type SlackClock } from './post-office.ts';
import { responseUrlApp } from './response-url.ts';
import { messageObject } from './shapes.ts';
import { SlackError } from './slack-error.ts';
import { openTickets } from './triggers.ts';
import type { View } from './view-object.ts';
import { type Modal, openViews } from './views.ts';
import { webApi } from './web-api.ts';
import { type Channel, LOCAL, localUserGroups, type Person, type UserGroup } from './workspace.ts';
import type { InstalledManifest, World } from './world.ts';

export type SlackStandInOptions = {
  /** Where the stand-in keeps its state; `null` keeps it in memory. */
  readonly dataDir: string | null;
  /** With `at`, late retries of events come on this clock. */
  readonly clock: SlackClock;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly userGroups?: readonly UserGroup[];
  readonly manifest: InstalledManifest;
  /** Scopes of `bot_optional` that the workspace declined. */
  readonly declinedScopes?: readonly string[];
  readonly signingSecret: string;
  readonly botToken: string;
  readonly teamId: string;
  readonly appId: string;
  /** The app's endpoint; without it people cannot act. */
  readonly deliverUrl?: string;
  /** Where `responseUrl` is mounted; `/_slack/response` at deliverUrl's origin unless given. */
  readonly responseUrlBase?: string;
  /** False: events are delivered once only. */
  readonly retries?: boolean;
  /**
   * True: the same `client_msg_id` again finds the first message. Slack's errors speak of that, its arguments do not, so it
   * is off unless asked for (docs/decisions/0010).
   */
  readonly findsPostsAgain?: boolean;
  /** Slack's patience, 3 s of real time. */
  readonly patienceMs?: number;
  /** How long a trigger serves, as long as Slack's without it. */
  readonly triggerMs?: number;
};

/** Something the app did that Slack would have refused. */
export type RefusedCall = {
  readonly where: string;
  readonly error: string;
  readonly detail: JsonObject;
};

/** What everybody sees now; the body of `GET /_slack/state`. */
export type SlackState = {
  readonly messages: JsonObject[];
  readonly ephemerals: Ephemeral[];
  readonly views: (View & Pick<Modal, 'user' | 'errors'>)[];
  readonly homes: { [userId: string]: View };
};

export type SlackStandIn = Deliveries & {
  /** To be mounted at `/_slack/api`. */
  readonly app: Hono;
  /** To be mounted at `/_slack/response`. */
  readonly responseUrl: Hono;
  /** What the page in the browser shows and does, to be mounted at `/_slack/page`. */
  readonly page: Hono;
  readonly client: SlackClient;
  readonly directory: Directory;
  state(): SlackState;
  /** The latest refusals, oldest first. */
  refused(): readonly RefusedCall[];
  file(id: string): StoredFile | undefined;
  close(): void;
};

const refusalsKept = 200;

export function openSlackStandIn(options: SlackStandInOptions): SlackStandIn {
  const world = openWorld(options);
  const refused: RefusedCall[] = [];
  const onRefusal = (where: string, error: unknown): void => {
    if (!(error instanceof SlackError)) throw error;
    refused.push({ where, error: error.code, detail: error.detail });
    if (refused.length > refusalsKept) refused.shift();
  };
  const { clock, signingSecret, botToken, deliverUrl, manifest } = options;
  const deliveries = openDeliveries({ world, clock, signingSecret, onRefusal });
  const postOffice = openPostOffice({
    clock,
    signingSecret,
    deliverUrl,
    deliveries,
    patienceMs: options.patienceMs ?? 3000,
    retries: options.retries ?? true,
  });
  const responseUrlBase = options.responseUrlBase ?? defaultResponseUrlBase(deliverUrl);
  const client = openClient({ world, clock, manifest, postOffice, responseUrlBase });
  return {
    ...deliveries,
    page: pageApi({ world, client, manifest, lastRefusal: () => refused.at(-1) }),
    app: webApi({ world, botToken, onRefusal }),
    responseUrl: responseUrlApp(world, onRefusal),
    client,
    directory: world.directory,
    state: () => stateOf(world),
    refused: () => refused,
    file: (id) => world.files.find(id),
    close() {
      world.messages.close();
      world.directory.close();
      world.views.shutDown();
    },
  };
}

function openWorld(options: SlackStandInOptions): World {
  const { dataDir, clock, teamId, appId } = options;
  const { botId, botUserId, teamDomain } = LOCAL;
  const file = (name: string) => (dataDir === null ? null : join(dataDir, `slack-${name}.log`));
  const declined = options.declinedScopes ?? [];
  const granted = options.manifest.oauth_config.scopes.bot.filter((one) => !declined.includes(one));
  const { people, channels, userGroups = localUserGroups } = options;
  return {
    teamId,
    teamDomain,
    appId,
    botId,
    botUserId,
    scopes: new Set<string>(granted),
    directory: openDirectory({ people, channels, userGroups, botUserId, file }),
    messages: openMessages({ clock, file }),
    findsPostsAgain: options.findsPostsAgain ?? false,
    views: openViews({ teamId, appId, botId }, clock, file('homes')),
    tickets: openTickets(clock, options.triggerMs),
    files: openFiles(),
  };
}

const defaultResponseUrlBase = (deliverUrl: string | undefined) =>
  `${deliverUrl === undefined ? 'http://127.0.0.1' : new URL(deliverUrl).origin}/_slack/response`;

function stateOf(world: World): SlackState {
  return {
    messages: world.messages.all().map((one) => ({
      channel: one.channel,
      ...messageObject(world, one),
    })),
    ephemerals: [...world.messages.ephemerals()],
    views: world.views.modals().map(({ view, user, errors }) => ({ ...view, user, errors })),
    homes: Object.fromEntries(world.views.homes()),
  };
}
