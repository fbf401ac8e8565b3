/** Where a Chromium is on this machine: CHROME_PATH, else the usual names on the PATH. Null where there is none. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

export const NO_CHROMIUM =
  'no Chromium on the PATH. Install one (Debian: apt-get install chromium) or name it in CHROME_PATH';

export function findChromium(env: Readonly<Record<string, string | undefined>>): string | null {
  const named = env['CHROME_PATH'];
  const folders = (env['PATH'] ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return (named ? [named] : [...onPath, ...ELSEWHERE]).find(runs) ?? null;
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
