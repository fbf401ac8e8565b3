/** Writes the generated part of docs/. Run from anywhere: `npx tsx local/docs/generate.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COSTS_PAGE } from './costs-page.ts';
import { generatedDocs } from './generated-docs.ts';
import { writeCosts } from './write-costs.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

for (const [path, text] of generatedDocs((each) => readFileSync(join(root, each), 'utf8'))) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path}\n`);
}

await writeCosts(root);
process.stdout.write(`${COSTS_PAGE}\n`);
