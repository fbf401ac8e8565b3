/** The tier that asks Slack itself, here before the stand-in: that it finds what is wrong, and waits when told to. */
import { listenOnLoopback } from '../../local/loopback.ts';
import { LOCAL } from '../../local/slack/workspace.ts';
import { openWorkshop, type Workshop } from '../local/slack/workshop.ts';
import { CORPUS } from '../support/corpus/corpus.ts';
import { goldenCorpus, type Payload } from './golden.ts';
import { blocksTier } from './tier.ts';
import { type Asking, validateAll } from './validate.ts';

let shop: Workshop;
let printed: string[];
let waited: number[];
beforeEach(async () => {
  shop = await openWorkshop();
  printed = [];
  waited = [];
});
afterEach(() => shop.close());

const asking = (part: Partial<Asking> = {}): Asking => ({
  apiUrl: `${shop.url}/_slack/api/`,
  token: LOCAL.botToken,
  print: (line) => printed.push(line),
  wait: async (seconds) => {
    waited.push(seconds);
  },
  ...part,
});

test('the golden corpus has something of every builder, is the same each time, and is taken', async () => {
  const golden = goldenCorpus({ samples: 6, shapes: 2 });
  expect(goldenCorpus({ samples: 6, shapes: 2 })).toEqual(golden);
  const builders = new Set(golden.map(({ name }) => name.replace(/ \d+$/, '')));
  expect([...CORPUS.keys()].filter((name) => !builders.has(name))).toEqual([]);
  expect(await validateAll(golden, asking())).toBe(0);
  expect(printed).toEqual([]);
  expect(waited).toHaveLength(golden.length - 1);
  expect(Math.min(...waited)).toBeGreaterThan(1);
});

const section = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } };
const message = (blocks: object[]): Payload => ({
  name: 'broken 1',
  argument: { message: JSON.stringify({ blocks }) },
});

test('a payload that is refused is named, with the place and the reason', async () => {
  const view = {
    name: 'broken 2',
    argument: { view: JSON.stringify({ type: 'modal', blocks: [] }) },
  };
  expect(await validateAll([message([section]), view], asking())).toBe(2);
  expect(printed).toEqual(
    expect.arrayContaining([
      'refused  broken 1: invalid_message',
      '         /blocks/0/text/text failed_constraint: must be less than 3001 characters',
      'refused  broken 2: invalid_view',
    ]),
  );
});

test('a token that does not count is no verdict about anything, and is not printed', async () => {
  const token = 'xoxb-not-a-token-of-anybody';
  const outcome = await validateAll([message([section])], asking({ token })).catch(String);
  expect(outcome).toMatch(/Slack did not judge anything \(invalid_auth\).*SLACK_BOT_TOKEN/);
  expect(`${outcome}${printed}`).not.toContain(token);
});

test('it waits as long as Slack says, and asks for the same payload again', async () => {
  const bodies: string[] = [];
  const busy = await listenOnLoopback(async (request) => {
    bodies.push(await request.text());
    return bodies.length < 3
      ? new Response('', { status: 429, headers: { 'retry-after': '17' } })
      : Response.json({ ok: true });
  });
  expect(await validateAll([message([])], asking({ apiUrl: `${busy.url}/api/` }))).toBe(0);
  expect(waited).toEqual([17, 17]);
  expect(new Set(bodies).size).toBe(1);
  await busy.close();
});

test('a Slack that never has time ends it', async () => {
  const busy = await listenOnLoopback(() => new Response('', { status: 429 }));
  await expect(validateAll([message([])], asking({ apiUrl: `${busy.url}/` }))).rejects.toThrow(
    'Try again later',
  );
  await busy.close();
});

test('without a token the tier is skipped, and says how to run it', async () => {
  const never = () => {
    throw new Error('Nothing is made for nobody');
  };
  expect(await blocksTier({ SLACK_BOT_TOKEN: '' }, never, asking())).toBe(0);
  expect(printed).toEqual([expect.stringMatching(/skipped: set SLACK_BOT_TOKEN/)]);
});

test.each([
  ['all is taken', [], LOCAL.botToken, 0, '0 taken, 0 refused'],
  ['something is refused', [message([section])], LOCAL.botToken, 1, '0 taken, 1 refused'],
  ['nothing was judged', [message([section])], 'xoxb-wrong', 2, 'did not judge anything'],
] as const)('the exit code says that %s', async (_, payloads, token, code, last) => {
  const env = { SLACK_BOT_TOKEN: token, SLACK_API_URL: `${shop.url}/_slack/api` };
  expect(await blocksTier(env, () => payloads, asking())).toBe(code);
  expect(printed.at(-1)).toContain(last);
});
