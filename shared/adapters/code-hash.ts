/**
 * SHA-256 of the code that runs, for what it signs: of the bundle's entry, which names each of its parts by that part's own hash.
 * An operator compares it with `sha256sum infra/dist/seal/index.mjs` of the same commit: equal sources build equal bytes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** @param entry `import.meta.url` of the handler */
export const codeHash = (entry: string): string =>
  createHash('sha256')
    .update(readFileSync(new URL(entry)))
    .digest('hex');
