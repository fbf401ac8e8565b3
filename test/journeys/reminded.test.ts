import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** What a person was sent directly that says this. */
const sent = (text: string) =>
  stage.world.slack
    .state()
    .messages.map((message) => JSON.stringify(message))
    .filter((message) => message.includes(text));

it('a nudge reaches the approvers who have not answered, at most once in a quarter of an hour', async () => {
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  await stage.people.press('U0ANA', id, 'nudge');
  await stage.settle();
  // Bo, Cy and Dee may approve.
  expect(sent(`asks you to look at ${id}`)).toHaveLength(3);
  expect(await stage.people.type('U0ANA', '/access', `nudge ${id}`)).toContain('nudged-just-now');
  await stage.advance(900);
  await stage.people.type('U0ANA', '/access', `nudge ${id}`);
  await stage.settle();
  expect(sent(`asks you to look at ${id}`)).toHaveLength(6);
  expect(await stage.people.type('U0EVE', '/access', `nudge ${id}`)).toMatch(/unknown-person/);
  expect(await stage.people.type('U0BO', '/access', `nudge ${id}`)).toContain('not-your-request');
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(sent(`asks you to look at ${id}`)).toHaveLength(0);
  const events = await stage.events(id);
  expect(events.filter((type) => type === 'ApproversNudged')).toHaveLength(2);
});

it('three nudges are all, and pressing at once is one', async () => {
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  const press = () => stage.people.type('U0ANA', '/access', `nudge ${id}`);
  await Promise.all([press(), press(), press()]);
  for (let tries = 0; tries < 2; tries += 1) {
    await stage.advance(900);
    await press();
  }
  await stage.advance(900);
  expect(await press()).toContain('nudged-enough');
  const events = await stage.events(id);
  expect(events.filter((type) => type === 'ApproversNudged')).toHaveLength(3);
});

it('unanswered for as long as the rule says, it escalates once: a message and a mention, and no right', async () => {
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.advance(1870);
  expect((await stage.events(id)).filter((type) => type === 'RequestEscalated')).toHaveLength(1);
  expect(sent('Nobody has decided')).toHaveLength(1);
  expect(JSON.stringify(stage.people.thread(id))).toContain('<@U0DEE>');
  await stage.advance(300);
  expect((await stage.events(id)).filter((type) => type === 'RequestEscalated')).toHaveLength(1);
});
