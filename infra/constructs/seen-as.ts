/**
 * CDK's classes seen as CDK's interfaces. The classes declare `role?: IRole | undefined` where the interfaces say `role?: IRole`, which
 * exactOptionalPropertyTypes tells apart; these checks are what a cast would only claim.
 */
import { Alias, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';

const isFunction = (value: unknown): value is IFunction => value instanceof Alias;
const isBucket = (value: unknown): value is IBucket => value instanceof Bucket;

export function asFunction(alias: unknown): IFunction {
  if (isFunction(alias)) return alias;
  throw new Error('CDK: what addAlias makes is no alias any more');
}

export function asBucket(bucket: unknown): IBucket {
  if (isBucket(bucket)) return bucket;
  throw new Error('CDK: a Bucket is no bucket any more');
}
