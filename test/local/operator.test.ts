import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTables } from '../../local/create-tables.ts';
import { startEmbeddedDynamo } from '../../local/dynamodb/start-embedded-dynamo.ts';
import { TABLES } from '../../local/functions.ts';
import { listenOnLoopback } from '../../local/loopback.ts';
import { operate } from '../../local/operate.ts';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { idsFrom } from '../../shared/adapters/ids.ts';
import { localSecretBox } from '../../shared/adapters/local-secret-box.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { revealSecret } from '../../shared/application/enrol-on-page.ts';
import { journalPolicies, loadPolicy } from '../../shared/application/policies.ts';
import { unmeasured } from '../support/unmeasured.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Pushed a year ahead: a link by the wrong clock would be dead at once. */
const NOW = new Date('2027-11-22T09:00:00.000Z');
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function running() {
  const dynamo = await startEmbeddedDynamo({ dataDir: null, now: () => NOW });
  const server = await listenOnLoopback((request) =>
    new URL(request.url).pathname === '/_local/clock'
      ? Response.json({ now: NOW.toISOString() })
      : new Response('', { status: 404 }),
  );
  const client = dynamoClient({
    endpoint: dynamo.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  endings.push(dynamo.close, server.close, async () => client.destroy());
  await createTables(client, TABLES);
  const journal = dynamoJournal({ client, tables: TABLES });
  const clock = { now: () => NOW };
  const bytes = readFileSync('access.yaml');
  const telemetry = { info: () => {}, error: () => {}, alarm: () => {}, ...unmeasured };
  const source = { load: async () => ({ bytes, fileName: 'access.yaml' }) };
  await loadPolicy({ journal, readPolicy, clock, telemetry, source }, { kind: 'operator' });
  const folder = temporaryFolder();
  const port = Number(new URL(server.url).port);
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ dynamodb: dynamo.url, port }));
  const deps = {
    journal,
    clock,
    ids: idsFrom(randomBytes),
    policies: journalPolicies({ journal }),
    codes: oneTimeCodes(),
    secretBox: localSecretBox(randomBytes(32), randomBytes),
    tenant: TABLES.tenant,
  };
  return { deps, folder, port };
}

async function run(args: string[], folder: string) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await operate(args, {
    env: { HALLPASS_DATA: folder },
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
  });
  return { code, out, err: err.join('\n') };
}

describe('the operator command', () => {
  it('prints one link, and nothing else on stdout, that the running Hallpass honours', async () => {
    const { deps, folder, port } = await running();
    const { code, out } = await run(['enroll', 'U0DEE'], folder);
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    const start = `http://127.0.0.1:${port}/enroll/`;
    expect(out[0]?.startsWith(start)).toBe(true);
    const token = out[0]?.slice(start.length) ?? '';
    expect(await revealSecret(deps, token)).toMatchObject({ ok: true });
  });

  it('says why not, with a code, and exits 1', async () => {
    const { folder } = await running();
    const { code, out, err } = await run(['enroll', 'U0ZED'], folder);
    expect([code, out]).toEqual([1, []]);
    expect(err).toContain('(unknown-person)');
  });

  it.each([
    [[]],
    [['enroll']],
    [['enroll', 'dee']],
    [['enroll', 'U0DEE', 'now']],
    [['drop', 'U0DEE']],
  ])('explains itself when it is called with %j', async (args) => {
    const { code, out, err } = await run(args, temporaryFolder());
    expect([code, out]).toEqual([2, []]);
    expect(err).toContain('npm run operator -- enroll U0DEE');
  });

  it('says how to start when no Hallpass runs here', async () => {
    const { code, err } = await run(['enroll', 'U0DEE'], temporaryFolder());
    expect(code).toBe(2);
    expect(err).toContain('npm start');
  });

  it('names what is missing for a deployed store', async () => {
    const err: string[] = [];
    const code = await operate(['enroll', 'U0DEE'], {
      env: { JOURNAL_TABLE: 'journal' },
      print: () => {},
      complain: (line) => err.push(line),
    });
    expect(code).toBe(2);
    expect(err.join()).toContain('Missing: STATE_TABLE, HALLPASS_TENANT, HALLPASS_PUBLIC_URL');
  });
});
