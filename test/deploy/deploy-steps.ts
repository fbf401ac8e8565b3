/** From an empty account to a deployment that serves one workspace, by the commands of docs/deployment.md. */
import { LOCAL } from '../../local/slack/workspace.ts';
import { SLACK_SECRET } from './internet.ts';
import {
  cloud,
  deployed,
  internet,
  operator,
  reachable,
  served,
  siem,
  step,
  UNASKED,
} from './stage.ts';

export function deploySteps(): void {
  step(
    'npm run deploy prepares the account, deploys both stacks and says by name what an operator does next',
    async () => {
      const given = {
        SlackApiUrl: `${internet.origin}/_slack/api/`,
        GithubApiUrl: internet.github.baseUrl,
        ExportBusArn: siem.busArn,
      };
      const said = await operator.npm('deploy', [...UNASKED, ...parametersFor(given)]);
      expect(said).toContain('This account and region were never prepared for CDK: cdk bootstrap.');
      reachable();
      const told = said.slice(said.lastIndexOf('Hallpass dev is deployed.'));
      expect(told).toContain(`Slack request URL   ${deployed.Address}/slack/events\n`);
      expect(told).toContain(`journal table       ${deployed.JournalTable}\n`);
      expect(told).toContain(`state table         ${deployed.StateTable}\n`);
      expect(told).toContain(`audit bucket        ${deployed.AuditBucket}\n`);
      expect(told).toMatch(/dashboard +https:\/\/\S+#dashboards:name=Hallpass-dev\n/);
      const link = /https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=(\S+)/.exec(told)?.[1];
      expect(JSON.parse(decodeURIComponent(link ?? ''))).toMatchObject({
        settings: { event_subscriptions: { request_url: `${deployed.Address}/slack/events` } },
      });
      expect(told).toContain(`--secret-id ${deployed.SlackSecret} `);
      expect(told).toContain('Check it: npm run doctor -- -c stage=dev');
      return deployed.Address;
    },
  );

  step('the doctor says that no workspace is served, and how to change that', async () => {
    const { code, problems } = await operator.doctor();
    expect(code).toBe(1);
    expect(problems).toContainEqual(
      expect.stringMatching(/^Slack token: no workspace is served yet -> .*SlackTeamId/),
    );
    return undefined;
  });

  step('the operator fills the two secrets and says whom to serve', async () => {
    await cloud.putSecret(deployed.SlackSecret, SLACK_SECRET);
    await cloud.putSecret(deployed.GithubSecret, internet.github.auth);
    const workspace = parametersFor({ SlackTeamId: LOCAL.teamId, SlackAppId: LOCAL.appId });
    const said = await operator.npm('deploy', [...UNASKED, ...workspace]);
    expect(said).not.toMatch(/cdk bootstrap|manifest_json/);
    reachable();
    served(new Date());
    expect(deployed.Settings).toMatchObject({ slackTeamId: LOCAL.teamId, slackAppId: LOCAL.appId });
    return undefined;
  });
}

/** Addresses before secrets: a credential must not be shown to github.com that belongs elsewhere. */
const parametersFor = (given: Readonly<Record<string, string>>): string[] =>
  Object.entries(given).flatMap(([name, value]) => ['--parameters', `${name}=${value}`]);
