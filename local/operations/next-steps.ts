/** What an operator does after a deploy, with this deployment's own names in it: nothing has to be looked up. Holds no secret. */
import { manifestLink, slackManifest } from '../../shared/config/slack-manifest.ts';
import type { Deployed } from './deployed.ts';

/** Before the Slack app exists, nobody can know its id: these serve no workspace. */
export const isUnclaimed = ({ Settings }: Deployed): boolean =>
  Settings.slackTeamId === 'TNOTYET' || Settings.slackAppId === 'ANOTYET';

export function nextSteps(deployed: Deployed): string[] {
  return [
    `Hallpass ${deployed.stage} is deployed.`,
    '',
    `  Slack request URL   ${deployed.SlackRequestUrl}`,
    `  journal table       ${deployed.JournalTable}`,
    `  state table         ${deployed.StateTable}`,
    `  audit bucket        ${deployed.AuditBucket}`,
    `  dashboard           ${deployed.DashboardUrl}`,
    '',
    ...(isUnclaimed(deployed) ? firstSteps(deployed) : []),
    `Check it: npm run doctor -- -c stage=${deployed.stage}`,
  ];
}

function firstSteps({ Address, SlackSecret, GithubSecret, stage }: Deployed): string[] {
  const link = manifestLink(slackManifest({ baseUrl: Address }));
  return [
    'No workspace is served yet. Once:',
    `1. Create the Slack app and install it: ${link}`,
    '2. Put its bot token and signing secret, and the GitHub App, where only their readers find them:',
    `   aws secretsmanager put-secret-value --secret-id ${SlackSecret} --secret-string file://slack.json`,
    `   aws secretsmanager put-secret-value --secret-id ${GithubSecret} --secret-string file://github.json`,
    '   (shapes: docs/deployment.md)',
    `3. npm run deploy -- -c stage=${stage} --parameters SlackTeamId=T... --parameters SlackAppId=A...`,
    '4. In the app’s settings at Slack, under Event Subscriptions, let Slack verify the request URL.',
    '',
  ];
}
