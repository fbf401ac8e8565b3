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

export async function localSealing(
  dataDir: string | null,
): Promise<{ archive: Archive; signer: Signer; code: string }> {
  const archive = archiveAt(dataDir === null ? null : auditFolder(dataDir));
  return { archive, signer: await localSigner(dataDir, archive), code: FROM_SOURCE };
}
