import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFile } from '../../local/key-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the key file of local mode', () => {
  it('is made once, for its owner only, and read back ever after', () => {
    const folder = join(temporaryFolder(), 'data');
    const key = keyFile(folder);
    expect(key).toHaveLength(32);
    expect(keyFile(folder)).toEqual(key);
    expect(readdirSync(folder)).toEqual(['authenticator.key']);
    expect(statSync(join(folder, 'authenticator.key')).mode & 0o777).toBe(0o600);
  });

  it('is another one in another folder', () => {
    expect(keyFile(temporaryFolder())).not.toEqual(keyFile(temporaryFolder()));
  });

  it('is a new one each time when there is no folder', () => {
    expect(keyFile(null)).toHaveLength(32);
    expect(keyFile(null)).not.toEqual(keyFile(null));
  });

  it('is refused when others may read it, with the command that mends it', () => {
    const folder = temporaryFolder();
    keyFile(folder);
    chmodSync(join(folder, 'authenticator.key'), 0o644);
    expect(() => keyFile(folder)).toThrow(/chmod 600/);
  });

  it('is never silently replaced when it is too short', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'authenticator.key'), 'short', { mode: 0o600 });
    expect(() => keyFile(folder)).toThrow(/5 bytes instead of 32/);
  });
});
