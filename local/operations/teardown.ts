/**
 * `npm run teardown [-- -c stage=dev] [--data] [--with-open-requests]`: destroys the app; with --data also what it wrote, in dev only.
 * Refuses while a request is open: destroying the app takes away the schedules and the sweep, so that access would outlive its end
 * unwatched until the app is deployed again.
 */
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { cdk } from './cdk.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { type Deployed, readDeployed } from './deployed.ts';

const SWITCHES = ['--data', '--with-open-requests'];
const EXIT = { refused: 1, usage: 2 } as const;
const MOST_NAMED = 10;

async function teardown(args: readonly string[]): Promise<number> {
  const asked = readCommandLine(args, SWITCHES);
  if (typeof asked === 'string') return complain(asked, EXIT.usage);
  if (asked.own.has('--data') && asked.stage === 'prod')
    return complain(
      'What prod wrote is never deleted by a command: docs/deployment.md, Teardown.',
      EXIT.refused,
    );
  if (!asked.own.has('--with-open-requests')) {
    const inTheWay = await openRequests(asked);
    if (inTheWay !== null) return complain(inTheWay, EXIT.refused);
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
async function openRequests({ stage }: CommandLine): Promise<string | null> {
  const deployed = readDeployed(stage);
  if (typeof deployed === 'string')
    return `${deployed} Whether a request is open cannot be seen without it; --with-open-requests destroys all the same.`;
  const open = await openIn(deployed);
  if (open.length === 0) return null;
  const more = open.length > MOST_NAMED ? ` and ${open.length - MOST_NAMED} more` : '';
  return `Still open: ${open.slice(0, MOST_NAMED).join(', ')}${more}. Nothing would take this access away once the app is gone. End them in Slack, wait for "verified gone", then try again; --with-open-requests destroys all the same.`;
}

/** Whatever time must still act on: live and pending requests, holdings that are not settled. */
async function openIn({ JournalTable, StateTable, Settings }: Deployed): Promise<string[]> {
  const client = dynamoClient();
  try {
    const tables = { tenant: Settings.tenant, journal: JournalTable, state: StateTable };
    const journal = dynamoJournal({ client, tables });
    const open: string[] = [];
    for await (const { kind, id } of journal.allDue(new Date('9999-12-31T00:00:00Z')))
      if (kind !== 'notice') open.push(id);
    return open;
  } finally {
    client.destroy();
  }
}

function complain(sentence: string, code: number): number {
  console.error(sentence);
  return code;
}

process.exitCode = await teardown(process.argv.slice(2));
