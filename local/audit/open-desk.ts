/**
 * The desk of a command that reads the audit log: the journal of a Hallpass that runs here, or that of AWS by the environment, with
 * the rights of whoever runs it.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { idsFrom } from '../../shared/adapters/ids.ts';
import type { Tables } from '../../shared/adapters/journal-items.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { TABLES } from '../functions.ts';
import { clockHere, LOCAL_AWS, runningHere } from '../running-here.ts';
import type { Desk } from './desk.ts';

export type Terminal = Pick<Desk, 'env' | 'print' | 'complain' | 'write' | 'verify'>;

const text = z.string().min(1);
const Deployed = z.object({ JOURNAL_TABLE: text, STATE_TABLE: text, HALLPASS_TENANT: text });

/** Or the sentence that says what is missing. */
export async function openDesk(
  terminal: Terminal,
): Promise<{ desk: Desk; close: () => void } | string> {
  const { env } = terminal;
  if (env['JOURNAL_TABLE']) {
    const deployed = Deployed.safeParse(env);
    if (!deployed.success) {
      const names = new Set(deployed.error.issues.map(({ path }) => String(path[0])));
      return `Missing in the environment: ${[...names].join(', ')}.`;
    }
    const { JOURNAL_TABLE, STATE_TABLE, HALLPASS_TENANT } = deployed.data;
    const tables = { tenant: HALLPASS_TENANT, journal: JOURNAL_TABLE, state: STATE_TABLE };
    return deskAt(terminal, { tables, client: dynamoClient(), now: () => new Date() });
  }
  const running = runningHere(env['HALLPASS_DATA']);
  if (typeof running === 'string') return running;
  const now = await clockHere(running.port);
  const client = dynamoClient({ ...LOCAL_AWS, endpoint: running.dynamodb });
  return deskAt(terminal, { tables: TABLES, client, now: () => now });
}

function deskAt(
  terminal: Terminal,
  place: { tables: Tables; client: ReturnType<typeof dynamoClient>; now: () => Date },
): { desk: Desk; close: () => void } {
  const { tables, client, now } = place;
  const journal = dynamoJournal({ client, tables });
  const policies = journalPolicies({ journal });
  const desk = { ...terminal, journal, policies, clock: { now }, ids: idsFrom(randomBytes) };
  return { desk, close: () => client.destroy() };
}
