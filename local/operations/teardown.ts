/**
 * `npm run teardown [-- -c stage=dev] [--data] [--with-open-requests]`: destroys the app; with --data also what it wrote, in dev only.
 * Refuses while a request is open: destroying the app takes away the schedules and the sweep, so that access would outlive its end
 * unwatched until the app is deployed again.
 */
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { cdk } from './cdk.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { readDeployed } from './deployed.ts';
import { openRequests, whyNot } from './open-requests.ts';

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
  if (!asked.own.has('--with-open-requests')) {
    const reason = await inTheWay(asked);
    if (reason !== null) return complain(reason, EXIT.refused);
  }
  const stacks = asked.own.has('--data') ? ['Hallpass', 'HallpassData'] : ['Hallpass'];
  const run = await cdk(['destroy', ...stacks, ...asked.context, ...asked.rest]);
  if (run.code === 0 && !asked.own.has('--data'))
    console.log(
      `\nTables, secrets and audit bucket are still there; npm run deploy -- -c stage=${asked.stage} takes them up again.`,
    );
  return run.code;
}

/** Why not to go on, or null. */
async function inTheWay({ stage }: CommandLine): Promise<string | null> {
  const deployed = readDeployed(stage);
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
