import { ok, refuse, unreachable } from '../../shared/domain/result.ts';

test('an outcome is a value, or the refusal of one', () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(refuse({ code: 'self-approval' })).toEqual({
    ok: false,
    error: { code: 'self-approval' },
  });
});

test('a case that the types say cannot be is a defect that names it', () => {
  const fromElsewhere: unknown = { type: 'New' };
  const isImpossible = (value: unknown): value is never => value === fromElsewhere;
  expect(() => isImpossible(fromElsewhere) && unreachable(fromElsewhere)).toThrow(
    'Unhandled case: {"type":"New"}',
  );
});
