/** What the story left behind: sealed, exported, and nothing in logs or dead letters that should not be there. */
import * as z from 'zod';
import { SLACK_SECRET } from './internet.ts';
import { eventually } from './protocol.ts';
import type { Heard } from './siem.ts';
import { asked, cloud, deployed, internet, operator, servedSince, siem, step } from './stage.ts';

export function evidenceSteps(): void {
  step(
    'every five minutes a checkpoint is signed and locked away; npm run audit -- verify holds against tables, bucket and key',
    async () => {
      const history = await cloud.journal.history('request', asked.at(-1) ?? '');
      const written = history.at(-1)?.event.at ?? '';
      const last = await eventually('a checkpoint covers the whole story', 400, async () => {
        const { value } = await cloud.journal.read('seal', 'last');
        return value && value.to > written ? value : null;
      });
      const witness = ['--expect-last', `${last.n}:${last.hash}`];
      const said = await operator.npm('audit', ['verify', ...witness], {
        JOURNAL_TABLE: deployed.JournalTable,
        STATE_TABLE: deployed.StateTable,
        HALLPASS_TENANT: deployed.Settings.tenant,
        AUDIT_BUCKET: deployed.AuditBucket,
        AUDIT_KEY_ID: deployed.AuditSigningKey,
      });
      expect(said).toContain('The audit log holds.');
      return said.split('\n').find((line) => /checkpoints/.test(line));
    },
  );

  step('what was sealed is exported, line by line as the journal has it', async () => {
    const history = await cloud.journal.history('request', asked.at(-1) ?? '');
    const lines = await eventually('the story is exported', 60, async () => {
      const found = await cloud.exported();
      return history.every(({ hash }) => found.some((line) => line.includes(hash))) ? found : null;
    });
    const rows = lines.map((line): unknown => JSON.parse(line));
    expect(rows).toEqual(expect.arrayContaining(history));
    return `${lines.length} events`;
  });

  step(
    'a SIEM that put a rule on its bus hears each of them, as the journal has it, and knows it by its hash',
    async () => {
      const history = await cloud.journal.history('request', asked.at(-1) ?? '');
      const byHash = new Map<string, Heard>();
      await eventually('the whole story is heard', 60, async () => {
        for (const each of await siem.heard()) byHash.set(each.detail.hash, each);
        return history.every(({ hash }) => byHash.has(hash)) ? true : null;
      });
      const heard = history.map(({ hash }) => byHash.get(hash));
      expect(heard.map((each) => each?.detail)).toEqual(history);
      for (const each of heard)
        expect([each?.source, each?.['detail-type']]).toEqual([
          'hallpass',
          each?.detail.event.type,
        ]);
      return `${byHash.size} events`;
    },
  );

  step(
    'no dead letter, no error of ours, no secret in any log, nothing that Slack would have refused',
    async () => {
      expect(await cloud.waiting(deployed.DeadLetterQueues)).toEqual({});
      expect(internet.slack.refused()).toEqual([]);
      const lines = await cloud.logLines();
      expect(lines.length).toBeGreaterThan(0);
      expect(errorsIn(lines).filter(isUnexpected)).toEqual([]);
      const keyBody = internet.github.auth.privateKey.split('\n')[1] ?? '';
      for (const secret of [SLACK_SECRET.botToken, SLACK_SECRET.signingSecret, keyBody])
        expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      return `${lines.length} log lines; slowest answer to Slack ${Math.round(internet.slowestAnswerMs())} ms`;
    },
  );
}

const LogLine = z.object({
  level: z.string(),
  message: z.string(),
  timestamp: z.iso.datetime(),
  why: z.string().optional(),
  container: z.string().optional(),
  code: z.string().optional(),
});
type LogLine = z.infer<typeof LogLine>;

const errorsIn = (lines: readonly string[]): LogLine[] =>
  lines
    .filter((line) => /"level":"(ERROR|CRITICAL)"/.test(line))
    .map((line) => LogLine.parse(JSON.parse(line.slice(line.indexOf('{')))));

/**
 * From the first minute on every container is looked at. Until the operator has filled in GitHub's secret that cannot be, and the
 * product says so aloud: it cannot tell a place that was never filled from a value that somebody broke.
 */
function isUnexpected({ message, timestamp, why = '', container, code }: LogLine): boolean {
  if (timestamp > servedSince) return true;
  const isUnusable = /^The secret \S+ is not usable: check the whole value\.$/.test(why);
  if (message === 'A provider cannot be used; what concerns it waits') return !isUnusable;
  const isNotLookedAt = message === 'A container could not be looked at';
  return !(
    isNotLookedAt &&
    container === 'github:team:acme/deployers' &&
    code === 'not-configured'
  );
}
