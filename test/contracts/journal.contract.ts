/** Every journal must pass this, unchanged. */

import { replay } from '../../shared/domain/access-request/evolve.ts';
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import { absent, check, type Journal, put, remove, written } from '../../shared/ports.ts';
import {
  activatingRequest,
  approved,
  asked,
  authorized,
  denied,
  holding,
  iso,
  later,
  pendingRequest,
  START,
} from '../support/samples.ts';

export function journalContract(name: string, setup: () => Promise<Journal>) {
  describe(`${name} honours the journal contract`, () => {
    let journal: Journal;
    beforeEach(async () => {
      journal = await setup();
    });
    const create = () =>
      journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);

    it('keeps the policy of a large company as it was written, bigger than any item of a store', async () => {
      const text = Array.from(
        { length: 40_000 },
        (_, i) => `  ü person-${i}: { slack: U${i} }`,
      ).join('\n');
      const hash = 'c'.repeat(64);
      const version = { hash, text, content: JSON.stringify({ text }), storedAt: iso() };
      expect(text.length).toBeGreaterThan(1_200_000);
      await journal.commit([put(absent('policyVersion', hash), version)], START);
      const { value, rev } = await journal.read('policyVersion', hash);
      expect(value?.text === text && value.content === version.content).toBe(true);
      expect([rev, value?.storedAt]).toEqual([1, iso()]);
    });

    it('answers a record that does not exist with revision 0 and an empty chain', async () => {
      expect(await journal.read('request', 'AR-7K2M9Q')).toMatchObject({
        value: null,
        rev: 0,
        head: { seq: 0 },
      });
    });

    it('stores a state and its events in one commit and reads back exactly what was written', async () => {
      expect(await create()).toMatchObject({ committed: true });
      const stored = await journal.read('request', 'AR-7K2M9Q');
      const events = await journal.history('request', 'AR-7K2M9Q');
      expect(stored).toMatchObject({ value: pendingRequest(), rev: 1, head: { seq: 1 } });
      expect(replay(events.map(({ event }) => event))).toEqual(stored.value);
    });

    it('chains events over several commits without a gap', async () => {
      await create();
      await journal.commit(
        [
          put(await journal.read('request', 'AR-7K2M9Q'), activatingRequest(), [
            approved(),
            authorized(),
          ]),
        ],
        later(60),
      );
      const events = await journal.history('request', 'AR-7K2M9Q');
      const { head } = await journal.read('request', 'AR-7K2M9Q');
      expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(findChainBreak(events, head)).toBeNull();
    });

    it('answers a commit with where each chain stands, so that nobody reads what they wrote', async () => {
      const beat = absent('heartbeat', 'sweep');
      const base = absent('request', 'AR-7K2M9Q');
      const first = await journal.commit(
        [put(beat, { at: iso() }), put(base, pendingRequest(), [asked()])],
        START,
      );
      if (!first.committed) throw new Error('It was the first');
      const mine = written(base, pendingRequest(), first.heads[1]);
      expect(mine).toEqual(await journal.read('request', 'AR-7K2M9Q'));
      expect(written(beat, { at: iso() })).toEqual(await journal.read('heartbeat', 'sweep'));
      const events = [approved(), authorized()];
      const again = await journal.commit(
        [check(written(beat, { at: iso() })), put(mine, activatingRequest(), events)],
        later(60),
      );
      const stored = await journal.read('request', 'AR-7K2M9Q');
      expect(again).toMatchObject({ committed: true });
      if (again.committed)
        expect(written(mine, activatingRequest(), again.heads[1])).toEqual(stored);
      expect(findChainBreak(await journal.history('request', 'AR-7K2M9Q'), stored.head)).toBeNull();
    });

    it('refuses to create what exists already and names the conflict', async () => {
      await create();
      expect(await create()).toEqual({
        committed: false,
        conflicts: [{ kind: 'request', id: 'AR-7K2M9Q' }],
      });
      expect(await journal.history('request', 'AR-7K2M9Q')).toHaveLength(1);
    });

    it('writes nothing at all when one item of a commit has moved', async () => {
      await create();
      const result = await journal.commit(
        [
          put(absent('holding', holding().holdingId), holding()),
          put(absent('interaction', 'i1'), { requestId: null, expiresAt: iso(60) }),
          put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()]),
        ],
        START,
      );
      expect(result).toMatchObject({ committed: false });
      expect((await journal.read('holding', holding().holdingId)).value).toBeNull();
      expect((await journal.read('interaction', 'i1')).value).toBeNull();
    });

    it('lets exactly one of many writers of the same revision win', async () => {
      await create();
      const base = await journal.read('request', 'AR-7K2M9Q');
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          journal.commit([put(base, activatingRequest(), [approved(), authorized()])], later(60)),
        ),
      );
      expect(results.filter((result) => result.committed)).toHaveLength(1);
      expect(await journal.history('request', 'AR-7K2M9Q')).toHaveLength(3);
    });

    it('checks a record without changing it', async () => {
      await create();
      const base = await journal.read('request', 'AR-7K2M9Q');
      const write = put(absent('heartbeat', 'sweep'), { at: iso() });
      expect(await journal.commit([write, check(base)], START)).toMatchObject({ committed: true });
      expect(
        await journal.commit(
          [
            put(await journal.read('heartbeat', 'sweep'), { at: iso(1) }),
            check(absent('request', 'AR-7K2M9Q')),
          ],
          START,
        ),
      ).toMatchObject({ committed: false, conflicts: [{ kind: 'request' }] });
      expect((await journal.read('heartbeat', 'sweep')).value?.at).toBe(iso());
    });

    it('removes a record only at the revision that was read', async () => {
      const lock = absent('pendingLock', 'U0ANA#x#member');
      await journal.commit([put(lock, { requestId: 'AR-7K2M9Q' })], START);
      const base = await journal.read('pendingLock', 'U0ANA#x#member');
      expect(await journal.commit([remove(base)], START)).toMatchObject({ committed: true });
      expect(await journal.commit([remove(base)], START)).toMatchObject({ committed: false });
      expect((await journal.read('pendingLock', 'U0ANA#x#member')).value).toBeNull();
    });

    it('refuses a record that does not fit its schema, as a defect', async () => {
      const broken = { ...holding(), fence: -1 };
      await expect(
        journal.commit([put(absent('holding', holding().holdingId), broken)], START),
      ).rejects.toThrow();
    });

    it('keeps free text byte for byte, beside the request', async () => {
      const text = `<!channel> =cmd|' /C calc'!A0 \u202e\u0000 ${'x'.repeat(3000)} \u{1f600}: a:b`;
      const base = absent('text', 'AR-7K2M9Q#justification');
      const value = { text, salt: 's', commitment: `sha256:${'b'.repeat(64)}` };
      await journal.commit([put(base, value)], START);
      expect((await journal.read('text', 'AR-7K2M9Q#justification')).value?.text).toBe(text);
    });

    it('reads a chain from any of its events on', async () => {
      await create();
      const base = await journal.read('request', 'AR-7K2M9Q');
      await journal.commit([put(base, activatingRequest(), [approved(), authorized()])], later(60));
      const from = async (after: number) =>
        (await journal.history('request', 'AR-7K2M9Q', after)).map(({ seq }) => seq);
      expect(await from(0)).toEqual([1, 2, 3]);
      expect(await from(1)).toEqual([2, 3]);
      expect(await from(3)).toEqual([]);
      expect(await from(99)).toEqual([]);
    });

    it('knows by kind what is due: a notice is no holding', async () => {
      const due = { at: iso(10), resetId: 'reset-00' };
      const notice = { owner: 0, security: 0, due, lease: null, fence: 0 };
      await journal.commit([put(absent('notice', 'U0BO'), notice)], START);
      expect(await journal.due(later(9), 10)).toEqual([]);
      const item = { kind: 'notice', id: 'U0BO', dueAt: iso(10) };
      expect(await journal.due(later(10), 10)).toEqual([item]);
      expect(await journal.due(later(10), 10, 'notice')).toEqual([item]);
      expect(await journal.due(later(10), 10, 'holding')).toEqual([]);
      const base = await journal.read('notice', 'U0BO');
      await journal.commit([put(base, { ...notice, due: null })], START);
      expect(await journal.due(later(10), 10)).toEqual([]);
    });

    it('lists what is due, oldest first, and forgets what is no longer due', async () => {
      await create();
      const due = holding({ dueAt: iso(10) });
      await journal.commit([put(absent('holding', due.holdingId), due)], START);
      expect(await journal.due(later(9), 10)).toEqual([]);
      expect(await journal.due(later(3600), 10)).toEqual([
        { kind: 'holding', id: due.holdingId, dueAt: iso(10) },
        { kind: 'request', id: 'AR-7K2M9Q', dueAt: iso(3600) },
      ]);
      expect(await journal.due(later(3600), 1)).toHaveLength(1);
      await journal.commit(
        [put(await journal.read('holding', due.holdingId), { ...due, dueAt: null })],
        START,
      );
      await journal.commit(
        [
          put(await journal.read('request', 'AR-7K2M9Q'), activatingRequest(), [
            approved(),
            authorized(),
          ]),
        ],
        later(60),
      );
      expect(await journal.due(later(999_999), 10)).toEqual([]);
    });

    it('lists requests by person and by container, newest first', async () => {
      await create();
      const second = asked({ requestId: 'AR-000002', at: iso(5) });
      await journal.commit(
        [put(absent('request', 'AR-000002'), replay([second]), [second])],
        later(5),
      );
      const ids = (found: { requestId: string }[]) => found.map(({ requestId }) => requestId);
      expect(ids(await journal.requestsOf('U0ANA', 10))).toEqual(['AR-000002', 'AR-7K2M9Q']);
      expect(ids(await journal.requestsOf('U0ANA', 1))).toEqual(['AR-000002']);
      expect(ids(await journal.requestsIn('github:team:acme/deployers', 10))).toHaveLength(2);
      expect(await journal.requestsOf('U0BO', 10)).toEqual([]);
    });

    it('narrows a list to an entitlement or a provider, and fills it while more exist', async () => {
      const other = { ...asked().entitlement, id: 'github:acme/deployers-night' };
      for (let i = 1; i <= 6; i += 1) {
        const requestId = `AR-00000${i}`;
        const event = asked({
          ...{ requestId, at: iso(i) },
          ...(i % 3 === 0 ? {} : { entitlement: other }),
          ...(i % 2 === 0 ? {} : { subject: 'U0BO' }),
        });
        await journal.commit([put(absent('request', requestId), replay([event]), [event])], START);
      }
      const ids = (found: { requestId: string }[]) => found.map(({ requestId }) => requestId);
      const there = 'github:team:acme/deployers';
      const only = { entitlement: 'github:acme/deployers' };
      expect(ids(await journal.requestsIn(there, 2, only))).toEqual(['AR-000006', 'AR-000003']);
      expect(ids(await journal.requestsIn(there, 1, only))).toEqual(['AR-000006']);
      expect(ids(await journal.requestsOf('U0ANA', 3, { entitlement: other.id }))).toEqual([
        ...['AR-000005', 'AR-000004', 'AR-000002'],
      ]);
      expect(ids(await journal.requestsOf('U0BO', 9, only))).toEqual(['AR-000003']);
      expect(ids(await journal.requestsOf('U0BO', 9, { entitlement: other.id }))).toEqual([
        ...['AR-000005', 'AR-000001'],
      ]);
      expect(await journal.requestsOf('U0BO', 9, { provider: 'gitlab' })).toEqual([]);
      expect(await journal.requestsOf('U0ANA', 9, { provider: 'github' })).toHaveLength(6);
      expect(await journal.requestsOf('U0ANA', 9, { provider: 'gitlab' })).toEqual([]);
    });

    it('lists what a person asked for and what others asked for on their behalf in one order, as each stands now', async () => {
      await create();
      const asks = [
        asked({ requestId: 'AR-000002', at: iso(5), subject: 'U0BO' }),
        asked({ requestId: 'AR-000003', at: iso(6), requester: 'U0BO', subject: 'U0BO' }),
        asked({ requestId: 'AR-000004', at: iso(7), subject: 'U0BO' }),
      ];
      for (const event of asks)
        await journal.commit(
          [put(absent('request', event.requestId), replay([event]), [event])],
          new Date(event.at),
        );
      const no = { ...denied(), requestId: 'AR-000002', at: iso(60) };
      const base = await journal.read('request', 'AR-000002');
      const next = replay([...asks.slice(0, 1), no]);
      await journal.commit([put(base, next, [no])], later(60));
      const list = async (...of: Parameters<Journal['requestsOf']>) =>
        (await journal.requestsOf(...of)).map(({ requestId, status }) => `${requestId} ${status}`);
      const bos = ['AR-000004 pending', 'AR-000003 pending', 'AR-000002 denied'];
      expect(await list('U0BO', 10)).toEqual(bos);
      expect(await list('U0BO', 2)).toEqual(bos.slice(0, 2));
      expect(await list('U0BO', 1, { own: true })).toEqual(bos.slice(1, 2));
      expect(await list('U0ANA', 10, { own: true })).toEqual(await list('U0ANA', 10));
      expect(await list('U0ANA', 10)).toEqual([bos[0], bos[2], 'AR-7K2M9Q pending']);
      expect(await list('U0CY', 10)).toEqual([]);
    });

    it('lists the events of a day, newest first, over all chains', async () => {
      await create();
      const beat = { hash: 'c'.repeat(64), activatedAt: iso(1) };
      await journal.commit(
        [
          put(absent('policy', 'active'), beat, [
            {
              type: 'PolicyChanged',
              v: 1,
              at: iso(1),
              actor: { kind: 'operator' },
              hash: beat.hash,
              previousHash: null,
            },
          ]),
        ],
        later(1),
      );
      const recent = await journal.eventsOn('2026-03-02', 10);
      expect(recent.map(({ event }) => event.type)).toEqual(['PolicyChanged', 'AccessRequested']);
      expect(await journal.eventsOn('2026-03-03', 10)).toEqual([]);
    });

    it('streams the events between two instants, oldest first, over midnight, the first included and the second not', async () => {
      const night = new Date('2026-03-02T23:59:59.000Z');
      for (let second = 0; second < 7; second += 1) {
        const at = later(second, night);
        const event = asked({ requestId: `AR-00000${second}`, at: at.toISOString() });
        const state = replay([event]);
        await journal.commit([put(absent('request', event.requestId), state, [event])], at);
      }
      const found: string[] = [];
      for await (const { id } of journal.eventsBetween(later(1, night), later(6, night)))
        found.push(id);
      expect(found).toEqual(['AR-000001', 'AR-000002', 'AR-000003', 'AR-000004', 'AR-000005']);
    });

    it('streams everything that is due before an instant, of every kind', async () => {
      await create();
      const due = holding({ dueAt: iso(10) });
      await journal.commit([put(absent('holding', due.holdingId), due)], START);
      const until = async (seconds: number) => {
        const found: string[] = [];
        for await (const { kind, dueAt } of journal.allDue(later(seconds)))
          found.push(`${kind} ${dueAt}`);
        return found.sort();
      };
      expect(await until(9)).toEqual([]);
      expect(await until(10)).toEqual([`holding ${iso(10)}`]);
      expect(await until(3600)).toEqual([`holding ${iso(10)}`, `request ${iso(3600)}`]);
    });
  });
}
