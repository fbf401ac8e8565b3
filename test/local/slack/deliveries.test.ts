import fc from 'fast-check';
import {
  type Body,
  blockActions,
  signed,
  slashCommand,
  viewClosed,
  viewSubmission,
} from '../../../local/slack/payloads.ts';
import { LOCAL } from '../../../local/slack/workspace.ts';
import { errorOf, modal, openWorkshop, section, type Workshop } from './workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await openWorkshop();
});
afterEach(() => shop.close());

const sender = (id: string) => ({
  ...LOCAL,
  token: 'outside',
  user: { id, name: id.toLowerCase() },
});

/** A command as an outside test writes it, with ids of its own. */
const command = (triggerId: string, text = 'mine', channel = 'C0ACCESS') =>
  slashCommand(
    sender('U0ANA'),
    { command: '/access', text, channel: { id: channel, name: 'access' } },
    { triggerId, responseUrl: `${shop.url}/_slack/response/outside-${triggerId}` },
  );

/** What the front door does with a request: tell Slack, ask the app, tell Slack. */
function through(
  body: Body,
  answer: string | { [key: string]: unknown } = '',
  secret: string = LOCAL.signingSecret,
) {
  const request = signed({ secret, at: shop.clock.now() }, body);
  const known = shop.slack.observeDelivery(request.headers, request.body);
  const json = typeof answer !== 'string';
  shop.slack.observeAnswer(request.body, {
    statusCode: 200,
    headers: json ? { 'Content-Type': 'application/json; charset=utf-8' } : {},
    body: json ? JSON.stringify(answer) : answer,
  });
  return known;
}

async function openModal(view = modal('approve')) {
  through(command('open'));
  const opened = await shop.web.views.open({ trigger_id: 'open', view });
  return { id: String(opened.view?.id), ...view };
}

describe('a request that somebody else signed with our secret', () => {
  test('makes its trigger_id good, once', async () => {
    expect(through(command('t1'))).toBe(true);
    const opened = await shop.web.views.open({ trigger_id: 't1', view: modal('request') });
    expect(opened.ok).toBe(true);
    expect(shop.slack.state().views).toMatchObject([{ user: 'U0ANA' }]);
    const again = shop.web.views.open({ trigger_id: 't1', view: modal('request') });
    expect(await errorOf(again)).toBe('exchanged_trigger_id');
  });

  test('replayed byte for byte does not make it good again', async () => {
    const request = signed({ secret: LOCAL.signingSecret, at: shop.clock.now() }, command('t1'));
    shop.slack.observeDelivery(request.headers, request.body);
    await shop.web.views.open({ trigger_id: 't1', view: modal('request') });
    shop.slack.observeDelivery(request.headers, request.body);
    const again = shop.web.views.open({ trigger_id: 't1', view: modal('request') });
    expect(await errorOf(again)).toBe('exchanged_trigger_id');
  });

  test('makes its response_url good', async () => {
    through(command('t2'));
    const answer = await fetch(`${shop.url}/_slack/response/outside-t2`, {
      method: 'POST',
      body: JSON.stringify({ text: 'later' }),
    });
    expect(answer.status).toBe(200);
    expect(shop.slack.state().ephemerals).toMatchObject([{ user: 'U0ANA', text: 'later' }]);
  });

  test('from a direct message opens that direct message', async () => {
    through(command('t3', 'mine', 'D0ANA'));
    const posted = await shop.web.chat.postMessage({ channel: 'D0ANA', text: 'hello' });
    expect(posted.ok).toBe(true);
  });
});

describe('a request that Slack did not send', () => {
  test('signed with another secret changes nothing', async () => {
    expect(through(command('t1'), 'shown?', 'another-secret')).toBe(false);
    expect(await errorOf(shop.web.views.open({ trigger_id: 't1', view: modal('x') }))).toBe(
      'invalid_trigger_id',
    );
    expect(shop.slack.state().ephemerals).toEqual([]);
  });

  test.each([-301, 301])('signed %s s away from now changes nothing', (seconds) => {
    const at = new Date(shop.clock.now().getTime() + seconds * 1000);
    const { headers, body } = signed({ secret: LOCAL.signingSecret, at }, command('t1'));
    expect(shop.slack.observeDelivery(headers, body)).toBe(false);
  });

  test('or never delivered has no answer to show', () => {
    const { body } = command('never');
    shop.slack.observeAnswer(body, { statusCode: 200, headers: {}, body: 'shown?' });
    expect(shop.slack.state().ephemerals).toEqual([]);
  });
});

describe('the answer to a command', () => {
  test('as text is shown to the person alone', () => {
    through(command('a'), 'You hold nothing.');
    expect(shop.slack.state()).toMatchObject({
      messages: [],
      ephemerals: [{ channel: 'C0ACCESS', user: 'U0ANA', text: 'You hold nothing.', blocks: [] }],
    });
  });

  test('as JSON brings its blocks', () => {
    through(command('b'), { text: 'Confirm', blocks: [section('Confirm', { block_id: 'c' })] });
    expect(shop.slack.state().ephemerals).toMatchObject([
      { text: 'Confirm', blocks: [section('Confirm', { block_id: 'c' })] },
    ]);
  });

  test('in_channel is a message for everybody', () => {
    through(command('c'), { text: 'Ana holds nothing', response_type: 'in_channel' });
    expect(shop.slack.state()).toMatchObject({
      messages: [{ channel: 'C0ACCESS', user: 'U0BOT', text: 'Ana holds nothing' }],
      ephemerals: [],
    });
  });

  test('is shown once, however often it is reported', () => {
    const { headers, body } = signed(
      { secret: LOCAL.signingSecret, at: shop.clock.now() },
      command('d'),
    );
    const answer = { statusCode: 200, headers: {}, body: 'once' };
    shop.slack.observeDelivery(headers, body);
    shop.slack.observeAnswer(body, answer);
    shop.slack.observeDelivery(headers, body);
    shop.slack.observeAnswer(body, answer);
    expect(shop.slack.state().ephemerals).toHaveLength(1);
  });

  test.each<[string, Parameters<Workshop['slack']['observeAnswer']>[1], string]>([
    ['an error of the app', { statusCode: 500, headers: {}, body: '' }, 'dispatch_failed'],
    ['silence', null, 'operation_timeout'],
    [
      'blocks without text',
      {
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ blocks: [section('x')] }),
      },
      'invalid_command_response',
    ],
  ])('%s becomes Slackbot’s sorry', (_what, answer, error) => {
    const { headers, body } = signed(
      { secret: LOCAL.signingSecret, at: shop.clock.now() },
      command('e'),
    );
    shop.slack.observeDelivery(headers, body);
    shop.slack.observeAnswer(body, answer);
    expect(shop.slack.state().ephemerals).toMatchObject([
      { user: 'U0ANA', text: `/access failed with the error "${error}"` },
    ]);
    expect(shop.slack.refused()).toHaveLength(1);
  });
});

describe('the answer to a submitted form', () => {
  const submit = (view: { id: string }, answer: Parameters<typeof through>[1], n = 1) =>
    through(viewSubmission(sender('U0ANA'), { ...view }, `submit-${n}`), answer);
  const views = () => shop.slack.state().views;

  test('with errors keeps the form open and shows them, until it is changed', async () => {
    const view = await openModal();
    submit(view, { response_action: 'errors', errors: { code: 'That code is wrong.' } });
    expect(views()).toMatchObject([{ id: view.id, errors: { code: 'That code is wrong.' } }]);
    submit(view, { response_action: 'update', view: modal('done') }, 2);
    expect(views()).toMatchObject([{ id: view.id, callback_id: 'done', errors: {} }]);
  });

  test('with nothing closes it', async () => {
    submit(await openModal(), '');
    expect(views()).toEqual([]);
  });

  test('with push puts a form on top, and clear takes all away', async () => {
    const view = await openModal();
    submit(view, { response_action: 'push', view: modal('next') });
    expect(views()).toMatchObject([{ callback_id: 'approve' }, { callback_id: 'next' }]);
    submit(view, { response_action: 'clear' }, 2);
    expect(views()).toEqual([]);
  });

  test.each([
    [
      'errors for a block that is not there',
      { response_action: 'errors', errors: { reason: 'x' } },
    ],
    ['errors without any', { response_action: 'errors', errors: {} }],
    ['an unknown action', { response_action: 'explode' }],
    ['a broken view', { response_action: 'update', view: { type: 'modal' } }],
  ])('%s is refused and the form stays as it was', async (_what, answer) => {
    const view = await openModal();
    submit(view, answer);
    expect(views()).toMatchObject([{ id: view.id, callback_id: 'approve', errors: {} }]);
    expect(shop.slack.refused()).toMatchObject([{ where: 'answer to view_submission' }]);
  });

  test('for a form that nobody has open changes nothing', () => {
    submit({ id: 'V0MADEUP' }, { response_action: 'clear' });
    expect(views()).toEqual([]);
    expect(shop.slack.refused()).toEqual([]);
  });
});

test('a closed form leaves the screen, a cleared one takes the whole stack along', async () => {
  const view = await openModal();
  through(viewClosed(sender('U0ANA'), view, true));
  expect(shop.slack.state().views).toEqual([]);
});

test('an app that fails on a click is reported', () => {
  const place = { container: { type: 'message', message_ts: '1.000001' } };
  const act = { actions: [], triggerId: 'click' };
  const { headers, body } = signed(
    { secret: LOCAL.signingSecret, at: shop.clock.now() },
    blockActions(sender('U0ANA'), place, act),
  );
  shop.slack.observeDelivery(headers, body);
  shop.slack.observeAnswer(body, { statusCode: 404, headers: {}, body: '' });
  expect(shop.slack.refused()).toEqual([
    { where: 'answer to block_actions', error: 'dispatch_failed', detail: { status: 404 } },
  ]);
});

test('whatever bytes arrive, watching them never throws', () => {
  const payloads = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `payload=${encodeURIComponent(json)}`),
    fc.constantFrom(
      'payload={"type":"view_submission","view":5}',
      'payload={"type":"view_submission","view":{"id":{}},"user":{"id":"U0ANA"}}',
      'command=%2Faccess',
      '{"type":"block_actions","user":{"id":3},"trigger_id":[]}',
      'payload=%E0%A4%A',
    ),
  );
  const answers = fc.record({
    statusCode: fc.integer({ min: 100, max: 599 }),
    headers: fc.constantFrom<Record<string, string>>({}, { 'content-type': 'application/json' }),
    body: fc.oneof(fc.string(), fc.json()),
  });
  fc.assert(
    fc.property(payloads, answers, (body, answer) => {
      const contentType = 'application/x-www-form-urlencoded';
      const request = signed(
        { secret: LOCAL.signingSecret, at: shop.clock.now() },
        { contentType, body },
      );
      expect(shop.slack.observeDelivery(request.headers, request.body)).toBe(true);
      shop.slack.observeAnswer(request.body, answer);
      expect(shop.slack.state().views).toEqual([]);
    }),
  );
});
