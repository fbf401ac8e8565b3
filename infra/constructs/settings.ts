/** What differs between deployments: CloudFormation parameters, so that a template needs no account and no look-up to be made. */
import { Aws, CfnCondition, CfnParameter, Fn, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EXPORT_FORMATS } from '../../shared/config/env.ts';

export type Settings = {
  readonly tenant: string;
  readonly slackTeamId: string;
  readonly slackAppId: string;
  readonly slackApiUrl: string;
  readonly githubApiUrl: string;
  /** KMS key with the GitHub App's private key; empty: the key is in the secret. */
  readonly githubAppKeyId: string;
  /** Empty: GitLab is not used. */
  readonly gitlabApiUrl: string;
  /** Names of those that have an address, separated by blanks. */
  readonly providers: string;
  /** Address in front of the API; empty: the API's own. */
  readonly publicUrl: string;
  readonly exportFormat: 'jsonl' | 'ocsf';
  /** EventBridge bus of a SIEM; empty: none. */
  readonly exportBusArn: string;
  /** Concurrency set aside for removals, as a token; nothing unless asked for. */
  readonly removalsConcurrency: number;
  /** 1 keeps a second sealer from starting, as a token; nothing unless asked for. */
  readonly sealConcurrency: number;
};

/** http to this machine alone is for a deployment into an emulator. No blank and no quote: they travel through JSON. */
const URL_PATTERN = String.raw`https://[^\s"\\]+|http://127\.0\.0\.1:[0-9]+[^\s"\\]*`;
/** All that a function takes has to fit into its version's description, see hallpass-function.ts. */
const LONGEST_URL = 80;

export function readSettings(stack: Construct): Settings {
  const parameter = (id: string, description: string, allowedPattern: string, fallback: string) =>
    new CfnParameter(stack, id, { description, allowedPattern, default: fallback }).valueAsString;
  const url = (id: string, description: string, fallback: string) =>
    new CfnParameter(stack, id, {
      description,
      allowedPattern: fallback === '' ? `(${URL_PATTERN})?` : URL_PATTERN,
      maxLength: LONGEST_URL,
      default: fallback,
    }).valueAsString;
  const gitlabApiUrl = url('GitlabApiUrl', 'For example https://gitlab.com; empty: none', '');
  return {
    tenant: parameter('Tenant', 'First part of every key', '[a-z0-9][a-z0-9-]{0,31}', 'main'),
    // The app is created after the first deploy, for its address: until both are given, no workspace is served.
    slackTeamId: parameter('SlackTeamId', 'The one workspace served', 'T[A-Z0-9]{2,20}', 'TNOTYET'),
    slackAppId: parameter('SlackAppId', 'The one Slack app served', 'A[A-Z0-9]{2,20}', 'ANOTYET'),
    slackApiUrl: url('SlackApiUrl', "Slack's Web API; GovSlack has its own", SLACK_API),
    githubApiUrl: url('GithubApiUrl', 'API of GitHub or of a GitHub Enterprise Server', GITHUB_API),
    githubAppKeyId: parameter(
      'GithubAppKeyId',
      'Id of an RSA key in KMS of this account that holds the GitHub App’s private key; empty: it is in the secret',
      '([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})?',
      '',
    ),
    gitlabApiUrl,
    providers: chosen(stack, 'GitlabIsGiven', {
      ifGiven: gitlabApiUrl,
      value: 'github gitlab',
      otherwise: 'github',
    }),
    publicUrl: url('PublicUrl', 'Custom domain before the API, without a last slash', ''),
    exportFormat: oneOf(stack, 'ExportFormat', 'What the continuous export writes', EXPORT_FORMATS),
    exportBusArn: exportBus(stack),
    removalsConcurrency: concurrency(stack, {
      id: 'RemovalsConcurrency',
      description:
        'Lambda concurrency that no flood elsewhere in the account can take from removals; 0 sets nothing aside. Needs an account limit of 100 more',
    }),
    sealConcurrency: concurrency(stack, {
      id: 'SealConcurrency',
      description:
        '1: never two sealers at once, which saves a signature where runs meet; 0 sets nothing aside. Needs an account limit of 101',
      most: 1,
    }),
  };
}

const SLACK_API = 'https://slack.com/api/';
const GITHUB_API = 'https://api.github.com';

/** `given` unless it is empty. */
export const givenOr = (scope: Construct, id: string, values: { given: string; other: string }) =>
  chosen(scope, id, { ifGiven: values.given, value: values.given, otherwise: values.other });

function chosen(
  scope: Construct,
  id: string,
  { ifGiven, value, otherwise }: { ifGiven: string; value: string; otherwise: string },
): string {
  const isGiven = new CfnCondition(scope, id, {
    expression: Fn.conditionNot(Fn.conditionEquals(ifGiven, '')),
  });
  isGiven.overrideLogicalId(id);
  return Token.asString(Fn.conditionIf(id, value, otherwise));
}

/** Off by default: AWS keeps 100 of an account's limit unreserved, and the limit of a new account is 10. */
function concurrency(
  stack: Construct,
  { id, description, most }: { id: string; description: string; most?: number },
): number {
  const parameter = new CfnParameter(stack, id, {
    type: 'Number',
    description,
    minValue: 0,
    ...(most === undefined ? {} : { maxValue: most }),
    default: 0,
  });
  const isAsked = new CfnCondition(stack, `${id}IsAsked`, {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsNumber, 0)),
  });
  return Token.asNumber(Fn.conditionIf(isAsked.logicalId, parameter.valueAsNumber, Aws.NO_VALUE));
}

/** CloudFormation takes no other value; what it hands on is a token. */
function oneOf<Value extends string>(
  ...[stack, id, description, values]: readonly [Construct, string, string, readonly Value[]]
): Value {
  const { valueAsString } = new CfnParameter(stack, id, {
    description,
    allowedValues: [...values],
    ...(values[0] === undefined ? {} : { default: values[0] }),
  });
  const isToken = (value: string): value is Value => Token.isUnresolved(value);
  if (isToken(valueAsString)) return valueAsString;
  throw new Error(`CDK: the parameter ${id} is no token any more`);
}

const exportBus = (stack: Construct): string =>
  new CfnParameter(stack, 'ExportBusArn', {
    description:
      'EventBridge bus that gets every sealed event, also of another account; empty: none',
    allowedPattern: '(arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/[A-Za-z0-9._/-]+)?',
    maxLength: 160,
    default: '',
  }).valueAsString;
