/** `npm run test:parity`: the store's contract on DynamoDB Local. Says so and exits well where that cannot be had. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { dynamodbLocalFolder } from './dynamodb-local.ts';

const root = join(import.meta.dirname, '../..');
const found = await dynamodbLocalFolder(root);

if ('missing' in found) {
  console.log(`Store parity skipped: ${found.missing}.`);
} else {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const config = join(root, 'test/parity/jest.config.mjs');
  const given = process.argv.slice(2);
  const { status } = spawnSync(process.execPath, [jest, '--config', config, ...given], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DYNAMODB_LOCAL: found.folder },
  });
  process.exitCode = status ?? 1;
}
