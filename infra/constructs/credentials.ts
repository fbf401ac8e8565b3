/**
 * Where the secrets live and who may read which. The stack makes empty places; the operator puts the values in by hand, so no
 * secret ever passes through a template, a pipeline or an environment. Slack's and a provider's are never readable by one function.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export class Credentials extends Construct {
  readonly slack: Secret;
  readonly github: Secret;
  readonly gitlab: Secret;
  /** Wraps the data keys of the authenticators. */
  readonly authenticatorKey: Key;
  readonly #tenant: string;

  constructor(scope: Construct, id: string, props: { readonly tenant: string }) {
    super(scope, id);
    this.#tenant = props.tenant;
    this.slack = this.#secret('Slack', 'Slack: bot token and signing secret, as JSON');
    this.github = this.#secret('Github', 'GitHub App: id, installation id, private key, as JSON');
    this.gitlab = this.#secret(
      'Gitlab',
      'GitLab: token (scope api), as JSON; unused while GitlabApiUrl is empty',
    );
    this.authenticatorKey = new Key(this, 'AuthenticatorKey', {
      description: 'Wraps the data keys of one-time-code authenticators',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  allowReading(grantee: IGrantable, secret: Secret): void {
    allow(grantee, ['secretsmanager:GetSecretValue'], secret.secretArn);
  }

  /** To check a code. Bound to this tenant by the encryption context that was given when the key was made. */
  allowOpeningAuthenticators(grantee: IGrantable): void {
    allow(grantee, ['kms:Decrypt'], this.authenticatorKey.keyArn, this.#boundToTenant());
  }

  /** To enrol one. */
  allowMakingAuthenticators(grantee: IGrantable): void {
    allow(grantee, ['kms:GenerateDataKey'], this.authenticatorKey.keyArn, this.#boundToTenant());
  }

  #boundToTenant() {
    return { StringEquals: { 'kms:EncryptionContext:tenant': this.#tenant } };
  }

  #secret(id: string, description: string): Secret {
    const secret = new Secret(this, id, { description, removalPolicy: RemovalPolicy.RETAIN });
    acknowledge(secret, {
      finding: 'SMG4',
      reason: 'Issued by hand at Slack or the provider: Secrets Manager cannot rotate it by itself',
      lookAgain: '2027-06',
    });
    return secret;
  }
}

function allow(
  grantee: IGrantable,
  actions: string[],
  resource: string,
  conditions: Record<string, Record<string, string>> = {},
): void {
  const statement = new PolicyStatement({ actions, resources: [resource], conditions });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
}
