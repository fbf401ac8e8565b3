/** Access that begins later: how far ahead, in which window, by the second. */

import type { Start } from '../../../shared/domain/access-request/model.ts';
import { evaluate, type Verdict } from '../../../shared/domain/policy/evaluate.ts';
import { ask, facts, NOW, withRule } from './given.ts';

const refusal = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal);

const at = (seconds: number): string => new Date(NOW.getTime() + seconds * 1000).toISOString();
const DAY = 86_400;
const judged = (start: Start, rule: object = { start_within: '24h' }) =>
  evaluate(withRule(rule), ask({ start }), facts());

test.each<[string, Start, string | null]>([
  ['a second ahead', { notBefore: at(1), until: null }, null],
  ['now: that has begun', { notBefore: at(0), until: null }, 'start-in-the-past'],
  ['a second ago', { notBefore: at(-1), until: null }, 'start-in-the-past'],
  ['just within what the rule allows', { notBefore: at(DAY), until: null }, null],
  ['a second beyond it', { notBefore: at(DAY + 1), until: null }, 'start-too-far'],
  ['a window that ends within it', { notBefore: at(60), until: at(DAY) }, null],
  ['a window that ends beyond it', { notBefore: at(60), until: at(DAY + 1) }, 'start-too-far'],
  ['a window of no length', { notBefore: at(60), until: at(60) }, 'window-empty'],
  ['a window that ends before it begins', { notBefore: at(60), until: at(59) }, 'window-empty'],
  ['a window of a second', { notBefore: at(60), until: at(61) }, null],
])('%s', (_, start, code) => {
  const verdict = judged(start);
  if (code === null) expect(verdict.permitted).toBe(true);
  else expect(refusal(verdict)).toMatchObject({ code });
});

test('says the latest instant that is possible', () => {
  expect(refusal(judged({ notBefore: at(DAY + 1), until: null }))).toEqual({
    ...{ code: 'start-too-far', latest: at(DAY), withinSeconds: DAY },
  });
});

test('what was accepted is not judged again for being in the past once its time has come', () => {
  const start = { notBefore: at(-60), until: null };
  const verdict = evaluate(
    withRule({ start_within: '24h' }),
    ask({ start, justification: { accepted: true } }),
    facts(),
  );
  expect(verdict.permitted).toBe(true);
});
