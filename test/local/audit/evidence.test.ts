/** The evidence pack: whole, the same each time, checked by hash, and honest about what is missing. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Against, NOT_VERIFIED } from '../../../local/audit/desk.ts';
import { FRAMEWORKS } from '../../../local/audit/evidence/controls.ts';
import { evidence } from '../../../local/audit/evidence/evidence.ts';
import { escapeHtml } from '../../../local/audit/evidence/page.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { Fault, type Journal } from '../../../shared/ports.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  expired,
  HISTORIES,
  iso,
  removalFailed,
  removed,
} from '../../support/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type AuditDesk, auditDesk, storyIn, told, WORDS } from './audit-desk.ts';
import { parseCsv } from './csv-parser.ts';

const PERIOD = ['--from', '2026-03-02', '--to', '2026-03-02'];

async function pack(
  stories: Readonly<Record<string, readonly AccessRequestEvent[]>> = {},
  {
    framework = 'soc2',
    desk: part = {},
    span = PERIOD,
  }: { framework?: string; desk?: Partial<AuditDesk>; span?: string[] } = {},
) {
  const journal = memoryJournal('acme');
  const desk = { ...(await auditDesk(journal)), ...part };
  await storyIn(journal);
  for (const [id, events] of Object.entries(stories)) await told(journal, id, events);
  const run = async (out: string) =>
    evidence(['--framework', framework, ...span, '--out', out], desk);
  const out = join(temporaryFolder(), 'pack');
  const code = await run(out);
  const file = (name: string) => readFileSync(join(out, name), 'utf8');
  const rows = (name: string) => {
    const [head = [], ...body] = parseCsv(file(`${name}.csv`));
    return body.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i] ?? '', cell])));
  };
  return { journal, desk, run, out, code, file, rows };
}
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

describe('audit evidence', () => {
  it.each(FRAMEWORKS)(
    'of %s is a folder whose every file stands in its sums',
    async (framework) => {
      const { out, code, file } = await pack({}, { framework });
      expect(code).toBe(0);
      const sums = file('SHA256SUMS').trimEnd().split('\n');
      expect(sums.map((line) => line.slice(66)).sort()).toEqual(
        filesIn(out).filter((name) => name !== 'SHA256SUMS'),
      );
      for (const line of sums)
        expect(sha256(readFileSync(join(out, line.slice(66))))).toBe(line.slice(0, 64));
      expect(statSync(out).mode & 0o77).toBe(0);
      expect(statSync(join(out, 'index.html')).mode & 0o77).toBe(0);
    },
  );

  it('tells what was granted, by whom it was approved with which code, and how long past its end it was gone', async () => {
    const { rows } = await pack();
    expect(rows('access-granted')).toEqual([
      expect.objectContaining({
        request: 'AR-7K2M9Q',
        approvers: 'U0BO',
        status_at_period_end: 'ended',
      }),
    ]);
    expect(rows('access-ended')).toEqual([
      expect.objectContaining({ because: 'expired', seconds_past_end: '4', outcome: 'removed' }),
    ]);
    expect(rows('approvals')).toEqual([
      expect.objectContaining({ approver: 'U0BO', code: 'totp', same_content: 'yes' }),
    ]);
    expect(rows('refusals')).toEqual([
      expect.objectContaining({ person: 'U0CY', refused_because: 'not-an-approver' }),
    ]);
    expect(rows('policy-changes')).toHaveLength(1);
    expect(rows('exceptions')).toEqual([]);
  });

  it('has every policy in force with its text, under its hash', async () => {
    const { out, file } = await pack();
    const [name = ''] = filesIn(join(out, 'policies'));
    expect(name).toBe(`${sha256(file(`policies/${name}`))}.yaml`);
    expect(file('index.html')).toContain(name);
  });

  it('is the same bytes each time', async () => {
    const { run, out } = await pack();
    const again = join(temporaryFolder(), 'again');
    expect(await run(again)).toBe(0);
    for (const name of filesIn(out))
      expect([name, sha256(readFileSync(join(again, name)))]).toEqual([
        name,
        sha256(readFileSync(join(out, name))),
      ]);
  });

  it('tells of a request as it stood when the period ended, whatever happened since', async () => {
    const span = ['--from', '2026-03-02', '--to', iso(600)];
    const { rows } = await pack({}, { span });
    expect(rows('access-granted')).toEqual([
      expect.objectContaining({ status_at_period_end: 'active' }),
    ]);
    expect(rows('access-ended')).toEqual([]);
  });

  it.each<[string, AccessRequestEvent[]]>([
    [
      'removed-late',
      [
        asked(),
        approval(),
        authorized(),
        activated(),
        expired(),
        removed({ readBackAt: iso(7360) }),
      ],
    ],
    ['still-there', [asked(), approval(), authorized(), activated(), expired()]],
    ['still-there', HISTORIES.active],
    [
      'removal-failed',
      [asked(), approval(), authorized(), activated(), expired(), removalFailed(), removed()],
    ],
    ['approval-without-code', [asked(), approval({ factor: null })]],
    ['approved-by-requester', [asked(), approval({ actor: { kind: 'person', id: 'U0ANA' } })]],
    ['other-content', [asked(), approval({ contentHash: 'b'.repeat(64) })]],
  ])('names the exception %s, once', async (name, events) => {
    const { rows, file } = await pack({ 'AR-8K2M9Q': events });
    expect(rows('exceptions')).toEqual([
      expect.objectContaining({ exception: name, request: 'AR-8K2M9Q' }),
    ]);
    expect(file('index.html')).toContain(`<th scope="row" class="s">${name}</th>`);
  });

  it('tells which access by break-glass was reviewed, what was found, and what nobody reviewed in time', async () => {
    const reviewBy = iso(3000);
    const glass = [
      asked({ breakGlass: { incident: 'INC-42', reviewBy } }),
      authorized(),
      activated(),
    ];
    const about = { requestId: 'AR-8K2M9Q', v: 1 as const };
    const overdue: AccessRequestEvent = {
      ...{ ...about, type: 'ReviewOverdue', reviewBy },
      ...{ at: iso(3100), actor: { kind: 'sweep' } },
    };
    const reviewed: AccessRequestEvent = {
      ...{ ...about, type: 'BreakGlassReviewed', verdict: 'not-justified' },
      ...{ reason: `sha256:${'a'.repeat(64)}`, at: iso(4000) },
      actor: { kind: 'person', id: 'U0BO' },
    };
    const ending = [expired(), removed()];
    const { rows, file } = await pack({ 'AR-8K2M9Q': [...glass, overdue, reviewed, ...ending] });
    const common = { request: 'AR-8K2M9Q', incident: 'INC-42', review_by: reviewBy };
    expect(rows('reviews')).toEqual([
      expect.objectContaining({ ...common, review: 'overdue', reviewer: '' }),
      expect.objectContaining({ ...common, review: 'not-justified', reviewer: 'U0BO' }),
    ]);
    expect(rows('exceptions').map(({ exception }) => exception)).toEqual([
      'review-overdue',
      'not-justified',
    ]);
    const cells = (name: string, count: number) =>
      `<tr><th scope="row" class="s">${name}</th><td class="n">${count}</td></tr>`;
    const page = file('index.html');
    expect(page).toContain(cells('Found not justified', 1));
    for (const name of ['Given in this period', 'Of these, later than was due'])
      expect(page).toContain(`>${name}</th><td class="n">1</td>`);
    expect(page).toContain('or was so when the period ended</th><td class="n">1</td>');
  });

  it('says that no review was due where none was', async () => {
    const { rows, file } = await pack();
    expect(rows('reviews')).toEqual([]);
    expect(file('index.html')).toContain('None was due or made in this period.');
  });

  it('says in its first section when the log was changed', async () => {
    const verify = async () => ({
      ...NOT_VERIFIED,
      outcome: 'tampered' as const,
      lines: ['altered request#AR-7K2M9Q/2 <b>'],
    });
    const { code, file } = await pack({}, { desk: { verify } });
    expect(code).toBe(2);
    expect(file('index.html')).toContain('THE LOG WAS CHANGED');
    expect(file('index.html')).toContain('request#AR-7K2M9Q/2 &#60;b&#62;');
    expect(JSON.parse(file('verification.json'))).toMatchObject({ outcome: 'tampered' });
  });

  it('says with which key signatures were checked, and takes one that is named or none at all', async () => {
    const sha = 'c'.repeat(64);
    const asked: (string | null)[] = [];
    const verify = async ({ pubkey }: Against) => {
      asked.push(pubkey);
      const key = { sha256: sha, isPinned: true };
      return { ...NOT_VERIFIED, outcome: 'intact' as const, key };
    };
    const { desk, out, file } = await pack({}, { desk: { verify } });
    expect(file('index.html')).toContain(`that whoever gathered this named; its SHA-256 is ${sha}`);
    expect(JSON.parse(file('verification.json')).key).toEqual({ sha256: sha, isPinned: true });
    const args = ['--framework', 'soc2', ...PERIOD, '--out', `${out}-2`, '--pubkey', 'nothing.pem'];
    expect(await evidence(args, desk)).toBe(4);
    expect(desk.complained.join()).toContain('There is no file nothing.pem');
    expect(asked).toEqual([null]);
  });

  it('is held against what a daily digest said, and says whether it was', async () => {
    const witness = `288:${'c'.repeat(64)}`;
    const verify = async (against: Against) => ({
      ...NOT_VERIFIED,
      outcome: 'incomplete' as const,
      witness: against.witness,
    });
    const { desk, out, file, code } = await pack({}, { desk: { verify } });
    expect(code).toBe(3);
    expect(file('index.html')).toContain('It was held against no daily digest');
    const args = ['--framework', 'soc2', ...PERIOD];
    const more = ['--out', `${out}-2`, '--expect-last'];
    expect(await evidence([...args, ...more, witness], desk)).toBe(3);
    const page = readFileSync(join(`${out}-2`, 'index.html'), 'utf8');
    expect(page).toContain(`what a daily digest said, checkpoint ${witness}`);
    const kept = JSON.parse(readFileSync(join(`${out}-2`, 'verification.json'), 'utf8'));
    expect(kept.witness).toBe(witness);
    for (const wrong of ['0', 'x', '288:', `288:${'C'.repeat(64)}`, '288:abc'])
      expect(await evidence([...args, ...more, wrong], desk)).toBe(64);
    expect(desk.complained.at(-1)).toContain('--expect-last takes what a daily digest says');
  });

  it('carries no script, nothing from elsewhere and no word of a person', async () => {
    const { out, file } = await pack();
    expect(file('index.html')).not.toMatch(/<script|https?:|javascript:|\son\w+=|url\(/i);
    for (const name of filesIn(out).filter((each) => !each.startsWith('policies/')))
      expect(file(name)).not.toContain(WORDS.slice(0, 7));
  });

  it('is on record, with the hash of its manifest', async () => {
    const { journal, file } = await pack();
    const chain = await journal.history('administration', '2026-03-03');
    expect(chain.map(({ event }) => event)).toEqual([
      expect.objectContaining({ type: 'AuditReadStarted', purpose: 'evidence', format: 'soc2' }),
      expect.objectContaining({ type: 'AuditReadFinished', sha256: sha256(file('manifest.json')) }),
    ]);
  });

  it('leaves nothing behind when the journal fails, and says so', async () => {
    const inner = memoryJournal('acme');
    const desk = await auditDesk(inner);
    const journal: Journal = {
      ...inner,
      eventsBetween: () => {
        throw new Fault('DynamoDB did not do it.', { service: 'journal', retryable: true });
      },
    };
    const folder = temporaryFolder();
    const args = ['--framework', 'soc2', ...PERIOD, '--out', join(folder, 'pack')];
    expect(await evidence(args, { ...desk, journal })).toBe(4);
    expect(desk.complained.join()).toContain('Nothing was kept');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('touches no folder that is there already', async () => {
    const { run, out, desk } = await pack();
    expect(await run(out)).toBe(1);
    expect(desk.complained.join()).toContain('(already-there)');
  });

  it.each([
    [['--framework', 'pci', ...PERIOD], '--framework takes'],
    [['--framework', 'soc2'], 'Say from when'],
    [[...PERIOD], '--framework takes'],
    [['--framework', 'soc2', ...PERIOD, 'x'], 'audit evidence --framework'],
  ])('%j exits 64 and says why', async (args, why) => {
    const desk = await auditDesk();
    expect(await evidence(args, desk)).toBe(64);
    expect(desk.complained.join()).toContain(why);
  });
});

it('escapes whatever could become markup', () => {
  expect(escapeHtml(`<a href="x" onclick='y'>&`)).toBe(
    '&#60;a href=&#34;x&#34; onclick=&#39;y&#39;&#62;&#38;',
  );
});
