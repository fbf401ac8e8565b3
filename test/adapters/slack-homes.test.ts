import { LOCAL } from '../../local/slack/workspace.ts';
import { slackAnnouncer } from '../../shared/adapters/slack-announcer.ts';
import { openWorkshop, type Workshop } from '../local/slack/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await openWorkshop();
});
afterEach(() => shop.close());

const announcer = () =>
  slackAnnouncer({ token: async () => LOCAL.botToken, apiUrl: `${shop.url}/_slack/api/` });
const view = (text: string) => ({
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
});
const shown = (who: string) => JSON.stringify(shop.slack.state().homes[who]?.blocks);

test('a Home is shown to its person, and its hash comes back', async () => {
  const published = await announcer().publishHome('U0ANA', view('one'), null);
  expect(published).toEqual({ hash: shop.slack.state().homes['U0ANA']?.hash });
  expect(shown('U0ANA')).toContain('one');
  expect(shop.slack.state().homes['U0BO']).toBeUndefined();
});

test('over a view that is no longer there it is a conflict, and nothing is shown', async () => {
  const first = await announcer().publishHome('U0ANA', view('one'), null);
  const over = first === 'conflict' ? '' : first.hash;
  expect(await announcer().publishHome('U0ANA', view('two'), over)).toEqual({
    hash: expect.stringMatching(/./),
  });
  expect(await announcer().publishHome('U0ANA', view('three'), over)).toBe('conflict');
  expect(shown('U0ANA')).toContain('two');
});

test.each([
  ['somebody who does not exist', 'U0NOBODY', view('x'), 'user_not_found'],
  [
    'a view beyond the limits',
    'U0ANA',
    { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
    'invalid_arguments',
  ],
])('%s is refused for good', async (_, who, given, code) => {
  await expect(announcer().publishHome(who, given, null)).rejects.toMatchObject({
    service: 'slack',
    retryable: false,
    code,
  });
});
