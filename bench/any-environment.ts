/** An environment in which every bundle starts. Nothing of it is reached. */
export const anyEnvironment = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  HALLPASS_TENANT: 'main',
  JOURNAL_TABLE: 'journal',
  STATE_TABLE: 'state',
  ANNOUNCE_QUEUE_URL: 'https://queue.example/announce',
  SLACK_TEAM_ID: 'T0EXAMPLE',
  SLACK_APP_ID: 'A0EXAMPLE',
  SLACK_SECRET_ID: 'slack',
  AUTHENTICATOR_KEY_ID: 'key',
  PROVIDERS: 'github gitlab',
  PUBLIC_URL: 'https://hallpass.example',
  ONCALL_SECRET_ID: 'oncall',
  TICKETS_SECRET_ID: 'tickets',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
} as const;
