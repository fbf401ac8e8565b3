/** The form of the red button says who has to confirm it, and where nobody could, before a code is given for nothing. */
import { redButtonModal } from '../../../lambdas/slack/views/switches.ts';
import { HASH } from '../../support/samples.ts';
import { textOf } from './story.ts';

const press = { step: 'propose', what: 'stop', proposedBy: null, contentHash: HASH } as const;
const said = (part: object, others: readonly string[]) =>
  textOf(redButtonModal({ ...press, ...part }, others).blocks);

test('names those who could confirm it, a few of many', () => {
  expect(said({}, ['U0BO'])).toContain('Another admin (<@U0BO>) has ten minutes');
  const many = ['U01', 'U02', 'U03', 'U04', 'U05', 'U06'];
  expect(said({}, many)).toContain('(<@U01>, <@U02>, <@U03>, <@U04>, <@U05>, …)');
  expect(said({}, many.slice(0, 5))).toContain('<@U05>)');
});

test('where there is nobody, says so and what one admin can do', () => {
  expect(said({}, [])).toMatch(/nobody could confirm it.*`\/access pause all` takes one/s);
  const lift = said({ what: 'lift' }, []);
  expect(lift).toMatch(/nobody could confirm it.*added to the policy file/s);
  expect(lift).not.toContain('pause');
});

test('the second press happens at once, whoever else there is', () => {
  const second = said({ step: 'confirm', proposedBy: 'U0DEE' }, []);
  expect(second).toContain('<@U0DEE> proposed it. With your code it happens now.');
  expect(second).not.toContain('nobody could');
});
