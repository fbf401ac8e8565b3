import { signed } from '../../local/slack/payloads.ts';
import { LOCAL } from '../../local/slack/workspace.ts';
import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

it('two approvers in the same second: one grant, one schedule, one change at GitHub, and the other is told', async () => {
  const { people, world } = stage;
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  const forms = [await people.openApproval('U0BO', id), await people.openApproval('U0CY', id)];
  const codes = [await people.code('U0BO'), await people.code('U0CY')];
  await Promise.all([
    world.slack.client.submit('U0BO', forms[0] ?? '', { code: codes[0] }),
    world.slack.client.submit('U0CY', forms[1] ?? '', { code: codes[1] }),
  ]);
  await stage.settle();
  const events = await stage.events(id);
  expect(events.filter((type) => type === 'RequestApproved')).toHaveLength(1);
  expect(events.filter((type) => type === 'GrantAuthorized')).toHaveLength(1);
  expect((await world.state()).schedules).toHaveLength(1);
  expect(stage.mutations('ana-dev')).toBe(1);
  expect(JSON.stringify(world.slack.state().views)).toMatch(/already/i);
});

it('the same click delivered again by Slack’s retry changes nothing a second time', async () => {
  const { people, world } = stage;
  const line = signedCommand(stage);
  const answers = await Promise.all([1, 2, 3].map(() => post(stage, line)));
  await stage.settle();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const cards = world.slack.state().ephemerals.filter(({ user }) => user === 'U0ANA');
  const drafts = new Set(JSON.stringify(cards).match(/AR-[0-9A-Z]{6}/g));
  expect(drafts.size).toBe(1);
  const card = cards[0];
  await Promise.all(
    [1, 2, 3].map(() =>
      world.slack.client.click('U0ANA', { ts: card?.ts ?? '' }, { actionId: 'submit' }),
    ),
  );
  await stage.settle();
  const { requests } = await world.state();
  expect(requests).toHaveLength(1);
  expect(await stage.events(requests[0]?.requestId ?? '')).toEqual([
    'AccessRequested',
    'EscalationPlanned',
  ]);
  expect(people.card(requests[0]?.requestId ?? '')).toBeDefined();
});

it('a second ask for the same thing while the first waits is pointed at the first', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', LINE);
  const said = await people.type('U0ANA', '/request-access', LINE);
  expect(said).toContain(id);
  expect(said).toMatch(/already-pending/);
});

function signedCommand(of: Stage) {
  const body = new URLSearchParams({
    command: '/request-access',
    text: LINE,
    user_id: 'U0ANA',
    team_id: LOCAL.teamId,
    api_app_id: LOCAL.appId,
    channel_id: 'C0GENERAL',
    trigger_id: '1.2.abc',
    response_url: `${of.world.url}/_slack/response/x`,
    token: 'x',
  }).toString();
  const at = of.world.clock.now();
  return signed(
    { secret: LOCAL.signingSecret, at },
    { contentType: 'application/x-www-form-urlencoded', body },
  );
}

const post = (of: Stage, { headers, body }: ReturnType<typeof signedCommand>) =>
  fetch(`${of.world.url}/slack/events`, { method: 'POST', headers, body });
