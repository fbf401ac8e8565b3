/** Secrets that hold nothing usable, and Slack's answer about a user group. */
import { secretOnCall, secretTickets } from '../../shared/adapters/outside.ts';
import { remembered } from '../../shared/adapters/remembered.ts';
import { slackUserGroups } from '../../shared/adapters/slack-usergroups.ts';
import { Fault } from '../../shared/ports.ts';

const NOW = new Date('2026-11-23T09:00:00.000Z');

test('a secret that cannot be read makes the answer a fault that names it, never a crash', async () => {
  // Without an address of AWS nothing can be fetched.
  const place = { system: 'pagerduty', id: 'P123ABC' } as const;
  await expect(secretOnCall('').onCallNow(place, NOW)).rejects.toMatchObject({
    ...{ name: 'Fault', service: 'outside' },
    message: expect.stringContaining('The secret OnCall cannot be used'),
  });
  await expect(secretTickets('').standing('jira', 'INC-1', NOW)).rejects.toMatchObject({
    message: expect.stringContaining('The secret Tickets cannot be used'),
  });
});

test('the members of a user group are asked once in 45 seconds per group', async () => {
  const asked: unknown[] = [];
  const members = slackUserGroups(async (method, args) => {
    asked.push({ method, ...args });
    return { ok: true, users: ['U0ANA', 'U0BO'] };
  });
  expect(await members('S0ONE', NOW)).toEqual(['U0ANA', 'U0BO']);
  await members('S0ONE', new Date(NOW.getTime() + 44_000));
  await members('S0TWO', NOW);
  await members('S0ONE', new Date(NOW.getTime() + 46_000));
  const of = (usergroup: string) => ({ method: 'usergroups.users.list', usergroup });
  expect(asked).toEqual([of('S0ONE'), of('S0TWO'), of('S0ONE')]);
});

test.each([[{}], [{ users: 'U0ANA' }], [null], [{ users: [7] }]])(
  'an answer of another shape is a fault, not an empty group: %j',
  async (answer) => {
    const members = slackUserGroups(async () => answer);
    await expect(members('S0ONE', NOW)).rejects.toBeInstanceOf(Fault);
  },
);

test('a clock that went back does not make an old answer fresh, and a fault is asked again', async () => {
  let asked = 0;
  const known = remembered(async () => {
    asked += 1;
    if (asked === 1) throw new Fault('silent', { service: 'outside', retryable: true });
    return asked;
  });
  await expect(known('a', NOW)).rejects.toBeInstanceOf(Fault);
  expect(await known('a', NOW)).toBe(2);
  expect(await known('a', new Date(NOW.getTime() - 46_000))).toBe(3);
});
