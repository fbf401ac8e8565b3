/** What people get wrong at the command line of the audit log: words, paths, files that were cut off. Said in words, never as a stack. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../../../local/audit/audit.ts';
import { evidence } from '../../../local/audit/evidence/evidence.ts';
import { exportLog } from '../../../local/audit/export.ts';
import { list } from '../../../local/audit/list.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { auditDesk, storyIn } from './audit-desk.ts';

const SAMPLE = join(__dirname, '../../../docs/audit-sample');
const KEY = join(SAMPLE, 'public-key.pem');

async function run(...args: string[]) {
  const [out, err]: string[][] = [[], []];
  const code = await audit(args, {
    ...{ env: { HALLPASS_DATA: '/nowhere' }, progress: null },
    print: (line) => out?.push(line),
    complain: (line) => err?.push(line),
  });
  return { code, out: (out ?? []).join('\n'), err: (err ?? []).join('\n') };
}
const copied = (): string => {
  const folder = join(temporaryFolder(), 'copy');
  cpSync(SAMPLE, folder, { recursive: true });
  return folder;
};
const verify = (folder: string) => run('verify', '--offline', folder, '--pubkey', KEY);

describe('words', () => {
  it.each([
    [['verify', '--nope'], "Unknown option '--nope'."],
    [['verify', '--since', '03/03/2026'], '--since takes a day'],
    [['verify', '--since', '2026-02-30'], '--since takes a day'],
    [['verify', '--request', 'AR-1'], '--request takes the id of a request'],
    [['verify', '--expect-last', '288:abc'], '--expect-last takes what a daily digest says'],
    [['verify', '--json', '--json=x'], '--json'],
    [['verify', 'everything'], 'There is nothing to do with "everything".'],
    [['verify', '--offline', 'a', '--offline', 'b'], '--offline is written more than once.'],
    [['verify', '--offline='], '--offline needs a value that is not empty.'],
    [['verify', '--offline', 'x'.repeat(301)], 'is longer than 300 characters'],
    [['prove', 'AR-7K2M9Q/1', '--ofline', 'x'], "Unknown option '--ofline'"],
    [['prove', 'AR-7K2M9Q/0'], 'prove AR-7K2M9Q/3'],
    [['check-proof', 'a', 'b', '--pubkey', KEY], 'check-proof proof.json'],
  ])('%j exits 64, says why, and how it is typed', async (args, why) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(why);
    expect(err).toMatch(new RegExp(`^npm run audit -- ${args[0]} `, 'm'));
  });

  it('the id of a request may be typed in lower case', async () => {
    const at = ['--offline', SAMPLE, '--pubkey', KEY];
    expect((await run('verify', '--request', 'ar-7pqwa6', ...at)).code).toBe(0);
    expect((await run('prove', 'ar-7pqwa6/1', '--offline', SAMPLE)).code).toBe(0);
  });

  it('an instant may have an offset', async () => {
    const at = ['--offline', SAMPLE, '--pubkey', KEY];
    expect((await run('verify', '--since', '2026-03-01T09:00:00+01:00', ...at)).code).toBe(0);
  });

  it('an option twice, a limit that is no plain number: refused, and nothing is read', async () => {
    const desk = await auditDesk();
    for (const args of [
      ['--person', 'U0ANA', '--person', 'U0BO'],
      ...['0x10', '1e2', ' 5', '5.0', '-1', '1000'].map((limit) => [`--limit=${limit}`]),
    ])
      expect([args, await list(args, desk)]).toEqual([args, 64]);
    expect(desk.printed).toEqual([]);
  });

  it('a period from long ago begins when there can have been a Hallpass, so that nobody waits for empty centuries', async () => {
    const journal = memoryJournal('acme');
    await storyIn(journal);
    const asked: string[] = [];
    const desk = { ...(await auditDesk(journal)) };
    const counted = {
      ...journal,
      eventsBetween: (from: Date, to: Date) => {
        asked.push(from.toISOString());
        return journal.eventsBetween(from, to);
      },
    };
    const args = ['--format', 'jsonl', '--from', '0001-01-01', '--to', '2026-03-02'];
    expect(await exportLog(args, { ...desk, journal: counted })).toBe(0);
    expect(asked).toEqual(['2020-01-01T00:00:00.000Z']);
    expect(
      await exportLog(['--format', 'jsonl', '--from', '1970-01-01', '--to', '1999-12-31'], desk),
    ).toBe(64);
  });
});

describe('paths', () => {
  const file = join(SAMPLE, 'rows.jsonl');
  it.each([
    [['verify', '--offline', '/nowhere'], 'There is no folder /nowhere.'],
    [['verify', '--offline', file], `There is no folder ${file}.`],
    [['verify', '--offline', SAMPLE, '--pubkey', SAMPLE], 'it is a folder (EISDIR)'],
    [['verify', '--offline', SAMPLE, '--pubkey', '/nowhere'], 'There is no file /nowhere.'],
    [['verify', '--offline', SAMPLE, '--pubkey', file], 'holds no public key'],
    [['verify', '--offline', SAMPLE, '--pubkey', `${file}/x`], 'a part of that path is a file'],
    [['prove', 'AR-7PQWA6/1', '--offline', '/nowhere'], 'There is no folder /nowhere.'],
    [['check-proof', SAMPLE, '--pubkey', KEY], 'it is a folder (EISDIR)'],
    [['check-proof', file, '--pubkey', KEY], 'The file is no proof.'],
    [['check-proof', '/nowhere', '--pubkey', KEY], 'There is no file /nowhere.'],
    [['list'], 'npm start'],
    [['verify'], 'npm start'],
    [['prove', 'AR-7PQWA6/1'], 'npm start'],
  ])('%j exits 4 and says what is wrong with it', async (args, why) => {
    const { code, err } = await run(...args);
    expect(code).toBe(4);
    expect(err).toContain(why);
  });

  it('a folder of evidence that cannot be made is refused before anything is recorded', async () => {
    const journal = memoryJournal('acme');
    await storyIn(journal);
    const desk = await auditDesk(journal);
    const args = ['--framework', 'soc2', '--from', '2026-03-02', '--to', '2026-03-02', '--out'];
    for (const out of [join(file, 'x'), '/proc/evidence', `/tmp/${'x'.repeat(290)}`])
      expect([out, await evidence([...args, out], desk)]).toEqual([out, 1]);
    expect(desk.complained).toHaveLength(3);
    for (const line of desk.complained) expect(line).toContain('(folder-unusable)');
    expect(await journal.history('administration', '2026-03-03')).toEqual([]);
  });
});

describe('a copy that was damaged', () => {
  const CODES = [2, 3, 4];
  const files = readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.jsonl?$/.test(name),
  );

  it.each(files.filter((name) => name !== 'proof.json'))(
    '%s cut off within a line never holds, and is told in words',
    async (name) => {
      const folder = copied();
      const whole = readFileSync(join(folder, name));
      writeFileSync(join(folder, name), whole.subarray(0, whole.length - 20));
      const { code, out, err } = await verify(folder);
      expect([name, CODES.includes(code)]).toEqual([name, true]);
      expect(`${out}${err}`).not.toMatch(/\n\s+at |ZodError|SyntaxError/);
    },
  );

  it.each(files.filter((name) => name !== 'proof.json'))(
    '%s empty, or with something else in it, never holds',
    async (name) => {
      // Everything in the sample is so young that its records may have been read before: without any it still holds.
      const empty = name === 'heads.jsonl' ? [] : [''];
      for (const content of [...empty, '\u0000\n', '[]\n', '{"chain":1}\n', '{'.repeat(50_000)]) {
        const folder = copied();
        writeFileSync(join(folder, name), content);
        const { code, out, err } = await verify(folder);
        expect([name, content.slice(0, 9), CODES.includes(code)]).toEqual([
          name,
          content.slice(0, 9),
          true,
        ]);
        expect(`${out}${err}`).not.toMatch(/\n\s+at |ZodError|SyntaxError/);
      }
    },
  );

  it('a folder where a file should be, and a proof that was cut off', async () => {
    const folder = copied();
    const cut = join(folder, 'cut.json');
    writeFileSync(cut, readFileSync(join(SAMPLE, 'proof.json'), 'utf8').slice(0, -30));
    expect(await run('check-proof', cut, '--pubkey', KEY)).toMatchObject({ code: 4 });
    mkdirSync(join(folder, 'checkpoints/0000000003.json'));
    const { code, err } = await verify(folder);
    expect([code, err]).toEqual([4, expect.stringContaining('it is a folder (EISDIR)')]);
  });
});
