/**
 * The archive's client. Nobody waits for it, so it waits longer than the others do: twenty thousand leaves are three megabytes.
 * Against an emulator a bucket is a part of the path: no resolver knows a bucket's name in front of `localhost`.
 */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

const requestHandler = {
  connectionTimeout: 1000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
};
/** The SDK's own switches for another endpoint. */
const isElsewhere = (): boolean =>
  Boolean(process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL']);

export const s3Client = (config: S3ClientConfig = {}): S3Client =>
  new S3Client({ requestHandler, maxAttempts: 2, forcePathStyle: isElsewhere(), ...config });
