/**
 * Where a command finds the audit log: the tables and the archive of a Hallpass that runs here, those of AWS by the environment,
 * or a folder. Talks to the stores itself, with the rights of whoever runs it.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoAuditSource } from '../../shared/adapters/dynamo-audit-source.ts';
import type { Tables } from '../../shared/adapters/journal-items.ts';
import { kmsVerifyingKey } from '../../shared/adapters/kms-signer.ts';
import { s3Archive } from '../../shared/adapters/s3-archive.ts';
import { verifyingKey } from '../../shared/adapters/verifying-key.ts';
import type { AuditSource } from '../../shared/domain/audit/audit-source.ts';
import { jsonOf } from '../../shared/domain/audit/verify-checkpoints.ts';
import type { VerifyingKey } from '../../shared/ports-audit.ts';
import { TABLES } from '../functions.ts';
import { clockHere, LOCAL_AWS } from '../running-here.ts';
import { archiveAt } from './folder-archive.ts';
import { folderSource, ROWS } from './folder-source.ts';
import { auditFolder } from './local-sealing.ts';
import { PUBLIC_KEY } from './signing-key.ts';
import { Unreadable } from './trouble.ts';

export type Env = Readonly<Record<string, string | undefined>>;
export type Place = {
  readonly source: AuditSource;
  /** Where it is a copy that fits on no screen: a second thread is worth its start. */
  readonly largeCopy: string | null;
  /** The key that this place itself offers; null when it has none. */
  readonly key: () => Promise<VerifyingKey | null>;
  /** By its clock; null: nothing can be late here. */
  readonly now: () => Promise<Date | null>;
  readonly close: () => void;
};

const text = z.string().min(1);
const Deployed = z.object({
  JOURNAL_TABLE: text,
  STATE_TABLE: text,
  HALLPASS_TENANT: text,
  AUDIT_BUCKET: text,
  AUDIT_KEY_ID: text,
});
const Endpoints = z.object({ dynamodb: z.url(), port: z.int().min(1).max(65_535) });
/** Or the sentence that says what is missing. */
export function placeAt(env: Env, offline: string | null): Place | string {
  if (offline !== null) return folderPlace(offline);
  return env['JOURNAL_TABLE'] ? deployedPlace(env) : localPlace(env);
}

/** @throws Unreadable when there is no such folder */
function folderPlace(folder: string): Place {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Unreadable(`There is no folder ${folder}.`);
  const pem = fileAt(join(folder, PUBLIC_KEY));
  return {
    source: folderSource(folder),
    largeCopy: sizeOf(join(folder, ROWS)) > LARGE_BYTES ? folder : null,
    key: async () => (pem === null ? null : verifyingKey(pem)),
    now: async () => null,
    close: () => {},
  };
}

function deployedPlace(env: Env): Place | string {
  const deployed = Deployed.safeParse(env);
  if (!deployed.success) {
    const names = new Set(deployed.error.issues.map(({ path }) => String(path[0])));
    return `Missing in the environment: ${[...names].join(', ')}.`;
  }
  const { JOURNAL_TABLE, STATE_TABLE, HALLPASS_TENANT, AUDIT_BUCKET, AUDIT_KEY_ID } = deployed.data;
  const tables = { tenant: HALLPASS_TENANT, journal: JOURNAL_TABLE, state: STATE_TABLE };
  const client = dynamoClient();
  return {
    source: dynamoAuditSource(client, tables, s3Archive(AUDIT_BUCKET)),
    largeCopy: null,
    key: () => kmsVerifyingKey(AUDIT_KEY_ID),
    now: async () => new Date(),
    close: () => client.destroy(),
  };
}

function localPlace(env: Env): Place | string {
  const dataDir = env['HALLPASS_DATA'] || '.hallpass';
  const file = join(dataDir, 'endpoints.json');
  const running = Endpoints.safeParse(jsonOf(fileAt(file) ?? ''));
  if (!running.success)
    return `No Hallpass runs here (${file} says nothing). Run npm start, or name a copy: --offline DIR.`;
  const { dynamodb, port } = running.data;
  const client = dynamoClient({ ...LOCAL_AWS, endpoint: dynamodb });
  return { ...localParts({ client, tables: TABLES, dataDir }), now: () => clockHere(port) };
}

function localParts(at: { client: DynamoDBClient; tables: Tables; dataDir: string }) {
  const folder = auditFolder(at.dataDir);
  const pem = fileAt(join(folder, PUBLIC_KEY));
  return {
    source: dynamoAuditSource(at.client, at.tables, archiveAt(folder)),
    largeCopy: null,
    key: async () => (pem === null ? null : verifyingKey(pem)),
    close: () => at.client.destroy(),
  };
}

/** Some tens of thousands of events. */
const LARGE_BYTES = 32 * 1024 * 1024;
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const Absent = z.object({ code: z.literal('ENOENT') });
export function fileAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (Absent.safeParse(error).success) return null;
    throw error;
  }
}
