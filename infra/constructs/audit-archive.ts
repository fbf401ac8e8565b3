/**
 * Where sealed checkpoints of the audit log lie, and the key that signs them. Every object is locked when it is written:
 * in prod nobody, root included, can shorten that. The bucket's own policy denies deleting to everybody, so that not even a
 * delete marker hides an object; whoever may change bucket policies can take that away, never the lock.
 */
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import {
  AnyPrincipal,
  Effect,
  type IRole,
  PolicyStatement,
  type PolicyStatementProps,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';
import { asBucket } from './seen-as.ts';

const ACCESS_LOG_KEPT = Duration.days(400);
const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  // Not with a key of ours: evidence must stay readable when keys are lost.
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
} as const;

/** What begins so is one kind of object: shared/domain/audit/checkpoint.ts names them. */
type Prefix = 'checkpoints' | 'leaves' | 'export';

export class AuditArchive extends Construct {
  readonly bucket: Bucket;
  /** ECDSA P-256; the public half verifies without AWS. */
  readonly signingKey: Key;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    const accessLog = new Bucket(this, 'AccessLog', {
      ...PRIVATE,
      lifecycleRules: [{ expiration: ACCESS_LOG_KEPT }],
      removalPolicy: stage.removalPolicy,
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      versioned: true,
      objectLockEnabled: true,
      serverAccessLogsBucket: asBucket(accessLog),
      removalPolicy: stage.removalPolicy,
    });
    this.#lock(stage);
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyDeletesEvidence',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:BypassGovernanceRetention',
          's3:PutLifecycleConfiguration',
        ],
        resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
      }),
    );
    this.signingKey = new Key(this, 'SigningKey', {
      description: 'Signs checkpoints of the audit log',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: stage.removalPolicy,
    });
  }

  /** Makes checkpoints and their leaves, signs, and reads what was made: by its oldest version, which only a list knows. */
  allowSealing(lambda: IFunction): void {
    const prefixes = ['checkpoints', 'leaves'] as const;
    this.#allowObjects(lambda, ['s3:PutObject', 's3:GetObjectVersion'], prefixes);
    this.#allowListing(lambda, prefixes);
    const onKey = (action: string, conditions = {}) =>
      allow(lambda, { actions: [action], resources: [this.signingKey.keyArn], conditions });
    onKey('kms:GetPublicKey');
    onKey('kms:Sign', { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } });
  }

  /** Reads what was sealed, puts files and receipts. */
  allowExporting(lambda: IFunction): void {
    this.#allowObjects(lambda, ['s3:GetObjectVersion'], ['checkpoints', 'leaves']);
    this.#allowObjects(lambda, ['s3:PutObject', 's3:GetObjectVersion'], ['export']);
    this.#allowListing(lambda, ['checkpoints', 'leaves', 'export']);
  }

  #allowObjects(lambda: IFunction, actions: string[], prefixes: readonly Prefix[]): void {
    const resources = prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}/*`));
    allow(lambda, { actions, resources });
    for (const prefix of prefixes)
      acknowledge(roleOf(lambda), {
        finding: `IAM5[Resource::${this.#bucketArnElsewhere}/${prefix}/*]`,
        reason: 'Objects are named at run time, each once; nothing else begins so',
        lookAgain: '2027-06',
      });
  }

  /** As another stack imports it, which is how cdk-nag names it. */
  get #bucketArnElsewhere(): string {
    const stack = Stack.of(this);
    const imported = stack.resolve(stack.exportValue(this.bucket.bucketArn));
    return String(Object(imported)['Fn::ImportValue']);
  }

  #allowListing(lambda: IFunction, prefixes: readonly Prefix[]): void {
    allow(lambda, {
      actions: ['s3:ListBucketVersions'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}/*`) } },
    });
  }

  /** On the template's own level: CDK's ObjectLockRetention does not take a parameter. */
  #lock(stage: Stage): void {
    const days = new CfnParameter(this, 'RetentionDays', {
      type: 'Number',
      description: 'Days for which an object of the audit bucket can be deleted by nobody',
      minValue: 1,
      maxValue: 36_500,
      default: stage.auditRetentionDays,
    });
    days.overrideLogicalId('AuditRetentionDays');
    const bucket = this.bucket.node.defaultChild;
    if (!(bucket instanceof CfnBucket)) throw new Error('CDK: a Bucket without its CfnBucket');
    const mode = stage.isFinal ? 'COMPLIANCE' : 'GOVERNANCE';
    bucket.objectLockConfiguration = {
      objectLockEnabled: 'Enabled',
      rule: { defaultRetention: { mode, days: days.valueAsNumber } },
    };
  }
}

function allow({ grantPrincipal }: IFunction, statement: PolicyStatementProps): void {
  grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}

function roleOf({ role, node }: IFunction): IRole {
  if (role === undefined) throw new Error(`${node.path} has no role`);
  return role;
}
