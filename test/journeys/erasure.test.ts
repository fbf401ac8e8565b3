/**
 * Somebody leaves and is erased, by the commands and beside the stores of a running Hallpass: afterwards not a byte of their words, their
 * login or their address is in any table, archive, export or evidence, the whole log still verifies, and a legal hold stops all of it.
 * Policy versions name people, and stay: they are what every verdict is judged by (docs/decisions/0020).
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { audit } from '../../local/audit/audit.ts';
import { TABLES } from '../../local/functions.ts';
import { LOCAL_AWS, runningHere } from '../../local/running-here.ts';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { sha256 } from '../../shared/domain/audit/digest.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { LINE, openStage, type Stage } from './stage.ts';

const WHO = ['--person', 'U0ANA'];
/** What Ana or others wrote about her requests, her login at either provider, her address. */
const TRACES = /quokka|ana-dev|ana@acme|ana-acme/;
const folder = temporaryFolder();
const dataDir = join(folder, 'data');
const policyFile = join(folder, 'access.yaml');
const example = readFileSync(join(__dirname, '../../access.yaml'), 'utf8');

let stage: Stage;
let made = 0;
/** Requests that were granted, denied with a reason, and typed but never sent. */
let ids: string[];

async function run(...args: string[]) {
  const [out, err]: string[][] = [[], []];
  const code = await audit(args, {
    ...{ env: { HALLPASS_DATA: dataDir }, progress: null },
    print: (line) => out?.push(line),
    complain: (line) => err?.push(line),
  });
  return { code, out: (out ?? []).join('\n'), err: (err ?? []).join('\n') };
}

/** But for versions of the policy. */
async function rowsWithTraces(): Promise<string[]> {
  const running = runningHere(dataDir);
  if (typeof running === 'string') throw new Error(running);
  const client = dynamoClient({ ...LOCAL_AWS, endpoint: running.dynamodb });
  const found: string[] = [];
  for (const TableName of [TABLES.journal, TABLES.state]) {
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName }));
    if (LastEvaluatedKey) throw new Error('One page does not hold the table');
    for (const item of Items)
      if (TRACES.test(JSON.stringify(item))) found.push(`${item['pk']?.S} ${item['sk']?.S}`);
  }
  client.destroy();
  return found.filter((key) => !key.startsWith('local#policyVersion#')).sort();
}

const filesIn = (at: string): string[] =>
  readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => join(at, name))
    .filter((name) => statSync(name).isFile());
const filesWithTraces = (at: string): string[] =>
  filesIn(at).filter((name) => TRACES.test(readFileSync(name, 'latin1')));

/** All that leaves: exports in each format, evidence of both frameworks, a copy for a verifier. */
async function whatLeaves(): Promise<string> {
  made += 1;
  const out = join(folder, `out-${made}`);
  mkdirSync(out);
  const from = ['--from', '2026-11-23'];
  for (const framework of ['soc2', 'iso27001'])
    expect(
      await run('evidence', '--framework', framework, ...from, '--out', join(out, framework)),
    ).toMatchObject({ code: 0, err: '' });
  for (const format of ['jsonl', 'csv', 'ocsf']) {
    const written: string[] = [];
    const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    const { code } = await run('export', '--format', format, ...from);
    stdout.mockRestore();
    expect([code, written.join('')]).toEqual([0, expect.stringContaining(ids[0] ?? '')]);
    writeFileSync(join(out, `all.${format}`), written.join(''));
  }
  expect(await run('copy', join(out, 'copy'))).toMatchObject({ code: 0 });
  const rows = readFileSync(join(out, 'copy/rows.jsonl'));
  const day = stage.world.clock.now().toISOString().slice(0, 10);
  const read = (await stage.world.journal.history('administration', day)).at(-1)?.event;
  expect(read).toMatchObject({ type: 'AuditReadFinished', sha256: sha256(rows) });
  return out;
}

beforeAll(async () => {
  writeFileSync(policyFile, example);
  stage = await openStage({ dataDir, policyFile });
});
afterAll(() => stage.close());

it('Ana writes, is granted, is denied, and leaves something unsent; what she wrote is in the tables', async () => {
  const { people } = stage;
  const granted = await people.ask('U0ANA', `${LINE} quokka one`);
  await stage.settle();
  expect(await people.approve('U0BO', granted)).toEqual({});
  await stage.advance(200);
  expect(await stage.status(granted)).toBe('ended');
  const denied = await people.ask('U0ANA', 'github:acme/release member 1h INC-124 quokka two');
  await stage.settle();
  await people.deny('U0CY', denied, 'no quokka today');
  await people.type('U0ANA', '/request-access', `${LINE} quokka three`);
  await people.type(
    'U0ANA',
    '/request-access',
    'github:acme/deployerz member 1h INC-1 quokka four',
  );
  ids = [granted, denied];
  await stage.advance(700);
  const rows = (await rowsWithTraces()).join('\n');
  for (const id of ids) expect(rows).toContain(`local#request#${id} text#justification`);
  for (const kind of ['text#reason', '#holding#', '#link#', '#draft#', '#suggestion#'])
    expect(rows).toContain(kind);
});

it('under a legal hold, or while the policy lists her, nothing is erased', async () => {
  const before = await rowsWithTraces();
  expect(await run('erase', ...WHO)).toMatchObject({ code: 1 });
  expect((await run('hold', ...WHO)).code).toBe(0);
  writeFileSync(policyFile, example.replace(/^ {2}ana: .*\n/m, ''));
  await stage.world.reloadPolicy();
  const held = await run('erase', ...WHO);
  expect([held.code, held.err]).toEqual([1, expect.stringContaining('(legal-hold)')]);
  const { length } = before;
  expect(await rowsWithTraces()).toHaveLength(length);
  expect((await run('release', ...WHO)).code).toBe(0);
});

it('two days later she is erased: no row, archive, export, evidence or copy has a byte of it', async () => {
  await stage.close();
  const startAt = new Date('2026-11-25T10:00:02Z');
  stage = await openStage({ dataDir, policyFile, startAt });
  await stage.advance(700);
  const erased = await run('erase', ...WHO);
  expect(erased).toMatchObject({ code: 0, err: '' });
  expect(erased.out).toMatch(/^U0ANA: 3 texts and 1 links erased\.$/);
  await stage.advance(700);
  expect(await rowsWithTraces()).toEqual([]);
  for (const at of ['audit', 'export']) expect(filesWithTraces(join(dataDir, at))).toEqual([]);
  const left = filesWithTraces(await whatLeaves());
  expect(left.filter((name) => !/\/policies\/|\/policies\.jsonl$/.test(name))).toEqual([]);
  expect(left).not.toEqual([]);
});

it('every chain, checkpoint and record still holds, and who was erased is there by id', async () => {
  expect(await run('verify')).toMatchObject({ code: 0 });
  const { out } = await run('show', ids[0] ?? '');
  expect(out).toContain('justification: erased at 2026-11-25');
  expect(out).toContain('by U0ANA');
  expect((await run('list', ...WHO)).out).toContain(ids[1] ?? '');
});
