import { ok, refuse } from '../shared/domain/result.ts';

it('tells a value from a refusal', () => {
  expect([ok(1).ok, refuse('no').ok]).toEqual([true, false]);
});
