import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
let id: string;
beforeEach(async () => {
  stage = await openStage();
  id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
});
afterEach(() => stage.close());

const wrongFor = (code: string) => String((Number(code) + 123_457) % 1_000_000).padStart(6, '0');

it('a wrong code is refused at its field, without a count, and the right one still works', async () => {
  const { people } = stage;
  const wrong = wrongFor(await people.code('U0BO'));
  const errors = await people.approve('U0BO', id, wrong);
  expect(Object.keys(errors)).toEqual(['code']);
  expect(errors['code']).not.toMatch(/[0-9] (attempt|tries|left)/);
  expect(await stage.status(id)).toBe('pending');
  expect(await people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

it('a code that approved one request does not approve another', async () => {
  const { people } = stage;
  const code = await people.code('U0BO');
  await people.approve('U0BO', id, code);
  await stage.settle();
  const second = await people.ask('U0ANA', 'github:acme/release member 1h INC-124 rollback');
  await stage.settle();
  const errors = await people.approve('U0BO', second, code);
  expect(errors['code']).toMatch(/next code/i);
  expect(await stage.status(second)).toBe('pending');
  await stage.advance(31);
  expect(await people.approve('U0BO', second)).toEqual({});
});

it('five wrong codes lock the authenticator: then the right one gets the same words, until the lock is over', async () => {
  const { people } = stage;
  const said = new Set<string | undefined>();
  for (let attempt = 1; attempt <= 5; attempt += 1)
    said.add((await people.approve('U0BO', id, wrongFor(await people.code('U0BO'))))['code']);
  said.add((await people.approve('U0BO', id))['code']);
  expect(said.size).toBe(1);
  expect(await stage.status(id)).toBe('pending');
  await stage.advance(15 * 60 + 1);
  expect(await people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});
