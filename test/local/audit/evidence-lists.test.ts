/** The lists of an evidence pack that whoever recertifies access goes through: who may have what, who had it at the end, and every review. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desk } from '../../../local/audit/desk.ts';
import { evidence } from '../../../local/audit/evidence/evidence.ts';
import { rightsIn } from '../../../local/audit/evidence/listings.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import { loadPolicy } from '../../../shared/application/policies.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import type { EventOf } from '../../../shared/domain/records.ts';
import { absent, type Journal, put } from '../../../shared/ports.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  expired,
  extended,
  extensionApproved,
  extensionAsked,
  extensionDenied,
  HISTORIES,
  iso,
  later,
  removed,
  reviewed,
  START,
} from '../../support/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { auditDesk, storyIn, told } from './audit-desk.ts';
import { parseCsv } from './csv-parser.ts';

const DAY = 86_400;
const WHOLE_DAY = ['2026-03-02', '2026-03-02'] as const;

type Stories = Readonly<Record<string, readonly AccessRequestEvent[]>>;
type Log = { readonly journal: Journal; readonly desk: Desk };

async function log(stories: Stories): Promise<Log> {
  const journal = memoryJournal('acme');
  const desk = await auditDesk(journal);
  for (const [id, events] of Object.entries(stories)) await told(journal, id, events);
  return { journal, desk };
}

async function packOf({ desk }: Log, [from, to]: readonly [string, string] = WHOLE_DAY) {
  const out = join(temporaryFolder(), 'pack');
  const span = ['--from', from, '--to', to];
  expect(await evidence(['--framework', 'soc2', ...span, '--out', out], desk)).toBe(0);
  const file = (name: string) => readFileSync(join(out, name), 'utf8');
  const rows = (name: string) => {
    const [head = [], ...body] = parseCsv(file(`${name}.csv`));
    return body.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i] ?? '', cell])));
  };
  return { file, rows };
}

const REVIEW_BY = iso(50_000);
const glass = (at = 0, reviewBy = REVIEW_BY): AccessRequestEvent[] => [
  asked({ at: iso(at), breakGlass: { incident: 'INC-42', reviewBy } }),
  { ...authorized(), at: iso(at), expiresAt: iso(at + 7200) },
  { ...activated(), at: iso(at + 90), readBackAt: iso(at + 89) },
];
const ended = (at = 0): AccessRequestEvent[] => [
  { ...expired(), at: iso(at + 7200) },
  removed({ at: iso(at + 7205), readBackAt: iso(at + 7204) }),
];
const overdue = (at: number, reviewBy: string): AccessRequestEvent => ({
  ...{ type: 'ReviewOverdue', v: 1, requestId: 'AR-7K2M9Q', reviewBy, at: iso(at) },
  actor: { kind: 'sweep' },
});

describe('who had access when the period ended', () => {
  it('is told also of access that began before the period and of which nothing was heard in it', async () => {
    const of = await log({ 'AR-8K2M9Q': HISTORIES.active, 'AR-9K2M9Q': HISTORIES.ended });
    const { rows } = await packOf(of, [iso(1000), iso(2000)]);
    expect(rows('access-granted')).toEqual([]);
    expect(rows('access-at-end').map(({ request }) => request)).toEqual(['AR-8K2M9Q', 'AR-9K2M9Q']);
    expect(rows('access-at-end')[0]).toMatchObject({
      ...{ activated_at: iso(90), requester: 'U0ANA', subject: 'U0ANA', role: 'member' },
      ...{ entitlement: 'github:acme/deployers', approvers: 'U0BO', expires_at: iso(7260) },
      status_at_period_end: 'active',
    });
  });

  it('is told of access that is being taken away, not of what is gone, was never given or begins later', async () => {
    const of = await log({
      'AR-00000A': HISTORIES.ended,
      'AR-00000B': HISTORIES.failed,
      'AR-00000C': HISTORIES.denied,
      'AR-00000D': HISTORIES.activating,
      'AR-00000E': HISTORIES.removing,
    });
    const { rows } = await packOf(of);
    expect(rows('access-at-end').map(({ request }) => request)).toEqual(['AR-00000E']);
  });
});

describe('who may have what', () => {
  it('is everybody of the policy with all their roles and accounts, and each of their rights by its rule', async () => {
    const { rows } = await packOf(await log({}));
    expect(rows('people')).toContainEqual({
      ...{ person: 'U0DEE', name: 'dee', accounts: 'github:dee-admin gitlab:dee' },
      roles: 'admin developer release-manager reviewer',
    });
    const target = { entitlement: 'github:acme/deployers', provider: 'github', kind: 'team' };
    const thing = { ...target, resource: 'acme/deployers', entitlement_roles: 'member maintainer' };
    const rights = rows('rights');
    expect(rights).toContainEqual({
      ...{ ...thing, person: 'U0ANA', name: 'ana', right: 'ask' },
      rule: expect.stringMatching(/./),
    });
    expect(rights).toContainEqual(
      expect.objectContaining({ ...target, person: 'U0BO', right: 'approve' }),
    );
    expect(rights).toContainEqual(
      expect.objectContaining({ entitlement: '', person: 'U0DEE', right: 'power', rule: 'admin' }),
    );
    expect(rights.some(({ person }) => person === 'group:platform')).toBe(true);
    expect(rights.some(({ person, right }) => person === 'U0ANA' && right === 'approve')).toBe(
      false,
    );
  });

  it('is that of the policy in force at the end, not of one that only waited or came later', async () => {
    const of = await log({});
    const load = (text: string, seconds: number) =>
      loadPolicy(
        {
          ...{ journal: of.journal, readPolicy, clock: { now: () => later(seconds) } },
          telemetry: { info() {}, error() {}, alarm() {}, measure() {}, within: (_, run) => run() },
          source: { load: async () => ({ bytes: Buffer.from(text), fileName: 'access.yaml' }) },
        },
        { kind: 'operator' },
      );
    const text = readFileSync('access.yaml', 'utf8');
    const slow = text.replace('widening_delay: 0m', 'widening_delay: 10m');
    const cyIsAdmin = slow.replace('U0CY, roles: [release-manager]', 'U0CY, roles: [admin]');
    const gone = slow.replace(/^ {2}cy: .*\n/m, '');
    await load(slow, 100);
    await load(cyIsAdmin, 200);
    await load(slow, 300);
    await load(gone, 5000);
    const { rows, file } = await packOf(of, [iso(150), iso(4000)]);
    expect(rows('people')).toContainEqual(
      expect.objectContaining({ name: 'cy', roles: 'developer release-manager reviewer' }),
    );
    expect(rows('policy-changes').map(({ event }) => event)).toEqual([
      'PolicyScheduled',
      'PolicyUnscheduled',
    ]);
    expect(rows('policy-changes')[0]).toMatchObject({ effective_at: iso(800) });
    // One came into force before the period and stayed so; what waited never did.
    const inForce = file('index.html').split('<caption>Policies by the moment')[1];
    expect(inForce?.split('</table>')[0]?.match(/<tr><th scope="row"/g)).toHaveLength(1);
    expect((await packOf(of)).rows('people').some(({ name }) => name === 'cy')).toBe(false);
  });

  it('is cut to what roles give in the product itself where it would be too long, and says so', () => {
    const read = readPolicy(readFileSync('access.yaml'), 'access.yaml');
    if (!read.ok) throw new Error('It is a good one');
    const whole = rightsIn(read.value.policy);
    const all = [...whole.rows].length;
    expect([whole.isCut, rightsIn(read.value.policy, all).isCut]).toEqual([false, false]);
    const cut = rightsIn(read.value.policy, all - 1);
    expect([cut.isCut, [...cut.rows].map(({ cells }) => cells[7])]).toEqual([true, ['power']]);
  });

  it('is empty before there was a policy', async () => {
    const of = await log({});
    const { rows } = await packOf(of, ['2026-03-01', '2026-03-01']);
    expect([rows('people'), rows('rights'), rows('access-at-end')]).toEqual([[], [], []]);
  });
});

describe('reviews', () => {
  it('are told while they are owed, when they are given in time, late, and when nobody gave them', async () => {
    const of = await log({
      'AR-00000A': [...glass(), ...ended()],
      'AR-00000B': [...glass(), ...ended(), reviewed({ at: iso(9000) })],
      'AR-00000C': [...glass(), ...ended(), overdue(50_060, REVIEW_BY)],
      'AR-00000D': [
        ...[...glass(), ...ended(), overdue(50_060, REVIEW_BY)],
        reviewed({ at: iso(51_000) }),
      ],
    });
    const told = ({ rows }: Awaited<ReturnType<typeof packOf>>) =>
      rows('reviews').map(
        ({ request, review, reviewer, late }) => `${request} ${review} ${reviewer} ${late}`,
      );
    expect(told(await packOf(of, [iso(-100), iso(10_000)])).sort()).toEqual([
      'AR-00000A open  no',
      'AR-00000B justified U0BO no',
      'AR-00000C open  no',
      'AR-00000D open  no',
    ]);
    const second = await packOf(of, [iso(10_000), iso(53_000)]);
    // Nobody noted that the first one is overdue (the sweep was down): by its time it is.
    expect(told(second).sort()).toEqual([
      'AR-00000A overdue  yes',
      'AR-00000C overdue  yes',
      'AR-00000D justified U0BO yes',
      'AR-00000D overdue  yes',
    ]);
    expect(second.rows('reviews')[0]).toMatchObject({ taken_at: iso(0), incident: 'INC-42' });
    const page = second.file('index.html');
    const counted = (name: string) =>
      new RegExp(`${name}</th><td class="n">(\\d+)`).exec(page)?.[1];
    expect(
      ['Given in this period', 'later than was due', 'went overdue|Went overdue[^<]*'].map(counted),
    ).toEqual(['1', '1', '3']);
  });

  it('that went overdue long before the period stay in its list until they are given, be that after it', async () => {
    const old = -30 * DAY;
    const by = iso(old + DAY);
    const untold = [...glass(old, by), ...ended(old), overdue(old + DAY + 60, by)];
    const of = await log({
      'AR-00000A': untold,
      'AR-00000B': [...untold, reviewed({ at: iso(20_000) })],
      'AR-00000C': [...untold, reviewed({ at: iso(-5 * DAY) })],
    });
    const owed = async (...span: [string, string]) =>
      (await packOf(of, span)).rows('reviews').map(({ request, review }) => `${request} ${review}`);
    expect(await owed(iso(0), iso(10_000))).toEqual(['AR-00000A overdue', 'AR-00000B overdue']);
    expect(await owed(iso(10_000), iso(30_000))).toEqual([
      'AR-00000A overdue',
      'AR-00000B justified',
    ]);
  });
});

describe('decisions and switches', () => {
  it('more time is told by who approved or denied it, with what code and for what; what it led to is no approval', async () => {
    const live = [asked(), approval(), authorized(), activated()];
    const of = await log({
      'AR-00000A': [...live, extensionAsked(), extensionApproved(), extended({ factor: null })],
      'AR-00000B': [...live, extensionAsked(), extensionDenied()],
      'AR-00000C': [
        ...[...live, extensionAsked()],
        extensionApproved({ contentHash: 'f'.repeat(64), factor: null }),
      ],
    });
    const { rows } = await packOf(of);
    const extensions = rows('approvals').filter(({ decision }) => decision?.startsWith('more'));
    expect(extensions).toEqual([
      expect.objectContaining({
        decision: 'more time approved',
        code: 'totp',
        same_content: 'yes',
      }),
      expect.objectContaining({ decision: 'more time denied', code: 'none', same_content: '' }),
      expect.objectContaining({ request: 'AR-00000C', code: 'none', same_content: 'NO' }),
    ]);
    expect(rows('exceptions').map(({ request, exception }) => `${request} ${exception}`)).toEqual(
      expect.arrayContaining(['AR-00000C approval-without-code', 'AR-00000C other-content']),
    );
    expect(rows('exceptions').filter(({ request }) => request === 'AR-00000A')).toEqual([
      expect.objectContaining({ exception: 'still-there' }),
    ]);
  });

  it('a stop stands among what was administered', async () => {
    const of = await log({});
    await storyIn(of.journal);
    const about = { v: 1 as const, at: iso(50), actor: { kind: 'person' as const, id: 'U0DEE' } };
    const proposed: EventOf<'stop'> = {
      ...{ ...about, type: 'StopProposed', what: 'stop', until: iso(350) },
      ...{ factor: { kind: 'totp', step: 1 } },
    };
    const proposal = { what: 'stop' as const, by: 'U0DEE', at: iso(50), until: iso(350) };
    const next = { standing: null, proposal, clearedAt: null };
    await of.journal.commit([put(absent('stop', 'all'), next, [proposed])], START);
    const { rows } = await packOf(of);
    expect(rows('administration')).toEqual([
      expect.objectContaining({ event: 'StopProposed', actor: 'U0DEE' }),
    ]);
  });
});
