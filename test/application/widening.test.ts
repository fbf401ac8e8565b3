/** A change that gives more waits for its delay; what it takes away counts at once. */
import type { EventOf } from '../../shared/domain/records.ts';
import { put } from '../../shared/ports.ts';
import { askOf, type Bench, bench, boApproves, enrolBo, pendingOn } from '../support/bench.ts';
import { deployRule, inForce, policyText, writtenCompany } from '../support/company.ts';
import { iso, later } from '../support/samples.ts';

const DELAY = { widening_delay: '10m' };
const { ana, ...others } = writtenCompany.people;
/** Longer at once, but not for Ana. */
const WIDER = { ...DELAY, rules: [{ ...deployRule, max_duration: '3h' }] };
const MIXED = { ...WIDER, people: { ...others, ana: { ...ana, roles: [] } } };
const hashOf = (changes: object) => inForce(changes).hash;
const long = (name: string, requestId: string) =>
  askOf(name, { requestId, durationSeconds: 10_800 });
const events = async (on: Bench): Promise<EventOf<'policy'>[]> =>
  (await on.calm.history('policy', 'active')).map(({ event }) => event);
const kinds = async (on: Bench) => (await events(on)).map(({ type }) => type);
const TOO_LONG = { error: { code: 'duration-too-long' } };

test('more is given only after the delay of the policy in force, on record from the start', async () => {
  const on = await bench(DELAY);
  on.setTime(60);
  const next = policyText({ ...WIDER, widening_delay: '0m' });
  const answer = { hash: hashOf({ ...WIDER, widening_delay: '0m' }), changed: false };
  expect(await on.enforce(next)).toEqual({ ok: true, value: { ...answer, waitsUntil: iso(660) } });
  expect((await events(on))[1]).toMatchObject({
    ...{
      type: 'PolicyScheduled',
      hash: answer.hash,
      previousHash: hashOf(DELAY),
      effectiveAt: iso(660),
    },
    // Six of seven people are developers by some role, and one entitlement.
    rights: { gained: 0, lost: 0, wider: 6, narrower: 0, truncated: false },
  });
  on.setTime(659);
  await on.enforce(next);
  expect((await on.policies.active())?.hash).toBe(hashOf(DELAY));
  expect(await on.run(long('ana', 'AR-000001'))).toMatchObject(TOO_LONG);
  on.setTime(660);
  expect(await on.enforce(next)).toEqual({ ok: true, value: { ...answer, changed: true } });
  expect((await on.run(long('ana', 'AR-000002'))).ok).toBe(true);
  expect(await kinds(on)).toEqual(['PolicyChanged', 'PolicyScheduled', 'PolicyChanged']);
});

test('until then both must allow: what the same change takes away is gone at once', async () => {
  const on = await bench(DELAY);
  await enrolBo(on);
  const waiting = await pendingOn(on);
  await on.enforce(policyText(MIXED));
  const { command, code } = boApproves(waiting);
  expect(await on.run(askOf('ana', { requestId: 'AR-000001' }))).toMatchObject({
    error: { code: 'no-matching-rule' },
  });
  expect(await on.run(command, { code })).toMatchObject({ error: { code: 'no-matching-rule' } });
  expect(await on.run(long('al', 'AR-000002'))).toMatchObject(TOO_LONG);
  expect((await on.run(askOf('al', { requestId: 'AR-000003' }))).ok).toBe(true);
});

test('a change that gives nobody more is in force at once', async () => {
  const on = await bench(WIDER);
  const narrower = policyText({ ...WIDER, people: { ...others, ana: { ...ana, roles: [] } } });
  expect(await on.enforce(narrower)).toMatchObject({ value: { changed: true } });
  expect((await events(on)).at(-1)).toMatchObject({
    ...{ type: 'PolicyChanged', v: 2 },
    rights: { gained: 0, lost: 1, wider: 0, narrower: 0 },
  });
});

test('what waits is taken back by the file in force, and replaced by another with a delay of its own', async () => {
  const on = await bench(DELAY);
  await on.enforce(policyText(WIDER));
  on.setTime(300);
  expect(await on.enforce(policyText(MIXED))).toMatchObject({ value: { waitsUntil: iso(900) } });
  on.setTime(600);
  await on.enforce(policyText(MIXED));
  expect((await on.policies.active())?.hash).toBe(hashOf(DELAY));
  on.setTime(700);
  expect(await on.enforce(policyText(DELAY))).toMatchObject({ value: { changed: false } });
  expect((await on.calm.read('policy', 'active')).value).not.toHaveProperty('pending');
  on.setTime(2000);
  await on.enforce(policyText(DELAY));
  expect(await kinds(on)).toEqual([
    ...['PolicyChanged', 'PolicyScheduled', 'PolicyUnscheduled', 'PolicyScheduled'],
    'PolicyUnscheduled',
  ]);
});

test('a narrower file takes the place of one that waits, at once', async () => {
  const on = await bench(DELAY);
  await on.enforce(policyText(WIDER));
  const narrow = { ...DELAY, rules: [{ ...deployRule, max_duration: '1h', max_total: '1h' }] };
  expect(await on.enforce(policyText(narrow))).toMatchObject({ value: { changed: true } });
  expect(await kinds(on)).toEqual([
    ...['PolicyChanged', 'PolicyScheduled', 'PolicyUnscheduled', 'PolicyChanged'],
  ]);
});

test('of ten loaders at once one schedules', async () => {
  const on = await bench(DELAY);
  await Promise.all(Array.from({ length: 10 }, () => on.enforce(policyText(WIDER))));
  expect(await kinds(on)).toEqual(['PolicyChanged', 'PolicyScheduled']);
});

test('a policy in force that cannot be read any more is replaced at once', async () => {
  const on = await bench(DELAY);
  const row = await on.calm.read('policyVersion', hashOf(DELAY));
  if (row.value) await on.calm.commit([put(row, { ...row.value, content: '{}' })], later(1));
  expect(await on.enforce(policyText(WIDER))).toMatchObject({ value: { changed: true } });
  expect((await events(on)).at(-1)).toMatchObject({ rights: null });
});
