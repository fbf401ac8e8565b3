/** An approval that no longer counts is said on the card at once, not at the request's next event. */
import { card } from '../../lambdas/slack/views/card.ts';
import { receipt } from '../../lambdas/slack/views/receipt.ts';
import { besideState, cardFactsFor } from '../../shared/application/card-facts.ts';
import { redrawVoided } from '../../shared/application/redraw-voided.ts';
import { put } from '../../shared/ports.ts';
import { textOf } from '../lambdas/slack/story.ts';
import { type Bench, bench, enrolBo, pendingOn } from '../support/bench.ts';
import { iso, later } from '../support/samples.ts';

const ID = 'AR-7K2M9Q';
let on: Bench;
beforeEach(async () => {
  on = await bench();
  await enrolBo(on);
  await pendingOn(on);
  await approvedBy('U0BO');
  on.sent.splice(0);
});

async function approvedBy(approver: string): Promise<void> {
  const base = await on.calm.read('request', ID);
  if (base.value?.status !== 'pending') throw new Error('It was to wait');
  const approval = { approver, at: iso(60), durationSeconds: 600, coded: true };
  const waits = { ...base.value, approvalsNeeded: 2, approvals: [approval] };
  await on.calm.commit([put(base, waits)], later(60));
}

async function lost(at: string): Promise<void> {
  const base = await on.calm.read('authenticator', 'U0BO');
  if (!base.value) throw new Error('Bo was to have one');
  await on.calm.commit([put(base, { ...base.value, approvalsVoidUntil: at })], new Date(at));
}

async function shown() {
  const { value } = await on.calm.read('request', ID);
  if (value?.status !== 'pending') throw new Error('It was to wait');
  const facts = await cardFactsFor(on, value, await besideState(on, ID));
  return [textOf(card(value, facts).blocks), textOf(receipt(value, facts).blocks)];
}

test('cards that rest on it are asked for, and say whose approval counts no longer', async () => {
  for (const words of await shown()) expect(words).toContain('1 of 2');
  await lost(iso(120));
  on.setTime(121);
  expect(await redrawVoided('U0BO', on)).toBe(1);
  expect(on.sent).toEqual([
    expect.objectContaining({ queue: 'announce', message: { requestId: ID } }),
  ]);
  for (const words of await shown()) {
    expect(words).not.toContain('1 of 2');
    expect(words).toContain(
      'The approval of <@U0BO> no longer counts: their authenticator was reset as lost.',
    );
  }
});

test.each([
  ['given since the reset', 'U0BO', 30, 31],
  ['of somebody else', 'U0CY', 120, 121],
  ['voided long ago', 'U0BO', 120, 3800],
])('nothing is drawn anew for an approval %s', async (_, approver, at, now) => {
  await approvedBy(approver);
  await lost(iso(at));
  on.setTime(now);
  expect(await redrawVoided('U0BO', on)).toBe(0);
  expect(on.sent).toEqual([]);
});
