import type { AppsManifestCreateArguments } from '@slack/web-api';
import { slackManifest } from '../../../shared/config/slack-manifest.ts';

/** The manifest as the SDK's own types describe it: a wrong field name does not compile. */
type SdkManifest = NonNullable<AppsManifestCreateArguments>['manifest'];

const manifest = slackManifest({ baseUrl: 'https://hallpass.example/' });

test('every request goes to the one endpoint of the deployment', () => {
  const typed: SdkManifest = manifest;
  expect(typed.settings?.interactivity).toEqual({
    is_enabled: true,
    request_url: 'https://hallpass.example/slack/events',
    message_menu_options_url: 'https://hallpass.example/slack/events',
  });
  expect(typed.settings?.event_subscriptions).toEqual({
    request_url: 'https://hallpass.example/slack/events',
    bot_events: ['app_home_opened', 'user_change', 'app_uninstalled', 'tokens_revoked'],
  });
});

test('it asks for the seven scopes of the product and nothing else, three of them declinable', () => {
  const { bot, bot_optional: optional } = manifest.oauth_config.scopes;
  expect(bot).toEqual([
    'commands',
    'chat:write',
    'users:read',
    'users:read.email',
    'usergroups:read',
    'files:write',
    'channels:read',
  ]);
  expect(optional).toEqual(['usergroups:read', 'files:write', 'channels:read']);
});

test('the bot token does not expire while nothing refreshes it', () => {
  expect(manifest.settings.token_rotation_enabled).toBe(false);
});

test('both commands escape mentions, so that a person arrives by id', () => {
  const { slash_commands: commands } = manifest.features;
  expect(commands.map((one) => [one.command, one.should_escape])).toEqual([
    ['/request-access', true],
    ['/access', true],
  ]);
});

test('the commands can be renamed where a workspace already has them', () => {
  const renamed = slackManifest({
    baseUrl: 'https://hallpass.example',
    requestCommand: '/ask',
    accessCommand: '/hallpass',
  });
  expect(renamed.features.slash_commands.map((one) => one.command)).toEqual(['/ask', '/hallpass']);
});

test('all texts keep within what the manifest allows', () => {
  expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
  expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  for (const command of manifest.features.slash_commands) {
    expect(command.command.length).toBeLessThanOrEqual(32);
    expect(command.description.length).toBeLessThanOrEqual(2000);
    expect(command.usage_hint.length).toBeLessThanOrEqual(1000);
  }
  for (const shortcut of manifest.features.shortcuts) {
    expect(shortcut.name.length).toBeLessThanOrEqual(24);
    expect(shortcut.description.length).toBeLessThanOrEqual(150);
  }
});

test.each(['', 'hallpass.example', '/slack'])('"%s" is no address Slack could reach', (baseUrl) => {
  expect(() => slackManifest({ baseUrl })).toThrow('needs the absolute address');
});
