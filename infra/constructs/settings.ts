/** What differs between deployments: CloudFormation parameters, so that a template needs no account and no look-up to be made. */
import { Aws, CfnCondition, CfnParameter, Fn, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export type Settings = {
  readonly tenant: string;
  readonly slackTeamId: string;
  readonly slackAppId: string;
  readonly githubApiUrl: string;
  /** Empty: GitLab is not used. */
  readonly gitlabApiUrl: string;
  /** Concurrency set aside for removals, as a token; nothing unless asked for. */
  readonly removalsConcurrency: number;
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
    gitlabApiUrl: parameter(
      'GitlabApiUrl',
      'Address of GitLab, for example https://gitlab.com; empty when there is none',
      '(https://.+[^/])?',
      '',
    ),
    removalsConcurrency: removalsConcurrency(stack),
  };
}

/** Off by default: AWS keeps 100 of an account's limit unreserved, and the limit of a new account is 10. */
function removalsConcurrency(stack: Construct): number {
  const parameter = new CfnParameter(stack, 'RemovalsConcurrency', {
    type: 'Number',
    description:
      'Lambda concurrency that no flood elsewhere in the account can take from removals; 0 sets nothing aside. Needs an account limit of 100 more',
    minValue: 0,
    default: 0,
  });
  const isAsked = new CfnCondition(stack, 'RemovalsConcurrencyIsAsked', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsNumber, 0)),
  });
  return Token.asNumber(Fn.conditionIf(isAsked.logicalId, parameter.valueAsNumber, Aws.NO_VALUE));
}
