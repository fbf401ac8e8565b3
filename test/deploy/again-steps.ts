/** The app is destroyed under live access and deployed anew over what was written; in the end everything is taken down. */
import { ask, eventsOf, gone, granted, lateness, teamOf } from './access.ts';
import { EXPIRED } from './access-steps.ts';
import { diagnosed } from './doctor-steps.ts';
import { SLACK_SECRET } from './internet.ts';
import {
  asked,
  cloud,
  deployed,
  internet,
  operator,
  POLICY,
  people,
  reachable,
  scene,
  step,
  UNASKED,
} from './stage.ts';

const NOWHERE = `
  - id: nowhere
    entitlements: ["gitlab:acme/shop"]
    requesters: { roles: [developer] }
    max_duration: 1h
    approvals:
      - { from: { roles: [release-manager] }, count: 1 }
    channel: C0NOWHERE
`;
const GITLAB = `entitlements:
  gitlab:acme/shop:
    provider: gitlab
    kind: project
    resource: acme/shop
    roles: [developer]
    owner: bo
`;

export function againSteps(): void {
  step(
    'the operator puts a new signing secret beside the one that Slack still signs with',
    async () => {
      const { botToken, signingSecret: previousSigningSecret } = SLACK_SECRET;
      const signingSecret = 'the-next-signing-secret';
      await cloud.putSecret(deployed.SlackSecret, {
        botToken,
        signingSecret,
        previousSigningSecret,
      });
      return undefined;
    },
  );

  step('while Ana has access, npm run teardown refuses', async () => {
    asked.push(await ask(scene(), '2m'));
    const id = asked.at(-1) ?? '';
    await granted(scene(), id);
    const { code, said } = await operator.tries('teardown', ['--force']);
    expect(said).toContain(`Still open: ${id}`);
    expect(code).toBe(1);
    return id;
  });

  step('told to, it destroys the app; what was written stays, and so does her access', async () => {
    const said = await operator.npm('teardown', ['--with-open-requests', '--force']);
    expect(said).toContain('Tables, secrets and audit bucket are still there');
    expect(await eventsOf(scene(), asked.at(-1) ?? '')).toEqual(EXPIRED.slice(0, 4));
    expect(await teamOf(internet)).toContain('ana-dev');
    return undefined;
  });

  step('npm run deploy takes it up again with all it was told before', async () => {
    operator.writePolicy(POLICY.replace('entitlements:\n', GITLAB) + NOWHERE);
    const said = await operator.npm('deploy', UNASKED);
    expect(said).toMatch(/The policy names gitlab,.* asks for it are refused/);
    const { Settings, JournalTable } = deployed;
    reachable();
    expect(deployed).toMatchObject({ Settings, JournalTable });
    return undefined;
  });

  step('her end still happens, by the sweep: her schedule went with the app', async () => {
    const id = asked.at(-1) ?? '';
    await gone(scene(), id, 300);
    expect(await eventsOf(scene(), id)).toEqual(EXPIRED);
    return `read back ${(await lateness(scene(), id)).toFixed(1)} s after the end`;
  });

  step(
    'signed with the secret before, an ask is heard; what nobody configured is refused in words',
    async () => {
      const line = 'gitlab:acme/shop developer 30m INC-124 look at the pipeline';
      const told = await people.type('U0ANA', '/request-access', line);
      expect(told).toMatch(
        /The policy names .?gitlab.?, but this Hallpass was deployed without it/,
      );
      return undefined;
    },
  );

  step('the doctor finds that provider, and a channel that does not exist', async () => {
    const { code, problems } = await operator.doctor();
    expect(problems).toEqual([
      expect.stringMatching(/^channel C0NOWHERE: Slack says channel_not_found -> Correct the id/),
      expect.stringMatching(/^provider gitlab: .*not configured -> Deploy with/),
    ]);
    expect(code).toBe(1);
    return problems.join('; ');
  });

  step('a journal without its stream is found', async () => {
    await cloud.loseStream();
    return diagnosed(/^table \S+: publishes nothing instead of keys.* -> Deploy/, () => null);
  });

  step(
    'npm run teardown --data refuses while a late call could change what has just ended; told to, it leaves nothing',
    async () => {
      const { code, said } = await operator.tries('teardown', ['--data', '--force']);
      expect(said).toMatch(/No request is open any more, .*watched for 5 minutes/);
      expect(code).toBe(1);
      await operator.npm('teardown', ['--data', '--with-open-requests', '--force']);
      await expect(cloud.journal.read('policy', 'active')).rejects.toThrow();
      return undefined;
    },
  );
}
