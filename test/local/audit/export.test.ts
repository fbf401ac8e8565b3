/** Exports of a period: whole, narrowed, recorded, and refused in words. */
import * as z from 'zod';
import { exportLog } from '../../../local/audit/export.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { hashEvent } from '../../../shared/domain/audit/chain.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { Fault, type Journal } from '../../../shared/ports.ts';
import { ocsfFaults } from '../../support/ocsf/check-ocsf.ts';
import { HISTORIES } from '../../support/samples.ts';
import { auditDesk, storyIn, WORDS } from './audit-desk.ts';
import { parseCsv } from './csv-parser.ts';

const Line = z.strictObject({
  tenant: z.string(),
  chain: z.string(),
  seq: z.int(),
  event: z.looseObject({ type: z.string(), at: z.string() }),
  previous: z.string(),
  hash: z.string(),
});
const SPAN = ['--from', '2026-03-02', '--to', '2026-03-02'];

async function exported(...args: string[]) {
  const journal = memoryJournal('acme');
  const desk = await auditDesk(journal);
  await storyIn(journal);
  const code = await exportLog(args, desk);
  const text = desk.written.join('');
  const lines = () =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '');
  return { desk, journal, code, text, lines, said: desk.complained.join('\n') };
}
const types = (lines: string[]) => lines.map((line) => Line.parse(JSON.parse(line)).event.type);

const administered = (journal: Journal) => journal.history('administration', '2026-03-03');

describe('audit export', () => {
  it('writes every event once, oldest first, and each line proves itself', async () => {
    const { code, lines } = await exported('--format', 'jsonl', ...SPAN);
    expect(code).toBe(0);
    const rows = lines().map((line) => Line.parse(JSON.parse(line)));
    expect(rows).toHaveLength(HISTORIES.ended.length + 3);
    expect(rows.map(({ event }) => event.at)).toEqual(rows.map(({ event }) => event.at).sort());
    for (const { previous, hash, ...link } of rows)
      expect(hashEvent({ ...link, event: z.json().parse(link.event) }, previous)).toBe(hash);
  });

  it.each(['jsonl', 'csv', 'ocsf'])('lets no word of a person out as %s', async (format) => {
    const { text } = await exported('--format', format, ...SPAN);
    expect(text).not.toContain(WORDS.slice(0, 7));
    expect(text).not.toContain('ana-acme');
  });

  it('writes CSV with one row an event and the whole event in it', async () => {
    const { text } = await exported('--format', 'csv', ...SPAN);
    const [head = [], ...rows] = parseCsv(text);
    expect(rows).toHaveLength(HISTORIES.ended.length + 3);
    expect(rows.every((row) => row.length === head.length)).toBe(true);
    const granted = rows.find((row) => row.includes('GrantActivated')) ?? [];
    const cell = (name: string) => granted[head.indexOf(name)];
    expect([cell('subject'), cell('entitlement'), cell('role'), cell('provider')]).toEqual([
      'U0ANA',
      'github:acme/deployers',
      'member',
      'github',
    ]);
    expect(JSON.parse(cell('details') ?? '')).toMatchObject({ type: 'GrantActivated' });
  });

  it('writes OCSF that fits its schema', async () => {
    const { lines } = await exported('--format', 'ocsf', ...SPAN);
    expect(lines().flatMap((line) => ocsfFaults(JSON.parse(line)))).toEqual([]);
    expect(lines()).toHaveLength(HISTORIES.ended.length + 3);
  });

  it.each([
    [['--person', 'U0CY'], ['CommandRefused']],
    [['--kind', 'policy'], ['PolicyChanged']],
    [['--provider', 'gitlab'], []],
    [['--entitlement', 'github:acme/deployers', '--kind', 'holding'], ['AccountPinned']],
    [['--entitlement', 'github:acme/gone'], []],
    [['--person', 'U0ANA', '--kind', 'holding'], ['AccountPinned']],
  ])('narrowed by %j it writes %j', async (narrowing, found) => {
    const { lines } = await exported('--format', 'jsonl', ...SPAN, ...narrowing);
    expect(types(lines())).toEqual(found);
  });

  it('takes all that a request is about by its entitlement, attempts at it included', async () => {
    const { lines } = await exported(
      '--format',
      'jsonl',
      ...SPAN,
      '--entitlement',
      'github:acme/deployers',
    );
    expect(types(lines())).toHaveLength(HISTORIES.ended.length + 2);
  });

  it('is on record before its first row and after its last, with the hash of what was written', async () => {
    const { journal, text } = await exported('--format', 'csv', ...SPAN, '--person', 'U0ANA');
    const [began, ended, ...more] = (await administered(journal)).map(({ event }) => event);
    expect(more).toEqual([]);
    expect(began).toMatchObject({
      type: 'AuditReadStarted',
      format: 'csv',
      from: '2026-03-02T00:00:00.000Z',
      to: '2026-03-03T00:00:00.000Z',
      person: 'U0ANA',
      kind: null,
    });
    expect(ended).toMatchObject({ type: 'AuditReadFinished', sha256: sha256(text) });
  });

  it('writes nothing when it cannot be recorded', async () => {
    const journal = memoryJournal('acme');
    const desk = await auditDesk({
      ...journal,
      commit: async (writes, at) => {
        if (writes.some(({ kind }) => kind === 'administration'))
          throw new Fault('down', { service: 'journal', retryable: true });
        return journal.commit(writes, at);
      },
    });
    await expect(exportLog(['--format', 'jsonl', ...SPAN], desk)).rejects.toThrow('down');
    expect(desk.written).toEqual([]);
  });

  it('writes the same bytes each time', async () => {
    const journal = memoryJournal('acme');
    const desk = await auditDesk(journal);
    await storyIn(journal);
    await exportLog(['--format', 'jsonl', ...SPAN], desk);
    const first = desk.written.splice(0).join('');
    await exportLog(['--format', 'jsonl', ...SPAN], desk);
    expect(desk.written.join('')).toBe(first);
  });

  it.each([
    [[], '--format takes'],
    [['--format', 'xml', ...SPAN], '--format takes'],
    [['--format', 'csv'], 'Say from when'],
    [['--format', 'csv', '--from', 'yesterday'], 'Write a day'],
    [['--format', 'csv', '--from', '2026-02-30'], 'Write a day'],
    [['--format', 'csv', '--from', '2026-03-02', '--to', '2026-03-01'], 'The period is empty'],
    [['--format', 'csv', '--from', '2030-01-01'], 'The period is empty'],
    [['--format', 'csv', ...SPAN, '--person', 'ana'], '--person takes'],
    [['--format', 'csv', ...SPAN, '--kind', '__proto__'], '--kind takes'],
    [['--format', 'csv', ...SPAN, '--provider', '*'], '--provider takes'],
    [['--format', 'csv', ...SPAN, '--all', 'x'], '--all'],
    [['--format', 'csv', ...SPAN, 'more'], 'audit export --format'],
    [['--format', 'csv', '--from', ''], 'needs a value'],
  ])('%j exits 64, says why, reads nothing and records nothing', async (args, why) => {
    const { code, said, text, journal } = await exported(...args);
    expect([code, text]).toEqual([64, '']);
    expect(said).toContain(why);
    expect(await administered(journal)).toEqual([]);
  });
});
