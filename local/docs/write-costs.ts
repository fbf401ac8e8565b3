/** Counts what a request costs and writes docs/costs.md below a folder, unless what stands there is still true. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COSTS_PAGE, costsPage, staleFigures } from './costs-page.ts';
import { measureRequest } from './measured-request.ts';

export async function writeCosts(root: string): Promise<void> {
  const file = join(root, COSTS_PAGE);
  const page = costsPage(await measureRequest());
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (staleFigures(committed, page).length > 0) writeFileSync(file, page);
}
