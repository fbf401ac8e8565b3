/** What differs between deployments: CloudFormation parameters, so that a template needs no account and no look-up to be made. */
import { CfnParameter } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export type Settings = {
  readonly tenant: string;
  readonly slackTeamId: string;
  readonly slackAppId: string;
  readonly githubApiUrl: string;
};

export function readSettings(stack: Construct): Settings {
  const parameter = (id: string, description: string, allowedPattern: string, fallback?: string) =>
    new CfnParameter(stack, id, {
      description,
      allowedPattern,
      ...(fallback === undefined ? {} : { default: fallback }),
    }).valueAsString;
  return {
    tenant: parameter(
      'Tenant',
      'First part of every key in the tables',
      '[a-z0-9][a-z0-9-]{0,31}',
      'main',
    ),
    slackTeamId: parameter('SlackTeamId', 'The one workspace that is served', 'T[A-Z0-9]+'),
    slackAppId: parameter('SlackAppId', 'The Slack app whose requests are accepted', 'A[A-Z0-9]+'),
    githubApiUrl: parameter(
      'GithubApiUrl',
      'API address of GitHub or of a GitHub Enterprise Server',
      'https://.+[^/]',
      'https://api.github.com',
    ),
  };
}
