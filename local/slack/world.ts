/** Everything a Web API method can touch, and how one is written. */
import type { Directory } from './directory.ts';
import type { Files } from './files.ts';
import type { JsonObject } from './json.ts';
import type { Messages } from './messages.ts';
import { SlackError } from './slack-error.ts';
import type { Tickets } from './triggers.ts';
import type { Views } from './views.ts';

/** What Slack knows of the app from its manifest, as far as the stand-in heeds it. */
export type InstalledManifest = {
  readonly features: {
    readonly slash_commands: readonly {
      readonly command: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
    }[];
    readonly shortcuts: readonly {
      readonly type: 'global' | 'message';
      readonly name: string;
      readonly callback_id: string;
      readonly description: string;
    }[];
    readonly app_home: { readonly messages_tab_read_only_enabled: boolean };
  };
  readonly display_information: { readonly name: string };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[] };
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
};

export type World = {
  readonly teamId: string;
  readonly teamDomain: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  /** What the installed app may do: the manifest's bot scopes, without those the workspace declined. */
  readonly scopes: ReadonlySet<string>;
  readonly directory: Directory;
  readonly messages: Messages;
  /** A post under a name that the channel has already is answered with the message it has. */
  readonly findsPostsAgain: boolean;
  readonly views: Views;
  readonly tickets: Tickets;
  readonly files: Files;
};

export type Call = {
  readonly world: World;
  readonly args: JsonObject;
  /** The address of the Web API as the caller used it, without the method. */
  readonly apiUrl: string;
};

export type Method = {
  /** All of these are needed; empty where Slack asks for none. */
  readonly scopes: readonly string[];
  /** Answers the fields beside `ok: true`; throws SlackError to refuse. */
  run(call: Call): JsonObject;
};

export function requireScope(world: World, scope: string): void {
  if (!world.scopes.has(scope))
    throw new SlackError('missing_scope', {
      needed: scope,
      provided: [...world.scopes].join(','),
    });
}
