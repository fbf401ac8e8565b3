/**
 * `npm run teardown [-- -c stage=dev] [--data] [--with-open-requests]`: destroys the app; with --data also what it wrote, in dev only.
 * Refuses while a request is open: destroying the app takes away the schedules and the sweep, so that access would outlive its end
 * unwatched until the app is deployed again.
 */
import { rmSync } from 'node:fs';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { s3Client } from '../../shared/adapters/s3-client.ts';
import { cdk } from './cdk.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { type Deployed, deployedFile, readDeployed } from './deployed.ts';
import { emptyArchive } from './empty-archive.ts';
import { openRequests, whyNot } from './open-requests.ts';
import { keepParameters, parametersFile, parametersOf } from './parameters.ts';

const SWITCHES = ['--data', '--with-open-requests'];
const EXIT = { refused: 1, usage: 2 } as const;

async function teardown(args: readonly string[]): Promise<number> {
  const asked = readCommandLine(args, SWITCHES);
  if (typeof asked === 'string') return complain(asked, EXIT.usage);
  if (asked.own.has('--data') && asked.stage === 'prod')
    return complain(
      'What prod wrote is never deleted by a command: docs/deployment.md, Teardown.',
      EXIT.refused,
    );
  const deployed = readDeployed(asked.stage);
  if (!asked.own.has('--with-open-requests')) {
    const reason = await inTheWay(deployed);
    if (reason !== null) return complain(reason, EXIT.refused);
  }
  const destroy = (stack: string) => cdk(['destroy', stack, ...asked.context, ...asked.rest]);
  const app = await destroy('Hallpass');
  if (app.code !== 0) return app.code;
  if (!asked.own.has('--data')) return kept(asked, deployed);
  if (typeof deployed !== 'string') await emptied(deployed);
  const data = await destroy('HallpassData');
  if (data.code !== 0) return data.code;
  for (const file of [deployedFile(asked.stage), parametersFile(asked.stage)])
    rmSync(file, { force: true });
  return 0;
}

/** CloudFormation forgets the app's parameters with its stack; the next deploy here gives them again. */
function kept({ stage }: CommandLine, deployed: Deployed | string): number {
  const again = `npm run deploy -- -c stage=${stage}`;
  console.log(`\nTables, secrets and audit bucket are still there; ${again} takes them up again.`);
  if (typeof deployed === 'string') {
    console.log('Give it the same parameters as before: nothing is known of them here.');
    return 0;
  }
  keepParameters(stage, deployed.Settings);
  const parameters = Object.entries(parametersOf(deployed.Settings));
  console.log('In this folder it knows its parameters; anywhere else give it:');
  for (const [name, value] of parameters) console.log(`  --parameters ${name}=${value}`);
  return 0;
}

async function emptied({ AuditBucket }: Deployed): Promise<void> {
  const client = s3Client();
  try {
    const taken = await emptyArchive(client, AuditBucket);
    console.log(`${AuditBucket} and its access log are empty: ${taken} objects were in them.`);
  } finally {
    client.destroy();
  }
}

/** Why not to go on, or null. */
async function inTheWay(deployed: Deployed | string): Promise<string | null> {
  if (typeof deployed === 'string')
    return `${deployed} Whether a request is open cannot be seen without it; --with-open-requests destroys all the same.`;
  const { JournalTable, StateTable, Settings } = deployed;
  const client = dynamoClient();
  try {
    const tables = { tenant: Settings.tenant, journal: JournalTable, state: StateTable };
    return whyNot(await openRequests(dynamoJournal({ client, tables })));
  } finally {
    client.destroy();
  }
}

function complain(sentence: string, code: number): number {
  console.error(sentence);
  return code;
}

process.exitCode = await teardown(process.argv.slice(2));
