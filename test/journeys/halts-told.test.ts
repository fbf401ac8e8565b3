/** A pause is told where people look: on the Home of who is no admin, and every day in the digest while it stands. */
import { textOf } from '../lambdas/slack/story.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  // Ten to nine in Berlin.
  stage = await openStage({ startAt: new Date('2026-11-23T07:50:02Z') });
});
afterAll(() => stage.close());

async function flip(line: string): Promise<void> {
  await stage.people.type('U0DEE', '/access', line);
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0DEE');
  const code = await stage.people.code('U0DEE');
  await stage.world.slack.client.submit('U0DEE', form?.id ?? '', { code });
}

const homeOf = async (who: string): Promise<string> => {
  await stage.world.slack.client.openHome(who);
  await stage.settle();
  return textOf(stage.world.slack.state().homes[who]?.blocks);
};
/** Of the channel that rules name; the security channel has its own. */
const digests = () =>
  stage.world.slack
    .state()
    .messages.filter(
      ({ channel, metadata }) =>
        channel === 'C0ACCESS' && JSON.stringify(metadata)?.includes('hallpass_digest'),
    );

it('a pause stands on everybody’s Home, with since when, who, and whom to ask', async () => {
  expect(await homeOf('U0ANA')).not.toContain('paused');
  await flip('pause github');
  expect(await homeOf('U0ANA')).toMatch(
    /New access is paused\* for `github` since <!date.*by <@U0DEE>.*Ask <@U0DEE> when it goes on/s,
  );
  expect(await homeOf('U0DEE')).toContain('*paused* for `github`; ends go on');
});

it('the digest says so in the morning, although nothing else happened', async () => {
  await stage.advance(11 * 60);
  expect(digests()).toHaveLength(1);
  expect(JSON.stringify(digests()[0])).toMatch(
    /New access is stopped.*New access is paused\* for `github`.*by <@U0DEE>/,
  );
});

it('once it is resumed nobody reads of it any more', async () => {
  await stage.advance(31);
  await flip('resume github');
  expect(await homeOf('U0ANA')).not.toContain('paused');
});
