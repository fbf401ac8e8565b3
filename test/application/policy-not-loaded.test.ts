/** A policy file that is missing or broken: the last good one stays, and whoever asks hears it until the file is mended. */
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { loadPolicy } from '../../shared/application/policies.ts';
import { isPolicyNotLoaded } from '../../shared/application/policy-not-loaded.ts';
import { Fault } from '../../shared/ports.ts';
import { bench } from '../support/bench.ts';
import { policyText } from '../support/company.ts';
import { openDesk } from '../support/home-desk.ts';

test('with an error it is told for as long as it is refused, and no longer', async () => {
  const on = await bench();
  expect(await isPolicyNotLoaded(on)).toBe(false);
  on.setTime(60);
  expect((await on.enforce('version: 2')).ok).toBe(false);
  expect(await isPolicyNotLoaded(on)).toBe(true);
  on.setTime(239);
  expect(await isPolicyNotLoaded(on)).toBe(true);
  on.setTime(240);
  expect((await on.enforce(policyText())).ok).toBe(true);
  expect(await isPolicyNotLoaded(on)).toBe(false);
});

test('that is not to be had is told, and stays a fault; a defect of ours is none', async () => {
  const on = await bench();
  const load = (error: Error) =>
    loadPolicy(
      { ...on, readPolicy, source: { load: () => Promise.reject(error) } },
      { kind: 'sweep' },
    );
  await expect(load(new Error('a bug'))).rejects.toThrow('a bug');
  expect(await isPolicyNotLoaded(on)).toBe(false);
  const gone = new Fault('There is no such file.', { service: 'policy', retryable: true });
  await expect(load(gone)).rejects.toBe(gone);
  expect(await isPolicyNotLoaded(on)).toBe(true);
});

test('an admin reads it on the Home, above everything else', async () => {
  const desk = await openDesk();
  await desk.open('U0DEE');
  expect(desk.shows('U0DEE')).not.toContain('cannot be loaded');
  await desk.on.enforce('version: 2');
  await desk.open('U0DEE');
  expect(desk.shows('U0DEE')).toContain('*The policy file cannot be loaded*');
  await desk.open('U0BO');
  expect(desk.shows('U0BO')).not.toContain('cannot be loaded');
});
