/**
 * What must outlive everything else: the tables, the secrets and keys, the audit archive. Nothing runs in here, so that the
 * app beside it can be destroyed and deployed again without touching what was written.
 */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AuditArchive } from './constructs/audit-archive.ts';
import { Credentials } from './constructs/credentials.ts';
import { Tables } from './constructs/tables.ts';
import { stageOf } from './stage.ts';

export class HallpassDataStack extends Stack {
  readonly tables: Tables;
  readonly credentials: Credentials;
  readonly archive: AuditArchive;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    const stage = stageOf(scope.node);
    super(scope, id, {
      stackName: `Hallpass-${stage.name}-data`,
      description: `Hallpass (${stage.name}): journal, state, secrets, keys, audit archive`,
      terminationProtection: stage.isFinal,
      ...props,
    });
    this.tables = new Tables(this, 'Tables', { stage });
    this.credentials = new Credentials(this, 'Credentials', { stage });
    this.archive = new AuditArchive(this, 'AuditArchive', { stage });
    this.#outputs();
  }

  #outputs(): void {
    const { tables, credentials, archive } = this;
    const outputs: Record<string, readonly [value: string, description: string]> = {
      JournalTable: [tables.journal.tableName, 'Events and requests'],
      StateTable: [tables.state.tableName, 'Everything else'],
      AuditBucket: [archive.bucket.bucketName, 'Sealed checkpoints of the audit log'],
      AuditSigningKey: [archive.signingKey.keyArn, 'Signs the checkpoints'],
      AuthenticatorKey: [credentials.authenticatorKey.keyArn, 'Wraps the authenticators'],
      SlackSecret: [credentials.slack.secretArn, 'Put the bot token and signing secret here'],
      GithubSecret: [credentials.github.secretArn, 'Put the GitHub App here'],
      GitlabSecret: [credentials.gitlab.secretArn, 'Put the GitLab token here'],
      OnCallSecret: [credentials.onCall.secretArn, 'Put tokens of on-call systems here'],
      TicketsSecret: [credentials.tickets.secretArn, 'Put tokens of trackers here'],
    };
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description });
  }
}
