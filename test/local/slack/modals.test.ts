import {
  button,
  errorOf,
  modal,
  openWorkshop,
  refusal,
  section,
  type Workshop,
} from './workshop.ts';

let shop: Workshop;
const slots: string[] = [];
beforeEach(async () => {
  shop = await openWorkshop();
  slots.length = 0;
  shop.answer((payload) => {
    slots.push(String(payload['trigger_id']));
    return new Response('');
  });
});
afterEach(() => shop.close());

/** Ana types a command; the trigger that came with it. */
async function trigger(user = 'U0ANA'): Promise<string> {
  await shop.slack.client.slash(user, '/access', 'mine');
  return slots.at(-1)!;
}

/** The trigger of a button pressed inside a modal. */
async function triggerIn(viewId: string, user = 'U0ANA'): Promise<string> {
  await shop.slack.client.click(user, { viewId }, { actionId: 'more' });
  return slots.at(-1)!;
}

const withButton = (id: string) =>
  modal(id, { blocks: [{ type: 'actions', elements: [button('more', '1')] }] });

async function open(view = modal('request'), user = 'U0ANA') {
  const { view: opened } = await shop.web.views.open({
    trigger_id: await trigger(user),
    view,
  });
  if (opened?.id === undefined || opened.hash === undefined) throw new Error('No view came back.');
  return { id: opened.id, hash: opened.hash };
}

test('an opened modal is on the screen of the person who acted', async () => {
  const { id, hash } = await open(modal('request', { private_metadata: '{"id":"AR-7K2M9Q"}' }));
  expect(shop.slack.state().views).toEqual([
    expect.objectContaining({
      id,
      hash,
      user: 'U0ANA',
      type: 'modal',
      callback_id: 'request',
      private_metadata: '{"id":"AR-7K2M9Q"}',
      root_view_id: id,
      previous_view_id: null,
      state: { values: {} },
      errors: {},
    }),
  ]);
});

describe('a trigger_id', () => {
  test('serves once', async () => {
    const trigger_id = await trigger();
    await shop.web.views.open({ trigger_id, view: modal('a') });
    expect(await errorOf(shop.web.views.open({ trigger_id, view: modal('b') }))).toBe(
      'exchanged_trigger_id',
    );
    expect(shop.slack.state().views).toMatchObject([{ callback_id: 'a' }]);
  });

  test('lives three seconds of local time', async () => {
    const intime = await trigger();
    await shop.clock.advance(3);
    expect((await shop.web.views.open({ trigger_id: intime, view: modal('a') })).ok).toBe(true);
    const late = await trigger();
    await shop.clock.advance(3.001);
    expect(await errorOf(shop.web.views.open({ trigger_id: late, view: modal('b') }))).toBe(
      'expired_trigger_id',
    );
  });

  test('must come from Slack', async () => {
    const call = shop.web.views.open({ trigger_id: '1.2.made-up', view: modal('a') });
    expect(await errorOf(call)).toBe('invalid_trigger_id');
    expect(await errorOf(shop.web.apiCall('views.open', { view: modal('a') }))).toBe(
      'invalid_trigger_id',
    );
  });

  test('is still good after a view that Slack refused', async () => {
    const trigger_id = await trigger();
    const { error, data } = await refusal(
      shop.web.views.open({ trigger_id, view: modal('a', { private_metadata: 'x'.repeat(3001) }) }),
    );
    expect(error).toBe('invalid_arguments');
    expect(data['response_metadata']).toMatchObject({
      messages: ['[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]'],
    });
    expect((await shop.web.views.open({ trigger_id, view: modal('a') })).ok).toBe(true);
  });
});

describe('the stack of modals', () => {
  test('holds three, and closing one shows the one below', async () => {
    const first = await open(withButton('first'));
    const push = async (onto: string, id: string) => {
      const trigger_id = await triggerIn(onto);
      return String((await shop.web.views.push({ trigger_id, view: withButton(id) })).view?.id);
    };
    const second = await push(first.id, 'second');
    const third = await push(second, 'third');
    expect(await errorOf(push(third, 'fourth'))).toBe('push_limit_reached');
    expect(shop.slack.state().views).toMatchObject([
      { id: first.id, previous_view_id: null },
      { id: second, root_view_id: first.id, previous_view_id: first.id },
      { id: third, root_view_id: first.id, previous_view_id: second },
    ]);
    await shop.slack.client.close('U0ANA', third);
    expect(shop.slack.state().views).toMatchObject([{ id: first.id }, { id: second }]);
  });

  test('is only pushed onto by a trigger from inside it', async () => {
    await open(withButton('first'));
    const trigger_id = await trigger();
    expect(await errorOf(shop.web.views.push({ trigger_id, view: modal('x') }))).toBe('not_found');
  });

  test('belongs to one person', async () => {
    await open(modal('ana'), 'U0ANA');
    await open(modal('bo'), 'U0BO');
    expect(shop.slack.state().views).toMatchObject([
      { user: 'U0ANA', callback_id: 'ana' },
      { user: 'U0BO', callback_id: 'bo' },
    ]);
  });
});

describe('an update', () => {
  test('with the current hash replaces the view and changes the hash', async () => {
    const { id, hash } = await open();
    const { view } = await shop.web.views.update({ view_id: id, hash, view: modal('changed') });
    expect(view?.hash).not.toBe(hash);
    expect(shop.slack.state().views).toMatchObject([{ id, callback_id: 'changed' }]);
  });

  test('with an old hash is refused', async () => {
    const { id, hash } = await open();
    await shop.web.views.update({ view_id: id, view: modal('first') });
    const late = shop.web.views.update({ view_id: id, hash, view: modal('second') });
    expect(await errorOf(late)).toBe('hash_conflict');
    expect(shop.slack.state().views).toMatchObject([{ callback_id: 'first' }]);
  });

  test('leaves what a person put into a field whose ids stay, and no other, whatever initial values it brings', async () => {
    const field = (id: string, initial: string) => ({
      type: 'input' as const,
      block_id: id,
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'why', initial_value: initial },
    });
    const more = { type: 'actions' as const, elements: [button('more', '1')] };
    const form = (id: string, initial: string) =>
      modal('request', { blocks: [field(id, initial), more] });
    const { id } = await open(form('why', 'first'));
    const typed = { why: 'typed' };
    await shop.slack.client.click('U0ANA', { viewId: id }, { actionId: 'more', typed });
    const shown = async (blockId: string) => {
      await shop.web.views.update({ view_id: id, view: form(blockId, 'proposed') });
      const { body } = await shop.slack.client.submit('U0ANA', id, {});
      return /"value":"(typed|first|proposed)"/.exec(decodeURIComponent(body))?.[1];
    };
    shop.answer(() => Response.json({ response_action: 'errors', errors: { why: 'stay' } }));
    expect(await shown('why')).toBe('typed');
    shop.answer(() => Response.json({ response_action: 'errors', errors: { why2: 'stay' } }));
    expect(await shown('why2')).toBe('proposed');
  });

  test('finds the view by external id, which is unique', async () => {
    await open(modal('a', { external_id: 'mine' }));
    await shop.web.views.update({
      external_id: 'mine',
      view: modal('b', { external_id: 'mine' }),
    });
    expect(shop.slack.state().views).toMatchObject([{ callback_id: 'b', external_id: 'mine' }]);
    const trigger_id = await trigger('U0BO');
    const again = shop.web.views.open({ trigger_id, view: modal('c', { external_id: 'mine' }) });
    expect(await errorOf(again)).toBe('duplicate_external_id');
  });

  test('of a closed view finds nothing', async () => {
    const { id } = await open();
    await shop.slack.client.close('U0ANA', id);
    const update = shop.web.views.update({ view_id: id, view: modal('x') });
    expect(await errorOf(update)).toBe('not_found');
    expect(await errorOf(shop.web.apiCall('views.update', { view: modal('x') }))).toBe(
      'invalid_arguments',
    );
  });
});

describe('a Home tab', () => {
  const home = (text: string) => ({
    type: 'home' as const,
    blocks: [section(text, { block_id: 'b' })],
  });

  test('is one per person, replaced by each publish', async () => {
    await shop.web.views.publish({ user_id: 'U0ANA', view: home('one') });
    await shop.web.views.publish({ user_id: 'U0ANA', view: home('two') });
    await shop.web.views.publish({ user_id: 'U0BO', view: home('bo') });
    expect(shop.slack.state().homes).toMatchObject({
      U0ANA: { type: 'home', blocks: [section('two', { block_id: 'b' })] },
      U0BO: { blocks: [section('bo', { block_id: 'b' })] },
    });
  });

  test('is guarded by its hash', async () => {
    const { view } = await shop.web.views.publish({ user_id: 'U0ANA', view: home('one') });
    await shop.web.views.publish({ user_id: 'U0ANA', view: home('two') });
    const late = shop.web.views.publish({
      user_id: 'U0ANA',
      view: home('late'),
      hash: String(view?.hash),
    });
    expect(await errorOf(late)).toBe('hash_conflict');
  });

  test('needs somebody to look at it, and the shape of a home', async () => {
    const nobody = shop.web.views.publish({ user_id: 'U0NOBODY', view: home('x') });
    expect(await errorOf(nobody)).toBe('user_not_found');
    const wrong = shop.web.apiCall('views.publish', { user_id: 'U0ANA', view: modal('x') });
    expect(await errorOf(wrong)).toBe('invalid_arguments');
  });
});

test('a view beyond 250 kB is refused', async () => {
  const blocks = Array.from({ length: 100 }, () => section('x'.repeat(3000)));
  const call = shop.web.views.open({ trigger_id: await trigger(), view: modal('x', { blocks }) });
  expect(await errorOf(call)).toBe('view_too_large');
});
