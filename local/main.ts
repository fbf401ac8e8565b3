/** `npm start`: the whole product on this machine, one line with its address, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { watchFile } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from './page/build.ts';
import { failed } from './page-server.ts';
import { readSettings } from './settings.ts';
import { startWorld } from './world.ts';

const WATCH_MS = 1000;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const print = (line: string) => console.error(line);
  const building = buildPage(join(import.meta.dirname, 'page'));
  building.catch((error: unknown) => print(failed(error)));
  const world = await startWorld({ settings, frozen: false, print, page: () => building });
  const reload = async () => {
    const loaded = await world.reloadPolicy();
    if (loaded.ok && loaded.value.changed)
      console.log(`Policy ${loaded.value.hash.slice(0, 12)} is in force.`);
    if (loaded.ok && loaded.value.waitsUntil)
      console.log(
        `Policy ${loaded.value.hash.slice(0, 12)} gives more than the one in force and waits until ${loaded.value.waitsUntil}.`,
      );
    if (!loaded.ok)
      for (const { file, line, column, message, fix } of loaded.error)
        console.error(`${file}:${line}:${column} ${message}\n  ${fix}`);
  };
  await reload();
  watchFile(settings.policyFile, { interval: WATCH_MS }, () => {
    reload().catch((error: unknown) => console.error(error));
  });
  console.log(`Hallpass listens on ${world.url}`);
  if (settings.openBrowser) openBrowser(world.url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      world.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
}

const OPENERS = new Map([
  ['darwin', 'open'],
  ['win32', 'explorer'],
]);

function openBrowser(url: string): void {
  const command = OPENERS.get(process.platform) ?? 'xdg-open';
  spawn(command, [url], { stdio: 'ignore', detached: true }).on('error', () => {
    console.error(`No browser could be opened. Go to ${url}`);
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
