/** `npm run doctor` against the deployment: nothing to mend, and each thing that somebody broke. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SLACK_SECRET } from './internet.ts';
import { cloud, deployed, folderOf, internet, operator, step } from './stage.ts';

export function doctorSteps(): void {
  step('npm run doctor looks at all of it and finds nothing to mend', async () => {
    const { code, problems, warnings, looked } = await operator.doctor();
    expect({ code, problems, warnings }).toEqual({ code: 0, problems: [], warnings: [] });
    return `${looked} things looked at`;
  });

  step('a Slack token that was revoked is found', async () => {
    await cloud.putSecret(deployed.SlackSecret, { ...SLACK_SECRET, botToken: 'xoxb-revoked' });
    const undo = () => cloud.putSecret(deployed.SlackSecret, SLACK_SECRET);
    return diagnosed(
      /^Slack token: Slack says invalid_auth -> Put the app's current bot token/,
      undo,
    );
  });

  step('a Slack app that lost a scope is found', async () => {
    internet.hideScope('chat:write');
    const undo = () => internet.hideScope(null);
    return diagnosed(/^Slack token: lacks the scope chat:write -> Add the scope .*install/, undo);
  });

  step('a GitHub App that may read and not grant is found', async () => {
    await cloud.putSecret(deployed.GithubSecret, internet.github.reader);
    const undo = () => cloud.putSecret(deployed.GithubSecret, internet.github.auth);
    return diagnosed(
      /^provider github: grant in acme\/deployers: .*may write Members \(unauthorized\) -> Give/,
      undo,
    );
  });

  step('a clock that is wrong is found', async () => {
    const file = join(folderOf('HALLPASS_DEPLOY_FOLDER'), 'clock-ahead.mjs');
    writeFileSync(
      file,
      `const At = Date, now = () => At.now() + 61_000;
      globalThis.Date = class extends At {
        constructor(...at) { if (at.length > 0) super(...at); else super(now()); }
        static now() { return now(); }
      };`,
    );
    const env = { NODE_OPTIONS: `--import=${file}` };
    return diagnosed(/^clock: is -?6\d s from DynamoDB's: codes are refused/, () => null, env);
  });
}

/** What the doctor finds while something is wrong, then all is put back. */
export async function diagnosed(found: RegExp, undo: () => unknown, env?: NodeJS.ProcessEnv) {
  const { code, problems } = await operator.doctor(env);
  await undo();
  expect(problems).toContainEqual(expect.stringMatching(found));
  expect(code).toBe(1);
  return problems.find((problem) => found.test(problem));
}
