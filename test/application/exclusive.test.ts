/** Containers that the bot owns: members without a grant are taken out, slowly, on record, and never one whom something of ours explains. */
import fc from 'fast-check';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';
import { put } from '../../shared/ports.ts';
import { policyText } from '../support/company.ts';
import { CONTAINER, containerBench, entitled, PLACE, refused } from '../support/container-bench.ts';

const stray = (login: string) => holdingIdOf({ ...PLACE, login });
const crowd = (many: number) =>
  Array.from({ length: many }, (_, index) => [`s${index}`, 'member'] as const);

test('the first look after the switch reports and touches nobody; the next one takes out', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  expect(on.place.writes).toEqual([]);
  expect(await on.told()).toEqual(['StrangerFound mal', 'ExclusiveReported 1']);
  expect(on.alarms).toMatchObject([{ name: 'drift-found', fields: { strangers: 1 } }]);
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
  expect(await on.told()).toEqual([
    ...['StrangerFound mal', 'ExclusiveReported 1'],
    ...['StrangerMarked mal', 'StrangerRemoved mal'],
  ]);
});

test('a removal has its durable intent before it, on the holding of that account, and names no login', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'maintainer');
  await on.look();
  await on.look();
  const history = await on.calm.history('holding', stray('mal-gh'));
  expect(history.map(({ event }) => event.type)).toEqual(['IntentIssued', 'IntentClosed']);
  const { value } = await on.calm.read('holding', stray('mal-gh'));
  expect(value).toMatchObject({ subject: null, ours: null, intents: [], lease: null });
  expect(value).not.toHaveProperty('stray');
  const events = await on.calm.history('container', CONTAINER);
  expect(JSON.stringify([...history, ...events])).not.toContain('mal-gh');
});

test('in any other container nobody is taken out', async () => {
  const on = await containerBench(false);
  on.place.members.set('mal', 'member');
  for (let looks = 0; looks < 4; looks += 1) await on.look();
  expect(on.place.writes).toEqual([]);
});

test('whoever comes later is taken out after two looks in a row have seen them', async () => {
  const on = await containerBench();
  await on.look();
  on.place.members.set('mal', 'member');
  await on.look();
  expect(on.place.writes).toEqual([]);
  on.place.members.delete('mal');
  await on.look();
  on.place.members.set('mal', 'member');
  await on.look();
  expect(on.place.writes).toEqual([]);
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
});

test('a look that comes twice at once counts as one', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  on.wait(-15 * 60 + 1);
  await on.look();
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
  for (const [id, role] of crowd(12)) on.place.members.set(id, role);
  await on.look();
  on.wait(-15 * 60 + 1);
  await on.look();
  expect(on.place.writes).toHaveLength(1);
});

test('of a crowd at most five are taken out per look', async () => {
  const on = await containerBench();
  for (const [id, role] of crowd(12)) on.place.members.set(id, role);
  const left: number[] = [];
  for (let looks = 0; looks < 5; looks += 1) {
    await on.look();
    left.push(on.place.members.size);
  }
  expect(left).toEqual([12, 7, 2, 0, 0]);
});

test('a message that comes twice does not take out twice as many', async () => {
  const on = await containerBench();
  for (const [id, role] of crowd(12)) on.place.members.set(id, role);
  await on.look();
  await on.look();
  on.wait(-15 * 60 + 1);
  await on.look();
  expect(on.place.members.size).toBe(7);
});

test('five hundred members of a first look are recorded in parts, and still only five go at a time', async () => {
  const on = await containerBench();
  for (const [id, role] of crowd(500)) on.place.members.set(id, role);
  await on.look();
  expect((await on.told()).filter((each) => each.startsWith('StrangerFound'))).toHaveLength(500);
  await on.look();
  expect(on.place.members.size).toBe(495);
  const { value } = await on.calm.read('container', CONTAINER);
  expect(value?.exclusive?.line.length).toBeLessThanOrEqual(50);
});

test('a listing that fails changes nothing', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  on.place.trouble.list = refused('unavailable', true);
  await on.look();
  expect(on.place.writes).toEqual([]);
  delete on.place.trouble.list;
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
});

test('whoever holds a grant stays, and leaves with it for good', async () => {
  const on = await containerBench();
  await on.look();
  const id = await on.grant('ana');
  for (let looks = 0; looks < 3; looks += 1) await on.look();
  expect(on.place.members.get('ana')).toBe('member');
  expect(on.place.writes).toEqual(['member ana']);
  for (let looks = 0; looks < 8; looks += 1) await on.look();
  expect((await on.calm.read('request', id)).value?.status).toBe('ended');
  expect(on.place.writes).toEqual(['member ana', 'out ana']);
});

test('a holder whose request no list shows any more, and who goes by another login, stays', async () => {
  const on = await containerBench();
  await on.look();
  await on.grant('ana');
  on.place.renamed.set('ana', 'ana-new');
  on.ensure.journal = { ...on.ensure.journal, requestsIn: async () => [] };
  await on.look();
  await on.look();
  expect(on.place.writes).toEqual(['member ana']);
});

test('a grant that comes between the listing and the mark wins', async () => {
  const on = await containerBench();
  on.place.members.set('ana', 'member');
  await on.look();
  on.place.between = async () => {
    on.place.between = async () => undefined;
    await on.grant('ana');
  };
  await on.look();
  expect(await on.told()).not.toContain('StrangerMarked ana');
  await on.look();
  expect(on.place.members.get('ana')).toBe('member');
  expect(on.place.writes).not.toContain('out ana');
});

test('a grant that comes while the look is at it, after all was read, wins', async () => {
  const on = await containerBench();
  on.place.members.set('ana', 'member');
  await on.look();
  const { journal } = on.ensure;
  let late = true;
  on.ensure.journal = {
    ...journal,
    read: async (kind, id) => {
      if (kind === 'container' && late) {
        late = false;
        await on.grant('ana');
      }
      return journal.read(kind, id);
    },
  };
  await on.look();
  expect(await on.told()).not.toContain('StrangerMarked ana');
  expect(on.place.members.get('ana')).toBe('member');
});

test('a grant that comes between the mark and the removal wins, and the mark is gone', async () => {
  const on = await containerBench();
  on.place.members.set('ana', 'member');
  await on.look();
  on.place.trouble.remove = refused('unavailable', true);
  await on.look();
  delete on.place.trouble.remove;
  await on.grant('ana');
  await on.look();
  expect(on.place.members.get('ana')).toBe('member');
  expect(on.place.writes).not.toContain('out ana');
  const history = await on.calm.history('container', CONTAINER);
  const kept = history.filter(({ event }) => event.type === 'StrangerKept');
  expect(kept).toMatchObject([{ event: { why: 'granted' } }]);
});

test('what the provider refuses is left, wakes a person once, and is tried again a day later', async () => {
  const on = await containerBench();
  on.place.members.set('boss', 'maintainer');
  on.place.members.set('mal', 'member');
  await on.look();
  on.place.trouble.remove = refused('container-not-manageable', false);
  await on.look();
  await on.look();
  const alarms = () => on.alarms.filter(({ name }) => name === 'removal-failing');
  expect(alarms()).toMatchObject([
    { fields: { code: 'container-not-manageable', accountId: 'boss' } },
    { fields: { code: 'container-not-manageable', accountId: 'mal' } },
  ]);
  expect(await on.told()).toContain('StrangerKept boss');
  delete on.place.trouble.remove;
  await on.look();
  expect(on.place.writes).toEqual([]);
  on.wait(24 * 3600);
  await on.look();
  expect([...on.place.members]).toEqual([]);
  expect(alarms()).toHaveLength(2);
});

test('a provider that is down for long is asked again by the looks, never on an old mark', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  on.place.trouble.remove = refused('unavailable', true);
  for (let looks = 0; looks < 3; looks += 1) await on.look();
  expect(await on.told()).toContain('StrangerKept mal');
  delete on.place.trouble.remove;
  await on.look();
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
});

test('a policy that takes the switch back keeps whoever is marked, and a new switch begins with a report', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  on.place.trouble.remove = refused('unavailable', true);
  await on.look();
  delete on.place.trouble.remove;
  await on.enforce(policyText(entitled(false)));
  await on.look();
  await on.look();
  expect(on.place.writes).toEqual([]);
  await on.enforce(policyText(entitled(true)));
  await on.look();
  expect(on.place.writes).toEqual([]);
  expect((await on.told()).at(-1)).toBe('ExclusiveReported 1');
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
});

test('whoever takes the switch back watches nobody go while that change waits for its delay', async () => {
  const on = await containerBench();
  await on.enforce(policyText({ ...entitled(true), widening_delay: '1h' }));
  on.place.members.set('mal', 'member');
  await on.look();
  await on.enforce(policyText({ ...entitled(false), widening_delay: '1h' }));
  expect((await on.policies.active())?.pending).toBeTruthy();
  await on.look();
  await on.look();
  expect(on.place.writes).toEqual([]);
});

test('another container under the same name begins with a report', async () => {
  const on = await containerBench();
  on.place.containerId = '7';
  on.place.members.set('mal', 'member');
  await on.look();
  on.place.containerId = '8';
  await on.look();
  expect(on.place.writes).toEqual([]);
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
});

test('a pause and a stop keep nobody in', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  const pause = await on.calm.read('pause', 'all');
  const by = { kind: 'operator' as const };
  const at = on.clock.now().toISOString();
  await on.calm.commit([put(pause, { paused: true, by, at })], on.clock.now());
  await on.look();
  expect(on.place.writes).toEqual(['out mal']);
});

test('somebody of the policy who was taken out gets a grant like anybody else', async () => {
  const on = await containerBench();
  on.place.members.set('ana', 'maintainer');
  await on.look();
  await on.look();
  expect(on.place.writes).toEqual(['out ana']);
  await on.grant('ana');
  expect(on.place.members.get('ana')).toBe('member');
  const { value } = await on.calm.read('holding', stray('ana-gh'));
  expect(value?.subject).toBe('U0ANA');
});

describe('whatever happens, in whatever order', () => {
  const NAMES = ['ana', 'al', 'fay', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7'];
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), name: fc.constantFrom(...NAMES) }),
    fc.record({ do: fc.constant('leave' as const), name: fc.constantFrom(...NAMES) }),
    fc.record({ do: fc.constant('grant' as const), name: fc.constantFrom('ana', 'al', 'fay') }),
    fc.record({ do: fc.constant('between' as const), name: fc.constantFrom('ana', 'al', 'fay') }),
    fc.record({ do: fc.constantFrom('look', 'list', 'remove', 'twice') }),
  );

  test('a live grant is never removed, never more than five go per look, and strangers end outside', async () => {
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const on = await containerBench();
        const asked = new Set<string>();
        const grant = async (name: string) => {
          if (asked.has(name)) return;
          asked.add(name);
          await on.grant(name);
        };
        on.place.onRemoval = async (accountId) => {
          const { value } = await on.calm.read('holding', stray(`${accountId}-gh`));
          expect(value?.grants.filter(({ phase }) => phase !== 'removing') ?? []).toEqual([]);
          expect(value?.intents.filter(({ kind }) => kind === 'remove')).not.toEqual([]);
        };
        const look = async () => {
          const before = on.place.writes.filter((each) => each.startsWith('out x')).length;
          await on.look();
          const after = on.place.writes.filter((each) => each.startsWith('out x')).length;
          expect(after - before).toBeLessThanOrEqual(5);
          removed += after - before;
        };
        for (const each of steps) {
          if (each.do === 'add' && 'name' in each) on.place.members.set(each.name, 'member');
          else if (each.do === 'leave' && 'name' in each) on.place.members.delete(each.name);
          else if (each.do === 'grant' && 'name' in each) await grant(each.name);
          else if (each.do === 'between' && 'name' in each) {
            on.place.between = async () => {
              on.place.between = async () => undefined;
              await grant(each.name);
            };
            await look();
          } else if (each.do === 'list' || each.do === 'remove') {
            on.place.trouble[each.do] = refused('unavailable', true);
            await look();
            delete on.place.trouble[each.do];
          } else {
            if (each.do === 'twice') on.wait(-15 * 60 + 1);
            await look();
          }
        }
        for (let looks = 0; looks < 14; looks += 1) await look();
        expect([...on.place.members]).toEqual([]);
      }),
      { numRuns: 12, seed: 20261122 },
    );
    expect(removed).toBeGreaterThan(5);
  });
});
