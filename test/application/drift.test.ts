import { lookForDrift } from '../../shared/application/drift.ts';
import { bench } from '../support/bench.ts';

test('a container of a provider that is not configured is told and left: asking again would not configure it', async () => {
  const on = await bench();
  const measured: unknown[] = [];
  await lookForDrift(
    { provider: 'gitlab', kind: 'group', resource: 'acme/platform' },
    {
      ...on,
      providers: { get: () => undefined },
      ends: {
        schedule: () => Promise.reject(new Error('no end is scheduled here')),
        cancel: () => Promise.reject(new Error('no end is cancelled here')),
      },
      telemetry: { ...on.telemetry, measure: (...figure) => measured.push(figure) },
    },
  );
  expect(measured).toEqual([['ProviderErrors', 1, 'gitlab']]);
  expect(on.errors).toEqual(['A container could not be looked at']);
  expect(on.sent).toEqual([]);
});
