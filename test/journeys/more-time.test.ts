import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function active(line = LINE): Promise<string> {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  return id;
}

const endOf = async (id: string): Promise<string> => {
  const { value } = await stage.world.journal.read('request', id);
  return value?.status === 'active' ? value.expiresAt : '';
};

/** Presses the button of the card's extension, gives the code; answers the form's errors. */
async function approveMore(who: string, id: string, code?: string) {
  await stage.people.press(who, id, 'approve-extension');
  const form = stage.world.slack.state().views.findLast(({ user }) => user === who);
  await stage.world.slack.client.submit(who, form?.id ?? '', {
    code: code ?? (await stage.people.code(who)),
  });
  return stage.world.slack.state().views.find(({ id: one }) => one === form?.id)?.errors ?? {};
}

it('more time is asked for by a line, approved with a code, and moves the end that stands', async () => {
  const id = await active();
  const before = await endOf(id);
  await stage.people.type('U0ANA', '/access', `extend ${id} 10m`);
  await stage.settle();
  expect(await endOf(id)).toBe(before);
  expect(stage.people.card(id)?.text).toContain(id);
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('10m more');
  // Who may decide finds it in their list, who asked does not.
  expect(await stage.people.type('U0CY', '/access', 'pending')).toMatch(
    new RegExp(`${id}.*wants.*10m.*more`, 's'),
  );
  expect(await stage.people.type('U0ANA', '/access', 'pending')).not.toContain(id);
  await stage.advance(40);
  expect(await approveMore('U0CY', id)).toEqual({});
  await stage.settle();
  const after = await endOf(id);
  expect(Date.parse(after) - Date.parse(before)).toBe(600_000);
  expect((await stage.world.state()).schedules).toHaveLength(1);
  await stage.advance(180);
  expect(await stage.status(id)).toBe('active');
  await stage.advance(600);
  expect(await stage.status(id)).toBe('ended');
  expect(await stage.events(id)).toEqual([
    ...['AccessRequested', 'EscalationPlanned', 'RequestApproved', 'GrantAuthorized'],
    ...['GrantActivated', 'ExtensionRequested', 'ExtensionApproved', 'GrantExtended'],
    ...['GrantExpired', 'GrantRemoved'],
  ]);
});

it('the Extend button opens a form that offers what the rule allows', async () => {
  const id = await active('github:acme/deployers member 2h INC-123 rollback');
  await stage.people.press('U0ANA', id, 'extend');
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0ANA');
  expect(JSON.stringify(form?.blocks)).toContain('2h more');
  await stage.world.slack.client.submit('U0ANA', form?.id ?? '', { duration: '30m' });
  await stage.settle();
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('30m more');
});

it('the question dies with the grant: who approves it late hears so, and nothing is given', async () => {
  const id = await active();
  await stage.people.type('U0ANA', '/access', `extend ${id} 10m`);
  await stage.settle();
  await stage.people.press('U0BO', id, 'approve-extension');
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0BO');
  await stage.advance(240);
  expect(await stage.status(id)).toBe('ended');
  await stage.world.slack.client.submit('U0BO', form?.id ?? '', {
    code: await stage.people.code('U0BO'),
  });
  const shown = stage.world.slack.state().views.find(({ id: one }) => one === form?.id);
  expect(JSON.stringify(shown?.blocks)).toContain('extension-too-late');
  expect(await stage.events(id)).not.toContain('GrantExtended');
});

it('the requester cannot approve it, a stranger cannot ask for it, and a second one waits its turn', async () => {
  const id = await active();
  expect(await stage.people.type('U0BO', '/access', `extend ${id} 10m`)).toContain(
    'not-your-grant',
  );
  expect(await stage.people.type('U0ANA', '/access', `extend ${id} 5h`)).toMatch(/too-long/);
  expect(await stage.people.type('U0ANA', '/access', `extend ${id} soon`)).toContain(
    'bad-duration',
  );
  await stage.people.type('U0ANA', '/access', `extend ${id} 10m`);
  expect(await stage.people.type('U0ANA', '/access', `extend ${id} 20m`)).toContain(
    'extension-pending',
  );
  await stage.settle();
  await stage.people.press('U0ANA', id, 'approve-extension');
  expect(stage.people.lastEphemeral('U0ANA')).toContain('self-approval');
});

it('it is denied with a reason that the requester reads, and the access goes on to its end', async () => {
  const id = await active();
  await stage.people.type('U0ANA', '/access', `extend ${id} 10m`);
  await stage.settle();
  const form = async (who: string) => {
    await stage.people.press(who, id, 'deny-extension');
    return stage.world.slack.state().views.findLast(({ user }) => user === who)?.id ?? '';
  };
  await stage.people.press('U0ANA', id, 'deny-extension');
  expect(stage.people.lastEphemeral('U0ANA')).toContain('self-approval');
  const opened = await form('U0BO');
  await stage.world.slack.client.submit('U0BO', opened, { reason: '  ' });
  const errors = () => stage.world.slack.state().views.find((view) => view.id === opened)?.errors;
  expect(JSON.stringify(errors())).toContain('reason');
  await stage.world.slack.client.submit('U0BO', opened, { reason: 'deploy freeze <!channel>' });
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  const receipt = JSON.stringify(stage.people.receipt(id)?.blocks);
  expect(receipt).toMatch(/More time was denied\* by <@U0BO>.*10m more/);
  expect(receipt).toContain('deploy freeze');
  expect(receipt).not.toContain('"<!channel>');
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('deploy freeze');
  // What was typed lies beside the log, never in it.
  const history = JSON.stringify(await stage.world.journal.history('request', id));
  expect(history).not.toContain('deploy freeze');
  expect(history).toMatch(/ExtensionDenied.*"reason":"sha256:/);
  // Denied a second time, by a line; both reasons are kept.
  await stage.people.type('U0ANA', '/access', `extend ${id} 5m`);
  expect(await stage.people.type('U0BO', '/access', `deny ${id}`)).toContain('reason-missing');
  expect(await stage.people.type('U0BO', '/access', `deny ${id} still frozen`)).toContain(
    'still frozen',
  );
  const texts = (await stage.events(id)).flatMap((type, index) =>
    type === 'ExtensionDenied' ? [`${id}#extension-${index + 1}`] : [],
  );
  const kept = await Promise.all(texts.map((text) => stage.world.journal.read('text', text)));
  expect(kept.map(({ value }) => value?.text)).toEqual([
    'deploy freeze <!channel>',
    'still frozen',
  ]);
});

it('a form of an extension that was replaced meanwhile denies nothing', async () => {
  const id = await active();
  await stage.people.type('U0ANA', '/access', `extend ${id} 10m`);
  await stage.settle();
  await stage.people.press('U0BO', id, 'deny-extension');
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0BO');
  await stage.people.type('U0ANA', '/access', `withdraw ${id}`);
  await stage.people.type('U0ANA', '/access', `extend ${id} 5m`);
  await stage.world.slack.client.submit('U0BO', form?.id ?? '', { reason: 'too long' });
  const shown = stage.world.slack.state().views.find(({ id: one }) => one === form?.id);
  expect(JSON.stringify(shown?.blocks)).toContain('content-changed');
  expect(await stage.events(id)).not.toContain('ExtensionDenied');
});

it('approvers are reminded of it from the Home of who asked, seldom, and find it on theirs', async () => {
  const id = await active('github:acme/deployers member 2h INC-123 rollback');
  await stage.people.type('U0ANA', '/access', `extend ${id} 1h`);
  const { client } = stage.world.slack;
  for (const who of ['U0ANA', 'U0CY']) await client.openHome(who);
  await stage.settle();
  const homeOf = (who: string) => JSON.stringify(stage.world.slack.state().homes[who]?.blocks);
  expect(homeOf('U0CY')).toMatch(/More time asked of you \(1\).*1h more.*deny-extension/);
  expect(homeOf('U0ANA')).not.toContain('More time asked of you');
  const blockId = `home-grant-${id}`;
  await client.click('U0ANA', { home: true }, { actionId: 'nudge', blockId });
  await stage.settle();
  const reminded = () =>
    stage.world.slack
      .state()
      .messages.filter((message) => JSON.stringify(message).includes('decide about more time'));
  expect(reminded().map(({ channel }) => channel)).toEqual(['D0BO', 'D0CY', 'D0DEE']);
  expect(await stage.people.type('U0ANA', '/access', `nudge ${id}`)).toContain('nudged-just-now');
  expect(await stage.people.type('U0BO', '/access', `nudge ${id}`)).toContain('not-your-request');
  // Typed, as for a request.
  await stage.people.type('U0CY', '/access', `approve ${id}`);
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0CY');
  await client.submit('U0CY', form?.id ?? '', { code: await stage.people.code('U0CY') });
  await stage.settle();
  expect(await stage.events(id)).toContain('GrantExtended');
  expect(homeOf('U0CY')).not.toContain('More time asked of you');
  expect(reminded()).toEqual([]);
});

it('it is taken back, and the access goes on to its end', async () => {
  const id = await active();
  await stage.people.type('U0ANA', '/access', `extend ${id} 10m`);
  await stage.people.type('U0ANA', '/access', `withdraw ${id}`);
  await stage.advance(240);
  expect(await stage.events(id)).toEqual(
    expect.arrayContaining(['ExtensionWithdrawn', 'GrantRemoved']),
  );
});
