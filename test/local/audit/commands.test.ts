/** The commands against a store that runs here: real DynamoDB calls, by the clock of that Hallpass. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../../../local/audit/audit.ts';
import { READING_COMMANDS } from '../../../local/audit/commands.ts';
import { createTables } from '../../../local/create-tables.ts';
import { startEmbeddedDynamo } from '../../../local/dynamodb/start-embedded-dynamo.ts';
import { TABLES } from '../../../local/functions.ts';
import { listenOnLoopback } from '../../../local/loopback.ts';
import { LOCAL_AWS } from '../../../local/running-here.ts';
import { dynamoClient } from '../../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../../shared/adapters/dynamo-journal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { auditDesk, NOW, storyIn } from './audit-desk.ts';

const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function running(): Promise<string> {
  const dynamo = await startEmbeddedDynamo({ dataDir: null, now: () => NOW });
  const server = await listenOnLoopback(() => Response.json({ now: NOW.toISOString() }));
  const client = dynamoClient({ ...LOCAL_AWS, endpoint: dynamo.url });
  endings.push(dynamo.close, server.close, async () => client.destroy());
  await createTables(client, TABLES);
  const journal = dynamoJournal({ client, tables: TABLES });
  await auditDesk(journal);
  await storyIn(journal);
  const folder = temporaryFolder();
  const port = Number(new URL(server.url).port);
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ dynamodb: dynamo.url, port }));
  return folder;
}

async function run([name, ...args]: string[], env: Record<string, string>) {
  const [out, err]: string[][] = [[], []];
  const command = READING_COMMANDS.find(([known]) => known === name)?.[1];
  if (!command) throw new Error(`${name} is no command`);
  const code = await command.run(args, {
    env,
    print: (line) => out?.push(line),
    complain: (line) => err?.push(line),
    progress: null,
  });
  return { code, out: (out ?? []).join('\n'), err: (err ?? []).join('\n') };
}

it('reads, gathers and erases in a store that runs here', async () => {
  const folder = await running();
  const env = { HALLPASS_DATA: folder };
  const period = ['--from', '2026-03-02', '--to', '2026-03-02'];
  expect((await run(['list', '--person', 'U0ANA'], env)).out).toContain('AR-7K2M9Q');
  expect((await run(['show', 'AR-7K2M9Q'], env)).out).toContain('The chain holds');
  const pack = ['evidence', '--framework', 'soc2', ...period, '--out', join(folder, 'pack')];
  // There is no key beside this store to check signatures with, and the pack says so.
  expect((await run(pack, env)).out).toContain('log not-run');
  expect((await run(['hold', '--person', 'U0GONE'], env)).out).toContain('under legal hold');
  expect((await run(['erase', '--person', 'U0GONE'], env)).err).toContain('(legal-hold)');
  expect((await run(['release', '--person', 'U0GONE'], env)).code).toBe(0);
  expect((await run(['erase', '--person', 'U0GONE'], env)).code).toBe(0);
});

it('copies nothing that it cannot record, and leaves no half of a copy', async () => {
  const folder = await running();
  const out = join(folder, 'copy');
  const copied = async (env: Record<string, string>) => {
    const [said, complained]: string[][] = [[], []];
    const print = (line: string) => said?.push(line);
    const complain = (line: string) => complained?.push(line);
    const code = await audit(['copy', out], { env, print, complain, progress: null });
    return { code, said: `${said}${complained}` };
  };
  const nowhere = { dynamodb: 'http://127.0.0.1:9', port: 9 };
  const dead = temporaryFolder();
  writeFileSync(join(dead, 'endpoints.json'), JSON.stringify(nowhere));
  expect(await copied({ HALLPASS_DATA: dead })).toEqual({
    ...{ code: 4, said: 'The Hallpass that ran here does not answer on port 9. Run: npm start' },
  });
  const listed = await run(['list'], { HALLPASS_DATA: dead });
  expect(listed).toMatchObject({ code: 4, err: expect.stringContaining('does not answer') });
  expect(existsSync(out)).toBe(false);
  expect(await copied({ HALLPASS_DATA: folder })).toMatchObject({ code: 0 });
  const rows = readFileSync(join(out, 'rows.jsonl'), 'utf8');
  expect(rows).toContain('"purpose":"export"');
  expect((await copied({ HALLPASS_DATA: folder })).said).toContain('exists');
});

it('says how to start when no Hallpass runs here, and what is missing for a deployed store', async () => {
  const here = await run(['list'], { HALLPASS_DATA: temporaryFolder() });
  expect(here).toMatchObject({ code: 4, out: '' });
  expect(here.err).toContain('npm start');
  const there = await run(['list'], { JOURNAL_TABLE: 'journal' });
  expect(there.err).toContain('STATE_TABLE, HALLPASS_TENANT');
});

it.each(READING_COMMANDS)('%s says how it is called', (name, { usage }) => {
  expect(usage).toMatch(new RegExp(`^audit ${name} `));
});

describe('npm run audit', () => {
  async function told(...args: string[]) {
    const [out, err]: string[][] = [[], []];
    const code = await audit(args, {
      ...{ env: {}, progress: null },
      print: (line) => out?.push(line),
      complain: (line) => err?.push(line),
    });
    return { code, out: (out ?? []).join('\n'), err: (err ?? []).join('\n') };
  }

  it.each(['verify', 'prove', 'copy', 'list', 'erase', 'hold'])(
    '%s --help prints its usage and ends well',
    async (name) => {
      const { code, out, err } = await told(name, '--help');
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^npm run audit -- ${name} `));
    },
  );

  it('lists every command when it is asked for help, and says what its exit codes mean', async () => {
    const { code, out } = await told('--help');
    expect(code).toBe(0);
    for (const [name] of READING_COMMANDS) expect(out).toContain(`npm run audit -- ${name} `);
    expect(out).toContain('2 when the log was changed');
  });

  it('names a command that there is not, with nothing that moves the cursor', async () => {
    const { code, out, err } = await told('ver\u001b[2Jify');
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('There is no audit command ver\ufffd[2Jify.');
    expect((await told()).err).not.toContain('There is no audit command');
  });
});
