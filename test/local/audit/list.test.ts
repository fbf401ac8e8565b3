/** Lists and single requests on the command line. */
import { list } from '../../../local/audit/list.ts';
import { show } from '../../../local/audit/show.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import type { Journal } from '../../../shared/ports.ts';
import { asked, HISTORIES, iso } from '../../support/samples.ts';
import { auditDesk, storyIn, told } from './audit-desk.ts';

async function run(command: typeof list, args: string[], change = (journal: Journal) => journal) {
  const journal = memoryJournal('acme');
  await storyIn(journal);
  await told(journal, 'AR-8K2M9Q', HISTORIES.pending);
  const desk = await auditDesk(journal);
  const code = await command(args, { ...desk, journal: change(journal) });
  return { code, out: desk.printed, said: desk.complained.join('\n') };
}

describe('audit list', () => {
  it.each([
    ['--person', 'U0ANA'],
    ['--entitlement', 'github:acme/deployers'],
  ])('%s asks an index once, for no more than it prints', async (...args) => {
    const asked: string[] = [];
    const { code, out } = await run(list, [...args, '--limit', '1'], (journal) => ({
      ...journal,
      requestsOf: (person, limit, only) => {
        asked.push(`person ${limit}`);
        return journal.requestsOf(person, limit, only);
      },
      requestsIn: (container, limit, only) => {
        asked.push(`container ${limit}`);
        return journal.requestsIn(container, limit, only);
      },
      eventsBetween: () => {
        throw new Error('a scan');
      },
    }));
    const wanted = args[0] === '--person' ? ['person 1'] : ['container 1'];
    expect([code, out.length, asked]).toEqual([0, 1, wanted]);
  });

  it('--person finds what somebody else asked for on their behalf', async () => {
    const journal = memoryJournal('acme');
    await told(journal, 'AR-8K2M9Q', [asked({ requestId: 'AR-8K2M9Q', subject: 'U0CY' })]);
    const desk = await auditDesk(journal);
    expect(await list(['--person', 'U0CY'], { ...desk, journal })).toBe(0);
    expect(desk.printed).toEqual([expect.stringContaining('U0ANA for U0CY')]);
  });

  it('--entitlement is short only when there is no more, whatever else its container holds', async () => {
    const journal = memoryJournal('acme');
    const other = { ...asked().entitlement, id: 'github:acme/deployers-night' };
    for (let i = 0; i < 9; i += 1) {
      const requestId = `AR-00000${i}`;
      const part = i < 2 ? {} : { entitlement: other };
      await told(journal, requestId, [asked({ requestId, at: iso(i), ...part })]);
    }
    const desk = { ...(await auditDesk(journal)), journal };
    const line = (id: string) => expect.stringContaining(id);
    expect(await list(['--entitlement', 'github:acme/deployers', '--limit', '2'], desk)).toBe(0);
    expect(desk.printed.splice(0)).toEqual([line('AR-000001'), line('AR-000000')]);
    const both = ['--person', 'U0ANA', '--entitlement', other.id, '--provider', 'github'];
    expect(await list([...both, '--limit', '2'], desk)).toBe(0);
    expect(desk.printed.splice(0)).toEqual([line('AR-000008'), line('AR-000007')]);
    expect(await list(['--person', 'U0ANA', '--provider', 'gitlab'], desk)).toBe(0);
    expect([desk.printed, desk.complained]).toEqual([[], ['No requests.']]);
  });

  it.each([
    [['--kind', 'request', '--limit', '1'], ['GrantRemoved']],
    [['--kind', 'refusals'], ['CommandRefused']],
    [['--provider', 'github', '--kind', 'holding'], ['AccountPinned']],
    [['--provider', 'gitlab'], []],
  ])('a day narrowed by %j lists its newest that fit: %j', async (narrowing, types) => {
    const { code, out, said } = await run(list, ['--day', '2026-03-02', ...narrowing]);
    expect([code, out]).toEqual([0, types.map((type) => expect.stringContaining(`  ${type} `))]);
    expect(said).toBe(types.length === 0 ? 'No events on 2026-03-02 (UTC).' : '');
  });

  it('says that a day has no events', async () => {
    const { code, out, said } = await run(list, ['--day', '2026-03-01']);
    expect([code, out, said]).toEqual([0, [], 'No events on 2026-03-01 (UTC).']);
  });

  it('lists a day’s events, newest first', async () => {
    const { code, out } = await run(list, ['--day', '2026-03-02', '--limit', '2']);
    expect(code).toBe(0);
    expect(out).toHaveLength(2);
  });

  it.each([
    [['--limit', '0']],
    [['--limit', '201']],
    [['--limit', '1e3']],
    [['--person', 'ana']],
    [['--day', 'today']],
    [['--day', '2026-02-30']],
    [['--kind', 'everything']],
    [['--kind', 'request', '--person', 'U0ANA']],
    [['--person', 'U0ANA', '--day', '2026-03-02']],
    [['U0ANA']],
  ])('%j exits 64 and explains itself', async (args) => {
    const { code, out, said } = await run(list, args);
    expect([code, out]).toEqual([64, []]);
    expect(said).toContain('audit list --person');
  });

  it('names an entitlement that the policy does not know', async () => {
    const { code, said } = await run(list, ['--entitlement', 'github:acme/x']);
    expect(code).toBe(1);
    expect(said).toContain('(unknown-entitlement)');
  });
});

describe('audit show', () => {
  it('tells a request from its first event to its last, and that its chain holds', async () => {
    const { code, out } = await run(show, ['AR-7K2M9Q']);
    const text = out.join('\n');
    expect(code).toBe(0);
    for (const { type } of HISTORIES.ended) expect(text).toContain(type);
    expect(text).toContain(`The chain holds: ${HISTORIES.ended.length} events`);
  });

  it('prints no character that could turn the line around', async () => {
    const { out } = await run(show, ['AR-7K2M9Q']);
    expect(out.join('\n')).toContain('INC-123 rollback of Ana\ufffd');
    expect(out.join('\n')).not.toContain('\u202e');
  });

  it('names the event at which a chain breaks', async () => {
    const { code, out } = await run(show, ['AR-7K2M9Q'], (journal) => ({
      ...journal,
      history: async (kind, id, after) => (await journal.history(kind, id, after)).slice(0, -1),
    }));
    expect(code).toBe(2);
    expect(out.at(-1)).toContain('THE CHAIN IS BROKEN');
  });

  it.each([
    [['AR-ZZZZZZ'], 1, '(unknown-request)'],
    [[], 64, 'audit show'],
    [['../x'], 64, 'audit show'],
  ])('%j exits %i', async (args, wanted, why) => {
    const { code, said } = await run(show, args);
    expect(code).toBe(wanted);
    expect(said).toContain(why);
  });
});
