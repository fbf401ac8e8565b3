/**
 * What an operator does from the command line: `enroll U0DEE` prints a single-use link. Talks to the store itself, with the
 * rights of whoever runs it: the embedded one of a Hallpass that runs here, or AWS. The link gives nobody anything alone:
 * the word on the page still has to be typed in that person's own Slack.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { dynamoClient } from '../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../shared/adapters/dynamo-journal.ts';
import { idsFrom } from '../shared/adapters/ids.ts';
import type { Tables } from '../shared/adapters/journal-items.ts';
import {
  type OperatorDeps,
  type OperatorRefusal,
  operatorEnrol,
} from '../shared/application/operator-enrol.ts';
import { journalPolicies } from '../shared/application/policies.ts';
import { TABLES } from './functions.ts';
import { clockHere, LOCAL_AWS, runningHere } from './running-here.ts';

export type Terminal = {
  env: Readonly<Record<string, string | undefined>>;
  print: (line: string) => void;
  complain: (line: string) => void;
};
/** As a shell reads them. */
const EXIT = { ok: 0, refused: 1, usage: 2 } as const;
const USAGE = `npm run operator -- enroll U0DEE

Prints a single-use link to the enrolment page, for the first authenticator of all, for an admin, or for somebody
who is locked out for good. Everybody else is vouched for in Slack: /access enroll @name.

Finds a Hallpass that runs here by the folder HALLPASS_DATA (.hallpass). For another store set JOURNAL_TABLE,
STATE_TABLE, HALLPASS_TENANT, HALLPASS_PUBLIC_URL and the usual AWS variables.`;

export async function operate(args: readonly string[], terminal: Terminal): Promise<number> {
  const [verb, person = '', ...rest] = args;
  if (verb !== 'enroll' || !/^[UW][A-Z0-9]{2,30}$/.test(person) || rest.length > 0) {
    terminal.complain(USAGE);
    return EXIT.usage;
  }
  const place = placeOf(terminal.env);
  if (typeof place === 'string') {
    terminal.complain(place);
    return EXIT.usage;
  }
  const client = dynamoClient(place.endpoint ? { ...LOCAL_AWS, endpoint: place.endpoint } : {});
  try {
    const journal = dynamoJournal({ client, tables: place.tables });
    const now = await nowAt(place);
    const deps: OperatorDeps = {
      journal,
      clock: { now: () => now },
      ids: idsFrom(randomBytes),
      policies: journalPolicies({ journal }),
      publicUrl: place.publicUrl,
    };
    const offered = await operatorEnrol(deps, person);
    if (!offered.ok) {
      terminal.complain(`${refusedWords(offered.error)} (${offered.error.code})`);
      return EXIT.refused;
    }
    terminal.print(offered.value.url);
    terminal.complain(
      `For ${person} alone, until ${offered.value.expiresAt}. The word on the page is typed in Slack: /access enroll.`,
    );
    return EXIT.ok;
  } finally {
    client.destroy();
  }
}

const REFUSED: { readonly [C in OperatorRefusal['code']]: (refusal: OperatorRefusal) => string } = {
  'policy-unavailable': () => 'No valid policy has been loaded yet. Start Hallpass once with one.',
  'unknown-person': () => 'The policy does not list that person. Add them under people.',
  'already-enrolled': () =>
    'That person has an authenticator that works. They replace it themself: /access enroll.',
  'vouching-needed': (refusal) =>
    `Somebody is enrolled already: they vouch in Slack with /access enroll @name.${
      'vouchers' in refusal ? ` Enrolled: ${refusal.vouchers.slice(0, 5).join(', ')}.` : ''
    }`,
};

/** Two sentences: what is in the way, and what to do. */
export const refusedWords = (refusal: OperatorRefusal): string => REFUSED[refusal.code](refusal);

type Place = {
  tables: Tables;
  publicUrl: string;
  /** Null: where the AWS variables point. */
  endpoint: string | null;
  /** Port of a Hallpass that runs here; its clock may have been pushed. */
  port: number | null;
};
const text = z.string().min(1);
const Deployed = z.object({
  JOURNAL_TABLE: text,
  STATE_TABLE: text,
  HALLPASS_TENANT: text,
  HALLPASS_PUBLIC_URL: z.url(),
});

/** Or the sentence that says what is missing. */
function placeOf(env: Terminal['env']): Place | string {
  if (env['JOURNAL_TABLE']) {
    const deployed = Deployed.safeParse(env);
    if (!deployed.success) return `${USAGE}\n\nMissing: ${missing(deployed.error)}`;
    const { JOURNAL_TABLE, STATE_TABLE, HALLPASS_TENANT, HALLPASS_PUBLIC_URL } = deployed.data;
    return {
      tables: { tenant: HALLPASS_TENANT, journal: JOURNAL_TABLE, state: STATE_TABLE },
      publicUrl: HALLPASS_PUBLIC_URL.replace(/\/$/, ''),
      endpoint: null,
      port: null,
    };
  }
  const running = runningHere(env['HALLPASS_DATA']);
  if (typeof running === 'string') return running;
  const { dynamodb, port } = running;
  const publicUrl = env['HALLPASS_PUBLIC_URL'] || `http://127.0.0.1:${port}`;
  return { tables: TABLES, publicUrl: publicUrl.replace(/\/$/, ''), endpoint: dynamodb, port };
}

const missing = (error: z.ZodError): string =>
  [...new Set(error.issues.map(({ path }) => String(path[0])))].join(', ');

/** A link is good for ten minutes of the clock it will be judged by. */
const nowAt = async ({ port }: Place): Promise<Date> =>
  port === null ? new Date() : clockHere(port);
