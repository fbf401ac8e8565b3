/**
 * The audit bucket and the sealer that fills it: nothing in it may be overwritten or deleted, and its last checkpoint is recent. S3's own
 * answer about that object says whether it is locked; the record of the table alone would not.
 */
import {
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { LIMITS } from '../../../shared/config/signals.ts';
import { checkpointName } from '../../../shared/domain/audit/checkpoint.ts';
import type { Stored } from '../../../shared/ports.ts';
import type { Deployed } from '../deployed.ts';
import { type Check, type Finding, must, problem } from './finding.ts';

const DEPLOY = 'Deploy the data stack that this version describes: npm run deploy';
const HEARTBEAT = 'docs/runbook.md#seal-heartbeat';
/** As infra/constructs/audit-archive.ts says it. */
const DENIED = 's3:DeleteObjectVersion';

/** The record of the sealer, and the time. */
type At = {
  readonly journal: { read(kind: 'seal', id: 'last'): Promise<Pick<Stored<'seal'>, 'value'>> };
  now(): Date;
};
const modeOf = ({ stage }: Deployed) => (stage === 'prod' ? 'COMPLIANCE' : 'GOVERNANCE');

export const archiveChecks = (client: S3Client, deployed: Deployed, at: At): Check[] => [
  { name: `audit bucket ${deployed.AuditBucket}`, run: () => bucket(client, deployed) },
  { name: 'last checkpoint', run: () => lastCheckpoint(client, deployed, at) },
];

async function bucket(client: S3Client, deployed: Deployed): Promise<Finding[]> {
  const at = { Bucket: deployed.AuditBucket };
  const { Status } = await client.send(new GetBucketVersioningCommand(at));
  const { ObjectLockConfiguration: lock } = await client.send(
    new GetObjectLockConfigurationCommand(at),
  );
  const { Policy } = await client.send(new GetBucketPolicyCommand(at));
  const { Mode = 'no mode', Days = 0, Years = 0 } = lock?.Rule?.DefaultRetention ?? {};
  const wanted = modeOf(deployed);
  return [
    must(Status === 'Enabled', 'keeps every version', {
      what: `keeps no versions (${Status ?? 'never switched on'})`,
      fix: DEPLOY,
    }),
    must(
      lock?.ObjectLockEnabled === 'Enabled' && Mode === wanted && Days + Years > 0,
      `locks every object in ${wanted} mode for ${Years > 0 ? `${Years} years` : `${Days} days`}`,
      {
        what: `locks nothing as it should: ${Mode} for ${Years > 0 ? `${Years} years` : `${Days} days`} instead of ${wanted}`,
        fix: DEPLOY,
      },
    ),
    must(deniesDeleting(Policy), 'lets nobody delete', {
      what: 'has no policy that denies deleting: a delete marker could hide a checkpoint',
      fix: `${DEPLOY}; CloudTrail says who took it away (DeleteBucketPolicy, PutBucketPolicy)`,
    }),
  ];
}

const Statement = z.looseObject({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]),
});

function deniesDeleting(policy = '{}'): boolean {
  const { Statement: statements } = z
    .object({ Statement: z.array(Statement).default([]) })
    .parse(JSON.parse(policy));
  return statements.some(
    ({ Effect, Action }) => Effect === 'Deny' && [Action].flat().includes(DENIED),
  );
}

async function lastCheckpoint(client: S3Client, deployed: Deployed, at: At): Promise<Finding[]> {
  const { value } = await at.journal.read('seal', 'last');
  if (value === null)
    return [
      problem(
        'there is none',
        `The first comes five minutes after the first deploy; later than that see ${HEARTBEAT}`,
      ),
    ];
  const Key = checkpointName(value.n);
  const object = await headOf(client, { Bucket: deployed.AuditBucket, Key });
  if (object === null)
    return [
      problem(
        `${Key} is on record and not in the bucket`,
        'Seal nothing by hand; npm run audit -- verify says what else is missing',
      ),
    ];
  const minutes = ((at.now().getTime() - (object.LastModified?.getTime() ?? 0)) / 60_000).toFixed();
  const until = object.ObjectLockRetainUntilDate;
  return [
    must(Number(minutes) < LIMITS.minutesWithoutCheckpoint, `is ${value.n}, ${minutes} min old`, {
      what: `is ${value.n}, ${minutes} min old: what happened since is in none`,
      fix: `${HEARTBEAT}, and the dead letters of seal`,
    }),
    must(
      object.ObjectLockMode === modeOf(deployed) && until !== undefined && until > at.now(),
      `is locked until ${until?.toISOString().slice(0, 10)}`,
      { what: `is not locked (${object.ObjectLockMode ?? 'no mode'})`, fix: DEPLOY },
    ),
  ];
}

async function headOf(
  client: S3Client,
  where: { Bucket: string; Key: string },
): Promise<HeadObjectCommandOutput | null> {
  try {
    return await client.send(new HeadObjectCommand(where));
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFound') return null;
    throw error;
  }
}
