/**
 * Empties the audit bucket of a stage that may be deleted, and its access log: CloudFormation deletes no bucket that holds objects.
 * Goes round the lock, which dev's governance mode lets an administrator do; prod's compliance mode lets nobody, and teardown never asks.
 */
import {
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketLoggingCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** How many versions and delete markers were taken out. */
export async function emptyArchive(client: S3Client, bucket: string): Promise<number> {
  const { LoggingEnabled } = await client.send(new GetBucketLoggingCommand({ Bucket: bucket }));
  // It denies deleting to everybody.
  await client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  const taken = await emptied(client, { bucket, isLocked: true });
  const log = LoggingEnabled?.TargetBucket;
  return taken + (log === undefined ? 0 : await emptied(client, { bucket: log, isLocked: false }));
}

async function emptied(
  client: S3Client,
  { bucket: Bucket, isLocked }: { bucket: string; isLocked: boolean },
): Promise<number> {
  let taken = 0;
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }) => ({ Key, VersionId }),
    );
    if (Objects.length === 0) return taken;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects, Quiet: true },
        ...(isLocked ? { BypassGovernanceRetention: true } : {}),
      }),
    );
    const [first] = Errors;
    if (first !== undefined)
      throw new Error(`${Bucket}: ${first.Key} cannot be deleted: ${first.Code} ${first.Message}`);
    taken += Objects.length;
  }
}
