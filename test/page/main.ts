/** `npm run test:page`: the journeys in a real browser. Says so and exits well where there is no Chromium. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findChromium, NO_CHROMIUM } from './chromium.ts';

const root = join(import.meta.dirname, '../..');

if (findChromium(process.env) === null) {
  console.log(`Browser journeys skipped: ${NO_CHROMIUM}.`);
} else {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const config = join(root, 'test/page/jest.config.mjs');
  const given = process.argv.slice(2);
  const { status } = spawnSync(process.execPath, [jest, '--config', config, ...given], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
