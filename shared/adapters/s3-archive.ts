/**
 * The archive in S3: objects are created, never overwritten, and read by their oldest version, so that neither a newer version nor
 * a delete marker put on top hides what was there first. The bucket's Object Lock keeps that version.
 */
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Fault } from '../ports.ts';
import type { Archive } from '../ports-audit.ts';
import { s3Client } from './s3-client.ts';

const Failed = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});
const TAKEN = 412;
const DENIED = 403;

/** A connection that falls silent in the middle of an object never ends by itself. */
const BODY_WITHIN_MS = 20_000;

export function s3Archive(
  bucket: string,
  client: S3Client = s3Client(),
  { bodyWithinMs } = { bodyWithinMs: BODY_WITHIN_MS },
): Archive {
  async function* versions(prefix: string): AsyncIterable<{ key: string; id: string }> {
    let from: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> = {};
    do {
      const command = new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: from.NextKeyMarker,
        VersionIdMarker: from.NextVersionIdMarker,
      });
      const page = await asked('list versions', () => client.send(command));
      for (const { Key, VersionId } of page.Versions ?? [])
        if (Key && VersionId) yield { key: Key, id: VersionId };
      from = page.IsTruncated ? page : {};
    } while (from.NextKeyMarker);
  }
  return {
    async put(name, text) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: name,
        Body: text,
        IfNoneMatch: '*',
      });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (Failed.safeParse(error).data?.$metadata?.httpStatusCode === TAKEN) return false;
        throw faultOf('put an object', error);
      }
    },
    async get(name) {
      let oldest: string | null = null;
      // Newest first; a longer name may begin with this one.
      for await (const { key, id } of versions(name)) if (key === name) oldest = id;
      if (oldest === null) return null;
      const command = new GetObjectCommand({ Bucket: bucket, Key: name, VersionId: oldest });
      return asked('get an object', async () => {
        const { Body } = await client.send(command);
        if (!Body) throw new Error(`${name} came without a body`);
        return within(bodyWithinMs, Body);
      });
    },
    async *names(prefix) {
      let last: string | null = null;
      for await (const { key } of versions(prefix)) {
        if (key !== last) yield key;
        last = key;
      }
    },
  };
}

type Body = NonNullable<GetObjectCommandOutput['Body']>;

async function within(milliseconds: number, body: Body): Promise<string> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), milliseconds);
  const late = new Promise<never>((_, reject) => {
    tooLate.signal.addEventListener('abort', () => reject(new Error('The object came too slowly')));
  });
  try {
    return await Promise.race([body.transformToString('utf-8'), late]);
  } finally {
    clearTimeout(timer);
    if (tooLate.signal.aborted && 'destroy' in body) body.destroy();
  }
}

async function asked<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw faultOf(what, error);
  }
}

function faultOf(what: string, cause: unknown): Fault {
  const failed = Failed.safeParse(cause).data;
  const status = failed?.$metadata?.httpStatusCode;
  return new Fault(`S3 did not ${what} (${failed?.name ?? 'unknown error'}). Check the bucket.`, {
    service: 'archive',
    retryable: status !== DENIED,
    cause,
  });
}
