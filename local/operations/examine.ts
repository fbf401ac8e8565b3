/**
 * All checks of one deployment, in the order in which things depend on each other, one finding after the other. Uses the adapters and
 * providers that are deployed, so that what they would meet is what is found. Reads only.
 */

import type { KMSClient } from '@aws-sdk/client-kms';
import { dynamoClient, schedulerClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { kmsAppJwt } from '../../shared/adapters/kms-app-jwt.ts';
import { kmsClient } from '../../shared/adapters/kms-client.ts';
import { secretOnCall, secretTickets } from '../../shared/adapters/outside.ts';
import { s3Client } from '../../shared/adapters/s3-client.ts';
import {
  builtFrom,
  GithubSecret,
  GitlabSecret,
  slackCredentials,
} from '../../shared/adapters/secrets.ts';
import { slackDirectory } from '../../shared/adapters/slack-directory.ts';
import { sqsClient } from '../../shared/adapters/sqs-client.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { Journal } from '../../shared/ports.ts';
import { githubAuth, githubProvider } from '../../shared/providers/github/github-provider.ts';
import { gitlabProvider } from '../../shared/providers/gitlab/gitlab-provider.ts';
import type { Payload } from '../../test/blocks/golden.ts';
import { archiveChecks } from './checks/archive.ts';
import { type Check, type Finding, findingsOf, ok, problem } from './checks/finding.ts';
import { groupChecks, type OutsideAt, trackerChecks } from './checks/outside.ts';
import { type ProviderAt, providerChecks } from './checks/providers.ts';
import { channelChecks, messagesCheck, type SlackAt, tokenCheck } from './checks/slack.ts';
import { clockCheck, tableChecks } from './checks/tables.ts';
import { keyChecks, queueChecks, scheduleCheck } from './checks/work.ts';
import type { Deployed } from './deployed.ts';

export type Report = Finding & { readonly check: string };
export type Outside = {
  now(): Date;
  wait(seconds: number): Promise<unknown>;
  /** Null: the messages are not judged. */
  readonly payloads: (() => readonly Payload[]) | null;
};

export async function* examine(deployed: Deployed, outside: Outside): AsyncGenerator<Report> {
  const dynamo = dynamoClient();
  const clients = [kmsClient(), sqsClient(), schedulerClient(), s3Client()] as const;
  const [kms, sqs, scheduler, s3] = clients;
  const journal = journalOf(deployed, dynamo);
  try {
    const store: Check[] = [
      clockCheck(dynamo, { table: deployed.JournalTable, now: outside.now }),
      ...tableChecks(dynamo, deployed),
      ...queueChecks(sqs, deployed),
      scheduleCheck(scheduler, deployed),
      ...keyChecks(kms, deployed),
      ...archiveChecks(s3, deployed, { journal, now: outside.now }),
    ];
    for (const check of store) yield* reportsOf(check);
    const { policy, check } = await policyIn(journal);
    yield* reportsOf(check);
    const slack: SlackAt = {
      apiUrl: deployed.Settings.slackApiUrl.replace(/\/*$/, '/'),
      token: slackCredentials(deployed.SlackSecret).token,
    };
    const token = await findingsOf(tokenCheck(slack, deployed));
    for (const finding of token) yield { check: 'Slack token', ...finding };
    // Whatever is asked with a token that is wrong gets the same answer.
    const isAccepted = token.every(({ level }) => level !== 'problem');
    const { payloads, wait } = outside;
    if (isAccepted && payloads !== null) yield* reportsOf(messagesCheck(slack, { payloads, wait }));
    if (policy === null) return;
    if (isAccepted) for (const each of channelChecks(slack, policy)) yield* reportsOf(each);
    const asked = askedAt(deployed, slack, outside);
    for (const each of [...groupChecks(policy, asked), ...trackerChecks(policy, asked)])
      yield* reportsOf(each);
    for (const each of providerChecks(policy, providersOf(deployed, { kms, now: outside.now })))
      yield* reportsOf(each);
  } finally {
    for (const client of [dynamo, ...clients]) client.destroy();
  }
}

async function* reportsOf(check: Check): AsyncGenerator<Report> {
  for (const finding of await findingsOf(check)) yield { check: check.name, ...finding };
}

function journalOf(
  { JournalTable, StateTable, Settings }: Deployed,
  client: ReturnType<typeof dynamoClient>,
): Journal {
  const tables = { tenant: Settings.tenant, journal: JournalTable, state: StateTable };
  return dynamoJournal({ client, tables });
}

/** The policy in force, and what is to be said about it. */
async function policyIn(journal: Journal): Promise<{ policy: Policy | null; check: Check }> {
  const policies = journalPolicies({ journal });
  const check = (run: Check['run']) => ({ name: 'policy', run });
  try {
    const active = await policies.active();
    if (active === null)
      return {
        policy: null,
        check: check(async () => [
          problem(
            'none is in force: every request is refused',
            'The sweep loads it within a minute of a deploy; see docs/runbook.md#policy-rejected',
          ),
        ]),
      };
    const { policy, hash } = active;
    const size = `${policy.rules.length} rules, ${Object.keys(policy.people).length} people`;
    return { policy, check: check(async () => [ok(`${hash.slice(0, 12)} is in force: ${size}`)]) };
  } catch (error) {
    return {
      policy: null,
      check: check(async () => {
        throw error;
      }),
    };
  }
}

const askedAt = (
  { OnCallSecret = '', TicketsSecret = '' }: Deployed,
  slack: SlackAt,
  { now }: Outside,
): OutsideAt => ({
  now,
  directory: slackDirectory(slack),
  onCall: secretOnCall(OnCallSecret),
  tickets: secretTickets(TicketsSecret),
});

function providersOf(
  { Settings, GithubSecret: githubId, GitlabSecret: gitlabId }: Deployed,
  { kms, now }: { kms: KMSClient; now: () => Date },
): ProviderAt[] {
  const { githubApiUrl, githubAppKeyId, gitlabApiUrl } = Settings;
  const createJwt = kmsAppJwt({ client: kms, keyId: githubAppKeyId || undefined, now });
  const github = builtFrom(githubId, GithubSecret, (secret) =>
    githubProvider({ baseUrl: githubApiUrl, auth: githubAuth(secret, createJwt), now }),
  );
  const gitlab = builtFrom(gitlabId, GitlabSecret, (secret) =>
    gitlabProvider({ ...secret, baseUrl: gitlabApiUrl, now }),
  );
  return [
    { name: 'github', make: github.make },
    ...(gitlabApiUrl === '' ? [] : [{ name: 'gitlab', make: gitlab.make }]),
  ];
}
