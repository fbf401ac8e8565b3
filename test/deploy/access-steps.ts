/** The main story through the deployed endpoint, from an unsigned request that is turned away to access that ends on time. */
import { peopleOf } from '../../local/people.ts';
import { ask, eventsOf, gone, granted, lateness } from './access.ts';
import { enrolOn } from './phone.ts';
import { eventually } from './protocol.ts';
import { asked, cloud, deployed, enter, internet, operator, people, scene, step } from './stage.ts';

export const EXPIRED = [
  ...['AccessRequested', 'RequestApproved', 'GrantAuthorized', 'GrantActivated'],
  ...['GrantExpired', 'GrantRemoved'],
];

export function accessSteps(): void {
  step('a request that Slack did not sign is turned away', async () => {
    const body = 'command=%2Faccess&text=mine&user_id=U0DEE&team_id=T0LOCAL';
    const at = String(Math.floor(Date.now() / 1000));
    const forged = { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${'0'.repeat(64)}` };
    const knock = (headers: Record<string, string>) =>
      fetch(`${internet.origin}/slack/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body,
      });
    expect([(await knock({})).status, (await knock(forged)).status]).toEqual([401, 401]);
    expect((await fetch(`${internet.origin}/slack/events`)).status).toBe(404);
    return undefined;
  });

  step('the sweep runs every minute and loads the policy', async () => {
    await eventually('a policy is active', 130, async () => {
      const { value } = await cloud.journal.read('policy', 'active');
      return value;
    });
    return undefined;
  });

  step(
    'the operator makes Bo a link, Bo scans the key on the deployed page and types the word in Slack',
    async () => {
      const said = await operator.npm('operator', ['enroll', 'U0BO'], {
        JOURNAL_TABLE: deployed.JournalTable,
        STATE_TABLE: deployed.StateTable,
        HALLPASS_TENANT: deployed.Settings.tenant,
        HALLPASS_PUBLIC_URL: deployed.Address,
      });
      const link = new RegExp(`${deployed.Address}(/enroll/[\\w.-]+)`).exec(said)?.[1];
      if (link === undefined) throw new Error(`No link: ${said}`);
      const enrolled = await enrolOn(internet.origin + link);
      const { phone } = enrolled;
      const made = peopleOf({
        slack: internet.slack,
        personas: async () => [
          { slack: 'U0BO', name: 'Bo', accounts: {}, code: await phone.code() },
        ],
      });
      enter(made);
      await made.type('U0BO', '/access', 'enroll');
      const form = internet.slack.state().views.findLast(({ user }) => user === 'U0BO');
      await internet.slack.client.submit('U0BO', form?.id ?? '', { word: enrolled.word });
      const { value } = await cloud.journal.read('authenticator', 'U0BO');
      expect(value?.owner).toBe('U0BO');
      return undefined;
    },
  );

  step('Ana asks, the card stands in the channel', async () => {
    asked.push(await ask(scene(), '30m'));
    return asked.at(-1);
  });

  step('Bo approves with a code, Ana is in the team, her end is scheduled', async () => {
    await granted(scene(), asked.at(-1) ?? '');
    expect(await cloud.schedules()).toHaveLength(1);
    return undefined;
  });

  step('Ana ends it early, she is out, the card says so', async () => {
    const id = asked.at(-1) ?? '';
    await people.press('U0ANA', id, 'end');
    await gone(scene(), id, 60);
    expect(await eventsOf(scene(), id)).toEqual([
      ...['AccessRequested', 'RequestApproved', 'GrantAuthorized', 'GrantActivated'],
      ...['GrantRevoked', 'GrantRemoved'],
    ]);
    return undefined;
  });

  step('Ana asks again, Bo approves two minutes', async () => {
    asked.push(await ask(scene(), '2m'));
    await granted(scene(), asked.at(-1) ?? '');
    expect(await cloud.schedules()).toHaveLength(1);
    return asked.at(-1);
  });

  step('when they are over, she is out', async () => {
    const id = asked.at(-1) ?? '';
    await gone(scene(), id, 210);
    expect(await eventsOf(scene(), id)).toEqual(EXPIRED);
    const late = await lateness(scene(), id);
    expect(late).toBeGreaterThanOrEqual(0);
    return `read back ${late.toFixed(1)} s after the end`;
  });
}
