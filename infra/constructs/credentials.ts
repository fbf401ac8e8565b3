/**
 * Where the secrets live and who may read which. The stack makes empty places; the operator puts the values in by hand, so no
 * secret ever passes through a template, a pipeline or an environment. Slack's and a provider's are never readable by one
 * function: reading needs the right to that secret and, under our key, to what was encrypted for that secret.
 */
import { Aws } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';

export class Credentials extends Construct {
  readonly slack: Secret;
  readonly github: Secret;
  readonly gitlab: Secret;
  /** Reads schedules; neither Slack's nor a provider's. */
  readonly onCall: Secret;
  /** Reads tickets; neither Slack's nor a provider's. */
  readonly tickets: Secret;
  /** Wraps the data keys of the authenticators. */
  readonly authenticatorKey: Key;
  /** Under which Secrets Manager keeps those above. */
  readonly secretsKey: Key;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.#stage = stage;
    this.secretsKey = this.#key('SecretsKey', 'Encrypts the secrets of Slack and the providers');
    this.slack = this.#secret('Slack', 'Slack: bot token and signing secret, as JSON');
    this.github = this.#secret('Github', 'GitHub App: id, installation id, private key, as JSON');
    this.gitlab = this.#secret(
      'Gitlab',
      'GitLab: token (scope api), as JSON; unused while GitlabApiUrl is empty',
    );
    this.onCall = this.#secret(
      'OnCall',
      'On-call systems: pagerduty, opsgenie, ical, as JSON; unused while the policy names none',
    );
    this.tickets = this.#secret(
      'Tickets',
      'Trackers: jira, github, as JSON; unused while the policy looks no ticket up',
    );
    this.authenticatorKey = this.#key(
      'AuthenticatorKey',
      'Wraps the data keys of one-time-code authenticators',
    );
  }

  allowReading(grantee: IGrantable, secret: Secret): void {
    allow(grantee, ['secretsmanager:GetSecretValue'], secret.secretArn);
    allow(grantee, ['kms:Decrypt'], this.secretsKey.keyArn, {
      StringEquals: {
        'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`,
        'kms:EncryptionContext:SecretARN': secret.secretArn,
      },
    });
  }

  /** To check a code. Bound to this tenant by the encryption context that was given when the key was made. */
  allowOpeningAuthenticators(grantee: IGrantable, tenant: string): void {
    allow(grantee, ['kms:Decrypt'], this.authenticatorKey.keyArn, boundTo(tenant));
  }

  /** To enrol one. */
  allowMakingAuthenticators(grantee: IGrantable, tenant: string): void {
    allow(grantee, ['kms:GenerateDataKey'], this.authenticatorKey.keyArn, boundTo(tenant));
  }

  #key(id: string, description: string): Key {
    const { removalPolicy } = this.#stage;
    return new Key(this, id, { description, enableKeyRotation: true, removalPolicy });
  }

  #secret(id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description,
      encryptionKey: this.secretsKey,
      removalPolicy: this.#stage.removalPolicy,
    });
    acknowledge(secret, {
      finding: 'SMG4',
      reason: 'Issued by hand at Slack or the provider: Secrets Manager cannot rotate it by itself',
      lookAgain: '2027-06',
    });
    return secret;
  }
}

const boundTo = (tenant: string) => ({
  StringEquals: { 'kms:EncryptionContext:tenant': tenant },
});

function allow(
  grantee: IGrantable,
  actions: string[],
  resource: string,
  conditions: Record<string, Record<string, string>> = {},
): void {
  const statement = new PolicyStatement({ actions, resources: [resource], conditions });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
}
