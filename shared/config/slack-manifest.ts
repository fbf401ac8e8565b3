/**
 * The Slack app's manifest, from this one source: the generated manifest file, the embedded Slack's scopes and slash
 * menu, and the deployed app all come from here. Asks for no scope that the product does not use. Never holds a secret.
 * Fields as in docs.slack.dev/reference/app-manifest; `bot_optional` marks scopes of `bot` that a workspace may decline.
 */
export interface ManifestOptions {
  /**
   * Where Slack reaches us, without a trailing path: `https://example.execute-api.eu-central-1.amazonaws.com`.
   * Null: nowhere, the app connects to Slack by itself (Socket Mode).
   */
  readonly baseUrl: string | null;
  /** The command that asks for access; `/request-access` unless the workspace already has one of that name. */
  readonly requestCommand?: string;
  /** The command for everything else; `/access` unless taken. */
  readonly accessCommand?: string;
}

export const REQUIRED_SCOPES = [
  'commands',
  'chat:write',
  'users:read',
  'users:read.email',
] as const;
const OPTIONAL_SCOPES = ['usergroups:read', 'files:write', 'channels:read'] as const;
const EVENTS = ['app_home_opened', 'user_change', 'app_uninstalled', 'tokens_revoked'] as const;

/** Callback ids of the two shortcuts, as Slack sends them. */
const SHORTCUTS = {
  request: 'request_access',
  requestForMessage: 'request_access_for_message',
} as const;

function slashCommands(options: ManifestOptions, where: { url?: string }) {
  return [
    {
      command: options.requestCommand ?? '/request-access',
      description: 'Ask for time-boxed CI/CD access',
      usage_hint: '[target] [role] [2h] [why] | again | help',
      should_escape: true,
      ...where,
    },
    {
      command: options.accessCommand ?? '/access',
      description: 'See, approve, extend and end access',
      usage_hint:
        'mine | pending | approve AR-7K2M9Q | deny AR-7K2M9Q [why] | end AR-7K2M9Q | help',
      should_escape: true,
      ...where,
    },
  ];
}

function features(options: ManifestOptions, where: { url?: string }) {
  return {
    app_home: {
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    },
    bot_user: { display_name: 'hallpass', always_online: true },
    shortcuts: [
      {
        type: 'global' as const,
        name: 'Request access',
        callback_id: SHORTCUTS.request,
        description: 'Ask for time-boxed CI/CD access',
      },
      {
        type: 'message' as const,
        name: 'Request access for this',
        callback_id: SHORTCUTS.requestForMessage,
        description: 'Ask for access, with this message as the reason',
      },
    ],
    slash_commands: slashCommands(options, where),
  };
}

/** The manifest for one deployment. Throws when `baseUrl` is not an absolute http(s) address. */
export function slackManifest(options: ManifestOptions) {
  const url = options.baseUrl === null ? null : requestUrl(options.baseUrl);
  const where = url === null ? {} : { url };
  const request = url === null ? {} : { request_url: url };
  const menus = url === null ? {} : { message_menu_options_url: url };
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'Hallpass',
      description: 'Just-in-time CI/CD access: asked, approved, granted, ended on time',
      background_color: '#1d3557',
    },
    features: features(options, where),
    oauth_config: {
      scopes: {
        bot: [...REQUIRED_SCOPES, ...OPTIONAL_SCOPES],
        bot_optional: [...OPTIONAL_SCOPES],
      },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: [...EVENTS] },
      interactivity: { is_enabled: true, ...request, ...menus },
      org_deploy_enabled: false,
      socket_mode_enabled: url === null,
      // On, bot tokens expire after 12 hours; nothing of ours refreshes them yet, and Slack does not take it back.
      token_rotation_enabled: false,
    },
  };
}

/** Opens Slack's "create an app" dialog with the manifest filled in. */
export const manifestLink = (manifest: ReturnType<typeof slackManifest>): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;

function requestUrl(baseUrl: string): string {
  if (!/^https?:\/\/[^/]/.test(baseUrl)) {
    throw new Error(
      `The manifest needs the absolute address at which Slack reaches us, got "${baseUrl}".`,
    );
  }
  return `${baseUrl.replace(/\/+$/, '')}/slack/events`;
}
