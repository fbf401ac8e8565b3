/** Accounts of one human are counted together, also when the other one has no part in the decision and nothing in the policy shows it. */
import { executeCommand } from '../../shared/application/execute-command.ts';
import type { RequestAccess } from '../../shared/domain/access-request/command.ts';
import { contentOf } from '../../shared/domain/access-request/decide.ts';
import type { PersonEvidence } from '../../shared/domain/policy/identity.ts';
import { absent, put } from '../../shared/ports.ts';
import { askOf, type Bench, bench, enrolBo, STEP } from '../support/bench.ts';
import { deployRule, evidenceOf } from '../support/company.ts';
import { iso, START } from '../support/samples.ts';

const glass = {
  id: 'glass',
  entitlements: ['github:*'],
  requesters: deployRule.requesters,
  break_glass: { max_duration: '30m', per_person_per_week: 1, review_within: '24h' },
};
const limits = { asks_per_hour: 1 };
let step = STEP;

/** What Slack says about these differs from a plain member. */
function under(on: Bench, told: Readonly<Record<string, Partial<PersonEvidence>>>) {
  const asked: string[] = [];
  const evidence: Bench['directory']['evidence'] = async (people, now) => {
    asked.push(...people);
    return new Map(people.map((each) => [each, evidenceOf(each, now, told[each])]));
  };
  const deps = { ...on, directory: { ...on.directory, evidence } };
  const run = (command: RequestAccess, code?: Parameters<typeof executeCommand>[2]) =>
    executeCommand(command, deps, code);
  async function emergency(name: string, requestId: string) {
    const command = askOf(name, {
      requestId,
      durationSeconds: 600,
      breakGlass: { incident: 'INC-1' },
    });
    const contentHash = contentOf(command, (await on.policies.active())?.hash ?? '');
    step += 1;
    const factor = { kind: 'totp' as const, step };
    const owner = command.actor.id;
    const evidenceOfCode = { factor, contentHash };
    const code = { owner, authenticatorId: 'a'.repeat(32), purpose: 'ask' as const };
    return run(command, { code: { ...code, evidence: evidenceOfCode } });
  }
  return { run, emergency, asked };
}
const said = (answer: Awaited<ReturnType<typeof executeCommand>>) =>
  answer.ok ? 'ok' : answer.error.code;
const SAME = { U0ANA: { email: 'ana@acme.example' }, U0AL: { email: 'Ana+2@acme.example' } };

describe('the quota of break-glass', () => {
  let on: Bench;
  beforeEach(async () => {
    on = await bench({ rules: [deployRule, glass] });
    await enrolBo(on, 'U0ANA');
    await enrolBo(on, 'U0AL');
  });

  test.each([
    ['one address', SAME],
    [
      'one enterprise id',
      { U0ANA: { enterpriseUserId: 'W0X' }, U0AL: { enterpriseUserId: 'W0X' } },
    ],
  ])('is one for two accounts of %s', async (_, told) => {
    const { emergency } = under(on, told);
    expect(said(await emergency('ana', 'AR-000001'))).toBe('ok');
    expect(await emergency('al', 'AR-000002')).toMatchObject({
      error: { code: 'break-glass-quota', max: 1 },
    });
  });

  test('is one for two logins that lead to one account of the provider', async () => {
    for (const [login, slackUserId] of [
      ['ana-gh', 'U0ANA'],
      ['al-gh', 'U0AL'],
    ] as const) {
      const link = { accountId: '4711', slackUserId, pinnedAt: iso() };
      await on.calm.commit([put(absent('link', `github:${login}`), link)], START);
    }
    const { emergency } = under(on, {});
    expect(said(await emergency('ana', 'AR-000001'))).toBe('ok');
    expect(said(await emergency('al', 'AR-000002'))).toBe('break-glass-quota');
  });

  test('is each one’s own for people who share nothing, of whom Slack is not asked either', async () => {
    const { emergency, asked } = under(on, {});
    expect(said(await emergency('ana', 'AR-000001'))).toBe('ok');
    expect(said(await emergency('al', 'AR-000002'))).toBe('ok');
    expect(new Set(asked)).toEqual(new Set(['U0ANA', 'U0AL']));
    expect(asked.slice(asked.indexOf('U0AL'))).not.toContain('U0ANA');
  });

  test('counts by what Slack says today: an address that was shared once is no reason', async () => {
    await under(on, SAME).emergency('ana', 'AR-000001');
    const parted = { ...SAME, U0ANA: { email: 'other@acme.example' } };
    expect(said(await under(on, parted).emergency('al', 'AR-000002'))).toBe('ok');
  });

  test.each([[[]], [['ana']], [['al']], [['ana', 'al']]])(
    'holds for both at once, where %j were known before',
    async (known) => {
      const { emergency } = under(on, SAME);
      for (const [i, name] of known.entries()) {
        await emergency(name, `AR-00010${i}`);
        const slack = `U0${name.toUpperCase()}`;
        const base = await on.calm.read('glass', slack);
        await on.calm.commit([put(base, { taken: [] })], START);
      }
      const answers = await Promise.all([
        emergency('ana', 'AR-000001'),
        emergency('al', 'AR-000002'),
      ]);
      expect(answers.map(said).sort()).toEqual(['break-glass-quota', 'ok']);
    },
  );

  test('holds against another account that comes for the first time between a decision and its transaction', async () => {
    const { emergency } = under(on, SAME);
    await emergency('ana', 'AR-000100');
    const base = await on.calm.read('glass', 'U0ANA');
    await on.calm.commit([put(base, { taken: [] })], START);
    on.switches.before.push(async () => {
      expect(said(await emergency('al', 'AR-000002'))).toBe('ok');
    });
    expect(said(await emergency('ana', 'AR-000001'))).toBe('break-glass-quota');
    expect(on.switches.before).toEqual([]);
  });

  test('and a review that one account owes closes it to the other', async () => {
    const { emergency } = under(on, SAME);
    await emergency('ana', 'AR-000001');
    on.setTime(8 * 86_400);
    expect(await emergency('al', 'AR-000002')).toMatchObject({
      error: { code: 'review-owed', of: 'AR-000001' },
    });
  });
});

test('what a policy counts is one for two accounts of one address as well', async () => {
  const on = await bench({ limits });
  const { run } = under(on, SAME);
  expect(said(await run(askOf('ana', { requestId: 'AR-000001' })))).toBe('ok');
  expect(said(await run(askOf('al', { requestId: 'AR-000002' })))).toBe('too-many-asks');
  expect(said(await run(askOf('fay', { requestId: 'AR-000003' })))).toBe('ok');
});

test('where nothing is counted nothing is kept of anybody', async () => {
  const on = await bench();
  const written: string[] = [];
  const commit: typeof on.journal.commit = (writes, now) => {
    written.push(JSON.stringify(writes));
    return on.journal.commit(writes, now);
  };
  const deps = { ...on, journal: { ...on.journal, commit } };
  expect((await executeCommand(askOf('ana'), deps)).ok).toBe(true);
  expect(written.join()).toContain('AccessRequested');
  expect(written.join()).not.toContain('"alias"');
});
