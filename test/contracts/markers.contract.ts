/** Every store of markers, beside the journal that writes them, must pass this. */
import { absent, type Journal, put } from '../../shared/ports.ts';
import type { Marker, Markers } from '../../shared/ports-audit.ts';
import { asked, iso, later, pendingRequest, START } from '../support/samples.ts';

export function markersContract(
  name: string,
  setup: () => Promise<{ journal: Journal; markers: Markers }>,
) {
  describe(`${name} honours the contract of markers`, () => {
    const all = async (markers: Markers, before = later(3600)): Promise<Marker[]> => {
      const found: Marker[] = [];
      for await (const { key, leaves } of markers.before(before))
        if (leaves) found.push({ key, leaves });
      return found;
    };
    const leavesOf = (found: readonly Marker[]) => found.flatMap(({ leaves }) => leaves);
    const ask = (id: string) => put(absent('request', id), pendingRequest(), [asked()]);
    const pause = (id: string) =>
      put(absent('pause', id), { paused: true, by: BY, at: iso() }, [
        { type: 'GrantsPaused', v: 1, at: iso(), actor: BY, scope: id },
        { type: 'GrantsResumed', v: 1, at: iso(), actor: BY, scope: id },
      ]);
    const BY = { kind: 'person', id: 'U0BO' } as const;

    it('finds one marker per commit with events, with the place and hash of each of them', async () => {
      const { journal, markers } = await setup();
      await journal.commit([ask('AR-7K2M9Q'), pause('github')], START);
      await journal.commit([put(absent('heartbeat', 'sweep'), { at: iso() })], START);
      const found = await all(markers);
      const rows = [
        ...(await journal.history('request', 'AR-7K2M9Q')),
        ...(await journal.history('pause', 'github')),
      ];
      expect(found).toHaveLength(1);
      expect(leavesOf(found)).toEqual(rows.map(({ chain, seq, hash }) => ({ chain, seq, hash })));
    });

    it('writes no marker for a commit that met a conflict', async () => {
      const { journal, markers } = await setup();
      await journal.commit([ask('AR-7K2M9Q')], START);
      await journal.commit([ask('AR-7K2M9Q'), pause('github')], later(1));
      expect(leavesOf(await all(markers))).toHaveLength(1);
    });

    it('finds those of commits before an instant, wherever they are spread to', async () => {
      const { journal, markers } = await setup();
      for (let i = 0; i < 20; i += 1) await journal.commit([pause(`p${i}`)], later(i));
      const found = leavesOf(await all(markers, later(10)));
      expect(new Set(found.map(({ chain }) => chain)).size).toBe(10);
      expect(found).toHaveLength(20);
    });

    it('forgets what was removed and nothing else; removing again does nothing', async () => {
      const { journal, markers } = await setup();
      await journal.commit([pause('a')], START);
      await journal.commit([pause('b')], START);
      const [first, ...rest] = await all(markers);
      if (!first) throw new Error('Nothing was marked');
      await markers.remove([first]);
      await markers.remove([first]);
      await markers.remove([]);
      expect(await all(markers)).toEqual(rest);
    });
  });
}
