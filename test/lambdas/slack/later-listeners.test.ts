/** Which listeners are loaded when: each row names what its listener hears, and loads it once, before the request is looked at. */
import { App, LogLevel } from '@slack/bolt';
import * as z from 'zod';
import type { Register, SlackDeps } from '../../../lambdas/slack/deps.ts';
import {
  LATER,
  type Later,
  listenLater,
  loadAhead,
} from '../../../lambdas/slack/later-listeners.ts';
import { slackReceiver } from '../../../lambdas/slack/receiver.ts';
import { type Bot, openBot } from './bot.ts';

let bot: Bot;
let deps: SlackDeps;
beforeAll(async () => {
  bot = await openBot();
  deps = bot.deps;
});
afterAll(() => bot.close());

function bareApp(): App {
  const receiver = { init() {}, start: async () => undefined, stop: async () => undefined };
  const authorize = async () => ({ botToken: 'xoxb-example' });
  return new App({ receiver, authorize, logLevel: LogLevel.ERROR });
}

const press = (app: App, actionId: string): Promise<void> =>
  app.processEvent({
    body: {
      type: 'block_actions',
      team: { id: 'T0EXAMPLE' },
      user: { id: 'U0ANA' },
      actions: [{ type: 'button', action_id: actionId, block_id: 'b' }],
    },
    ack: async () => undefined,
  });

/** A row for the button `later`, and how often it was loaded, registered and heard. */
function counted(load: (nth: number) => Promise<void> = async () => undefined) {
  const seen = { loads: 0, registrations: 0, heard: 0 };
  const register: Register = (app) => {
    seen.registrations += 1;
    app.action('later', async ({ ack }) => {
      seen.heard += 1;
      await ack();
    });
  };
  const row: Later = {
    ids: ['later'],
    load: async () => {
      seen.loads += 1;
      await load(seen.loads);
      return register;
    },
  };
  return { row, seen };
}

const Constraint = z.union([z.string(), z.object({ callback_id: z.string() })]);

function idOf(constraint: unknown): string {
  const id = Constraint.parse(constraint);
  return typeof id === 'string' ? id : id.callback_id;
}

test.each(LATER.map((row) => [row.ids.join(', '), row] as const))(
  'the row of %s names exactly what its listener hears',
  async (_ids, row) => {
    const app = bareApp();
    const heard: string[] = [];
    for (const way of ['command', 'action', 'view', 'event', 'options', 'shortcut'] as const)
      jest.spyOn(app, way).mockImplementation((...to: unknown[]) => {
        heard.push(idOf(to[0]));
      });
    (await row.load())(app, deps);
    expect([...new Set(heard)].sort()).toEqual([...row.ids].sort());
  },
);

test('no two rows name the same thing', () => {
  const ids = LATER.flatMap((row) => row.ids);
  expect(ids).toEqual([...new Set(ids)]);
});

test('a listener is loaded with the first request that is for it, hears that one, and is loaded once', async () => {
  const [app, { row, seen }] = [bareApp(), counted()];
  listenLater(app, deps, [row]);
  await press(app, 'something-else');
  expect(seen).toEqual({ loads: 0, registrations: 0, heard: 0 });
  await press(app, 'later');
  await press(app, 'later');
  expect(seen).toEqual({ loads: 1, registrations: 1, heard: 2 });
});

test('two first requests at the same moment register it once, and both are heard', async () => {
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const [app, { row, seen }] = [bareApp(), counted(() => arrived)];
  listenLater(app, deps, [row]);
  const both = [press(app, 'later'), press(app, 'later')];
  await new Promise(setImmediate);
  expect(seen.heard).toBe(0);
  arrive();
  await Promise.all(both);
  expect(seen).toEqual({ loads: 1, registrations: 1, heard: 2 });
});

test('a load that fails is an error of that request, and is tried again with the next', async () => {
  const broken = counted(async (nth) => {
    if (nth === 1) throw new Error('the part could not be read');
  });
  const app = bareApp();
  app.error(async (error) => {
    throw error;
  });
  listenLater(app, deps, [broken.row]);
  await expect(press(app, 'later')).rejects.toThrow('the part could not be read');
  expect(broken.seen.heard).toBe(0);
  await press(app, 'later');
  expect(broken.seen).toEqual({ loads: 2, registrations: 1, heard: 1 });
});

test('what names nothing that can be read loads nothing', async () => {
  const [app, { row, seen }] = [bareApp(), counted()];
  listenLater(app, deps, [row]);
  await app.processEvent({
    body: { type: 'view_submission', view: { callback_id: 7, type: 'modal' }, user: {}, team: {} },
    ack: async () => undefined,
  });
  expect(seen.loads).toBe(0);
});

test('what is loaded ahead is registered with the first request that is for it', async () => {
  const [app, { row, seen }] = [bareApp(), counted()];
  listenLater(app, deps, [row]);
  loadAhead([row]);
  expect(seen).toEqual({ loads: 1, registrations: 0, heard: 0 });
  await press(app, 'later');
  expect(seen).toMatchObject({ registrations: 1, heard: 1 });
});

test('a load ahead that fails is silent: the request that needs it says so', async () => {
  const broken = counted(async () => {
    throw new Error('the part could not be read');
  });
  expect(() => loadAhead([broken.row])).not.toThrow();
  await new Promise(setImmediate);
  expect(broken.seen).toEqual({ loads: 1, registrations: 0, heard: 0 });
});

test('loading ahead begins before a signature is checked, and only where Slack posts', async () => {
  const order: string[] = [];
  const receiver = slackReceiver({
    ...{ appId: 'A0', teamId: 'T0', clock: deps.clock, telemetry: deps.telemetry },
    ahead: () => order.push('ahead'),
    signingSecrets: async () => {
      order.push('secrets');
      return ['secret'];
    },
  });
  const signed = bot.event('command=%2Fx');
  expect(await receiver.handle({ ...signed, rawPath: '/elsewhere' })).toMatchObject({
    statusCode: 404,
  });
  expect(order).toEqual([]);
  expect(await receiver.handle(signed)).toMatchObject({ statusCode: 401 });
  expect(order).toEqual(['ahead', 'secrets']);
});
