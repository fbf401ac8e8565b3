/**
 * The Slack app as Slack sees it: the token's scopes against the manifest, workspace and app against the deployment, the channels
 * that the policy names, and each golden message before Slack's own blocks.validate. Never prints the token.
 */
import * as z from 'zod';
import { REQUIRED_SCOPES, slackManifest } from '../../../shared/config/slack-manifest.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { Payload } from '../../../test/blocks/golden.ts';
import { validateAll } from '../../../test/blocks/validate.ts';
import type { Deployed } from '../deployed.ts';
import { isUnclaimed } from '../next-steps.ts';
import { type Check, type Finding, must, ok, problem, warning } from './finding.ts';

export type SlackAt = { readonly apiUrl: string; token(): Promise<string> };

const TIMEOUT_MS = 10_000;
const REINSTALL =
  'Add the scope under OAuth & Permissions (npm run manifest prints all) and install the app again';
const Answer = z.looseObject({ ok: z.boolean(), error: z.string().default('no reason') });
const Tested = z.object({ team_id: z.string(), bot_id: z.string().optional() });
const Bot = z.object({ bot: z.object({ app_id: z.string() }) });

async function call(slack: SlackAt, method: string, args: Record<string, string> = {}) {
  const response = await fetch(new URL(method, slack.apiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${await slack.token()}` },
    body: new URLSearchParams(args),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { answer: Answer.parse(await response.json()), headers: response.headers };
}

export const tokenCheck = (slack: SlackAt, deployed: Deployed): Check => ({
  name: 'Slack token',
  async run() {
    if (isUnclaimed(deployed))
      return [
        problem(
          'no workspace is served yet',
          'docs/deployment.md, First deploy: SlackTeamId and SlackAppId',
        ),
      ];
    const { answer, headers } = await call(slack, 'auth.test');
    if (!answer.ok)
      return [
        problem(
          `Slack says ${answer.error}`,
          `Put the app's current bot token into ${deployed.SlackSecret}`,
        ),
      ];
    const { slackTeamId } = deployed.Settings;
    const { team_id: team, bot_id: bot } = Tested.parse(answer);
    return [
      must(team === slackTeamId, `is of workspace ${team}`, {
        what: `is of workspace ${team}, but ${slackTeamId} is served`,
        fix: `npm run deploy -- -c stage=${deployed.stage} --parameters SlackTeamId=${team}`,
      }),
      ...(bot === undefined ? [] : [await appOf(slack, deployed, bot)]),
      ...scopes(headers.get('x-oauth-scopes')),
    ];
  },
});

async function appOf(slack: SlackAt, { Settings, stage }: Deployed, bot: string): Promise<Finding> {
  const { answer } = await call(slack, 'bots.info', { bot });
  if (!answer.ok)
    return warning(
      `which app it is of: ${answer.error}`,
      `Compare it with ${Settings.slackAppId} by hand`,
    );
  const { app_id: app } = Bot.parse(answer).bot;
  return must(app === Settings.slackAppId, `is of app ${app}`, {
    what: `is of app ${app}, but ${Settings.slackAppId} is served`,
    fix: `npm run deploy -- -c stage=${stage} --parameters SlackAppId=${app}`,
  });
}

function scopes(header: string | null): Finding[] {
  if (header === null)
    return [
      warning(
        'Slack did not say which scopes it has',
        'Compare them with npm run manifest by hand',
      ),
    ];
  const has = new Set(header.split(',').map((scope) => scope.trim()));
  const required: readonly string[] = REQUIRED_SCOPES;
  const { bot } = slackManifest({ baseUrl: null }).oauth_config.scopes;
  const asked: readonly string[] = bot;
  const missing = asked.filter((scope) => !has.has(scope));
  const extra = [...has].filter((scope) => scope !== '' && !asked.includes(scope));
  return [
    ...missing.map((scope) =>
      required.includes(scope)
        ? problem(`lacks the scope ${scope}`, REINSTALL)
        : warning(`lacks the scope ${scope}, which is optional`, REINSTALL),
    ),
    ...extra.map((scope) =>
      warning(`has the scope ${scope}, which nothing uses`, 'Take it away: less to steal'),
    ),
    ...(missing.length + extra.length === 0 ? [ok('has the scopes of the manifest')] : []),
  ];
}

const CANNOT_SEE = 'missing_scope';

/** Every channel that a rule or the policy itself names. */
export const channelChecks = (slack: SlackAt, policy: Policy): Check[] =>
  [
    ...new Set([
      ...policy.rules.flatMap((rule) => ('channel' in rule && rule.channel ? [rule.channel] : [])),
      ...(policy.security_channel ? [policy.security_channel] : []),
    ]),
  ].map((channel) => ({
    name: `channel ${channel}`,
    async run() {
      const { answer } = await call(slack, 'conversations.info', { channel });
      if (answer.ok) {
        const { is_archived: archived, is_member: member } = z
          .object({ is_archived: z.boolean().default(false), is_member: z.boolean().default(true) })
          .parse(answer['channel']);
        return [
          must(!archived && member, 'is there, and the bot is in it', {
            what: archived ? 'is archived' : 'is there, but the bot is not in it: it cannot post',
            fix: archived ? 'Name another one in the policy' : 'Invite it there: /invite @hallpass',
          }),
        ];
      }
      if (answer.error === CANNOT_SEE)
        return [
          warning('cannot be looked up without channels:read', 'Post something there by hand'),
        ];
      return [
        problem(
          `Slack says ${answer.error}`,
          'Correct the id in the policy, or invite the bot to the private channel',
        ),
      ];
    },
  }));

export const messagesCheck = (
  slack: SlackAt,
  {
    payloads,
    wait,
  }: { payloads: () => readonly Payload[]; wait: (seconds: number) => Promise<unknown> },
): Check => ({
  name: 'messages',
  async run() {
    const golden = payloads();
    const refused: string[] = [];
    const count = await validateAll(golden, {
      ...{ apiUrl: slack.apiUrl, token: await slack.token(), wait },
      print: (line) => refused.push(line),
    });
    return [
      must(count === 0, `Slack takes all ${golden.length} golden ones`, {
        what: `Slack refuses ${count} of ${golden.length}: ${refused.join(' ')}`,
        fix: 'Slack has changed, or this version is broken: go back to the last version, report it',
      }),
    ];
  },
});
