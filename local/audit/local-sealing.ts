/** Where local mode keeps its checkpoints, and what signs them. */
import { join } from 'node:path';
import { sha256 } from '../../shared/domain/audit/digest.ts';
import type { Archive, Signer } from '../../shared/ports-audit.ts';
import { archiveAt } from './folder-archive.ts';
import { localSigner } from './signing-key.ts';

/** There is no bundle here whose hash could be told: every checkpoint of local mode says so by this one. */
const FROM_SOURCE = sha256('hallpass: local mode, runs from source');

/** Below the data folder: what somebody else needs to verify. */
export const auditFolder = (dataDir: string): string => join(dataDir, 'audit');

export type LocalSealing = {
  readonly archive: Archive;
  /** Where what was sealed is exported to: `export/` below the data folder. */
  readonly exports: Archive;
  readonly signer: Signer;
  /** SHA-256 of the code that seals. */
  readonly code: string;
};

export async function localSealing(dataDir: string | null): Promise<LocalSealing> {
  const archive = archiveAt(dataDir === null ? null : auditFolder(dataDir));
  const signer = await localSigner(dataDir, archive);
  return { archive, exports: archiveAt(dataDir), signer, code: FROM_SOURCE };
}
