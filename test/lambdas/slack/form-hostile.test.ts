import type { SlackDeps } from '../../../lambdas/slack/app.ts';
import {
  targetGroups,
  targetOf,
  targetOption,
  targetValue,
} from '../../../lambdas/slack/views/form-options.ts';
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { problemsOfAnsweredOptions } from '../../../local/slack/block-kit/suggestions.ts';
import { askAtOnce, type Submission } from '../../../shared/application/ask-at-once.ts';
import type { Journal } from '../../../shared/ports.ts';
import { type Bot, openBot } from './bot.ts';
import { askedId, fieldsOf, filled, forge, openForm, REASON, search, send } from './form-story.ts';
import { eventsOf, lastEphemeral, modalOf, refusalsToday, textOf } from './story.ts';

const NOT_FOR_ANA = 'github:acme/secret';
/** One more team, which only Dee may ask for. */
const withSecret = (text: string) =>
  text
    .replace(
      'entitlements:\n',
      `entitlements:\n  ${NOT_FOR_ANA}: { provider: github, kind: team, resource: acme/secret, roles: [member, owner] }\n`,
    )
    .replace(
      'rules:\n',
      `rules:\n  - id: secret\n    entitlements: ["${NOT_FOR_ANA}"]\n    requesters: { roles: [admin] }\n    max_duration: 1h\n    approvals: [{ from: { roles: [release-manager] }, count: 1 }]\n`,
    );

let bot: Bot;
let policy = withSecret;
async function open(): Promise<void> {
  policy = withSecret;
  bot = await openBot({ policy: (text) => policy(text) });
  await openForm(bot, 'github:acme/deployers member 2h');
}
async function close(): Promise<void> {
  const refused = bot.slack.refused();
  await bot.close();
  expect(refused).toEqual([]);
}

const nothingAsked = async () => {
  expect(await bot.journal.requestsOf('U0ANA', 10)).toEqual([]);
};

describe('what no screen would send', () => {
  beforeAll(open);
  afterAll(close);

  test.each([
    ['of an entitlement for others', { target: NOT_FOR_ANA }, 'target', 'no-matching-rule'],
    ['of nothing in the policy', { target: 'github:acme/none' }, 'target', 'unknown-entitlement'],
    ['that every object has', { target: 'constructor' }, 'target', 'unknown-entitlement'],
    ['of another length', { duration: '3h' }, 'duration', 'duration-too-long'],
    ['of a year', { duration: '365d' }, 'duration', 'duration-too-long'],
    ['of no length', { duration: '-1h' }, 'duration', 'not-understood'],
    ['of Arabic digits', { duration: '٢h' }, 'duration', 'not-understood'],
    [
      'too long a reason',
      { reason: `INC-1 ${'x'.repeat(3000)}` },
      'reason',
      'justification-too-long',
    ],
    ['30,000 characters', { reason: 'INC-1 '.repeat(5000) }, 'reason', 'justification-too-long'],
    [
      'a reason nobody can see',
      { reason: '\u200b\u2060\ufeff'.repeat(10) },
      'reason',
      'justification-too-short',
    ],
    ['an empty reason', { reason: '' }, 'reason', 'justification-too-short'],
  ])(
    'a value %s is a line under its field, whatever the form offered',
    async (_, part, field, code) => {
      const answer = await forge(bot, { values: filled(part) });
      expect(JSON.parse(answer.body)).toMatchObject({
        response_action: 'errors',
        errors: { [field]: expect.stringContaining(`(${code})`) },
      });
      await nothingAsked();
    },
  );

  test.each([
    ['of another entitlement', 'owner'],
    ['that does not exist', 'toString'],
    ['of 5,000 characters', 'x'.repeat(5000)],
  ])('a role %s brings the form back with the roles there are', async (_, role) => {
    const answer = await forge(bot, { values: filled({ role }) });
    expect(answer.body).toContain('"response_action":"update"');
    expect(answer.body).toContain('unknown-role');
    expect(fieldsOf(bot)['role']?.options).toEqual(['member', 'maintainer']);
    await nothingAsked();
  });

  test.each([
    ['nothing at all', {}],
    ['a shape of elsewhere', { target: { target: { selected_date: '2026-11-22' } } }],
    ['names of every object', { constructor: { target: {} }, toString: { role: {} } }],
  ])('%s in the fields is told as what is missing', async (_, values) => {
    const answer = await forge(bot, { values });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('field-empty');
    await nothingAsked();
  });

  test.each([
    ['no JSON', 'junk'],
    ['3 kB of junk', 'x'.repeat(3000)],
    ['an empty object', '{}'],
    [
      'a policy hash that is none',
      '{"policyHash":"x","recent":[],"said":{"role":null,"duration":null}}',
    ],
    [
      "somebody else's draft",
      JSON.stringify({ id: 'AR-7K2M9Q', v: 0, contentHash: 'f'.repeat(64) }),
    ],
  ])('metadata that is %s decides nothing', async (_, metadata) => {
    const answer = await forge(bot, { values: filled({}), metadata });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatch(/action-unreadable|draft-gone/);
    await nothingAsked();
  });
});

describe('what changes something', () => {
  beforeEach(open);
  afterEach(close);

  test('metadata of another policy brings the form back to be read again, and spends no code', async () => {
    const { private_metadata: honest } = modalOf(bot, 'U0ANA');
    const forged = String(honest).replace(
      /"policyHash":"[0-9a-f]+"/,
      `"policyHash":"${'0'.repeat(64)}"`,
    );
    const code = bot.code('U0ANA');
    const values = filled({ target: 'github:acme/jit-prod', duration: '1h', code });
    const answer = await forge(bot, { values, metadata: forged });
    expect(answer.body).toContain('content-changed');
    await nothingAsked();
    expect(answer.body).toContain(JSON.stringify(honest));
    const again = await forge(bot, { values });
    expect(again.body).toContain('Waiting for approval');
  });

  test('a policy that changed while the form was open: shown anew, asked on the second send', async () => {
    policy = (text) =>
      withSecret(text)
        .replace('max_duration: 2h', 'max_duration: 1h')
        .replace('max_total: 4h', 'max_total: 1h');
    await bot.loadPolicy();
    await send(bot, { reason: REASON });
    const shown = textOf(modalOf(bot, 'U0ANA').blocks);
    expect(shown).toContain('content-changed');
    expect(shown).toContain('duration-too-long');
    expect(fieldsOf(bot)['duration']).toMatchObject({ id: 'duration~2', starts: '1h' });
    await nothingAsked();
    await send(bot, {});
    expect(await bot.request(askedId(bot))).toMatchObject({ durationSeconds: 3600 });
  });

  test('a rule that wants a code meanwhile gives the form a field for it', async () => {
    policy = (text) => withSecret(text).replace('code: [approver]', 'code: [requester, approver]');
    await bot.loadPolicy();
    await send(bot, { reason: REASON });
    expect(fieldsOf(bot)).toHaveProperty('code');
    await nothingAsked();
    await send(bot, { code: bot.code('U0ANA') });
    expect(await bot.request(askedId(bot))).toMatchObject({ status: 'pending' });
  });

  test('a form without a field for the code cannot leave it out', async () => {
    const values = filled({ target: 'github:acme/jit-prod', duration: '1h' });
    const answer = await forge(bot, { values });
    expect(answer.body).toContain('code-required');
    expect(answer.body).toContain('"block_id":"code"');
    await nothingAsked();
  });

  test('the same submission again, byte for byte and with a new signature, asks once and answers the same', async () => {
    const { body } = await send(bot, { reason: REASON });
    const id = askedId(bot);
    const first = await bot.deliver(body);
    bot.advance(20);
    const again = await bot.deliver(body, { retry: '1' });
    for (const answer of [first, again]) {
      expect(answer.body).toContain(id);
      expect(answer.body).toContain('Waiting for approval');
    }
    expect(await eventsOf(bot, id)).toEqual(['AccessRequested', 'EscalationPlanned']);
    expect(await bot.journal.requestsOf('U0ANA', 10)).toHaveLength(1);
    // Not judged again: nothing is on record as refused.
    expect(await refusalsToday(bot)).toEqual([]);
  });

  test('the answer to one person’s submission is not given to another who names the same interaction', async () => {
    const trigger = '1.one-and-the-same';
    const { body } = await forge(bot, { values: filled({}), trigger });
    const id = /AR-[0-9A-Z]{6}/.exec(body)?.[0] ?? '';
    const values = filled({ reason: 'INC-9 because of mine' });
    const theirs = await forge(bot, { values, trigger, user: 'U0BO' });
    expect(theirs.body).not.toContain(id);
    expect(theirs.body).not.toContain(REASON);
  });

  /** The same submission carried out by somebody else as soon as this one reads a record of that kind. */
  function overtaken(kind: 'authenticator' | 'pendingLock', ask: Submission): SlackDeps {
    let waits = true;
    const { journal } = bot.deps;
    const read: Journal['read'] = async (asked, id) => {
      if (asked === kind && waits) {
        waits = false;
        expect(await askAtOnce(bot.deps, ask)).toMatchObject({ ok: true });
      }
      return journal.read(asked, id);
    };
    return { ...bot.deps, journal: { ...journal, read } };
  }

  test.each(['authenticator', 'pendingLock'] as const)(
    'overtaken by its own second delivery at the %s: one request, the same answer',
    async (kind) => {
      const active = await bot.deps.policies.active();
      const ask: Submission = {
        requester: 'U0ANA',
        typed: {
          ...{ entitlement: 'github:acme/jit-prod', role: 'member', durationSeconds: 3600 },
          justification: REASON,
        },
        typedCode: bot.code('U0ANA'),
        policyHash: active?.hash ?? '',
        interaction: 'act:one-and-the-same',
      };
      const done = await askAtOnce(overtaken(kind, ask), ask);
      expect(done).toMatchObject({ ok: true, value: { state: { status: 'pending' } } });
      expect(await bot.journal.requestsOf('U0ANA', 10)).toHaveLength(1);
    },
  );

  test('the form of one person, sent by another, asks for that other and by their rights', async () => {
    const answer = await forge(bot, { values: filled({}), user: 'U0EVE' });
    expect(answer.body).toContain('unknown-person');
    expect(answer.body).toContain('Whom to ask: <@U0DEE>');
    await nothingAsked();
  });

  test('nothing that somebody may not ask for is ever offered, however it is looked for', async () => {
    for (const query of [
      '',
      'secret',
      'acme/secret',
      NOT_FOR_ANA,
      'github',
      '.*',
      '%',
      'x'.repeat(30_000),
    ])
      expect((await search(bot, query)).join()).not.toContain('secret');
    await openForm(bot, NOT_FOR_ANA);
    expect(fieldsOf(bot)['target']?.starts).toBeNull();
    expect(textOf(modalOf(bot, 'U0ANA').blocks)).toContain(
      'You cannot ask for `github:acme/secret`',
    );
    await openForm(bot, '', 'U0DEE');
    expect((await search(bot, 'secret', 'U0DEE')).join()).toContain(NOT_FOR_ANA);
  });

  test('forged recents are looked up again: what is not this person’s to ask for does not come back', async () => {
    const view = modalOf(bot, 'U0ANA');
    const metadata = String(view.private_metadata).replace(
      '"recent":[]',
      `"recent":["${NOT_FOR_ANA}","x"]`,
    );
    const body = {
      type: 'block_suggestion',
      team: { id: 'T0LOCAL' },
      api_app_id: 'A0LOCAL',
      user: { id: 'U0ANA' },
      action_id: 'target',
      block_id: 'target',
      value: '',
      view: { ...view, private_metadata: metadata },
    };
    const answer = await bot.deliver(
      new URLSearchParams({ payload: JSON.stringify(body) }).toString(),
    );
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain('secret');
    expect(answer.body).toContain('github:acme/deployers');
  });

  test('every refused send is on record', async () => {
    await send(bot, { reason: 'INC-1' });
    await forge(bot, { values: filled({ target: NOT_FOR_ANA }) });
    expect((await refusalsToday(bot)).sort()).toEqual([
      'justification-too-short',
      'no-matching-rule',
    ]);
  });

  test.each([
    ['U0GUEST', 'guests take no part'],
    ['U0ROBOT', 'it is a bot'],
    ['U0GONE', 'the Slack account is deactivated'],
  ])(
    '%s, whom the policy lists by mistake, is told at once and whom to ask',
    async (person, why) => {
      policy = (text) => withSecret(text).replace('slack: U0ANA', `slack: ${person}`);
      await bot.loadPolicy();
      await bot.slack.client.slash(person, '/request-access', '');
      const words = textOf(lastEphemeral(bot, person).blocks);
      expect(words).toContain('not-a-full-member');
      expect(words).toContain('Whom to ask: <@U0DEE>');
      expect(words).toContain(why);
    },
  );

  test('who is in the policy but may ask for nothing is told so and whom to ask', async () => {
    // Nobody says here who is in a group, and who might be in one is told that instead.
    policy = (text) =>
      text
        .replaceAll('requesters: { roles: [developer] }', 'requesters: { people: [bo] }')
        .replace(/ {2}# Who is on call gets[\s\S]*(?= {2}# An emergency)/, '')
        .replace(/\ngroups:\n(?: {2}.*\n)+/, '\n');
    await bot.loadPolicy();
    await bot.slack.client.slash('U0ANA', '/request-access', '');
    const words = textOf(lastEphemeral(bot, 'U0ANA').blocks);
    expect(words).toContain('nothing-to-ask-for');
    expect(words).toContain('Whom to ask: <@U0DEE>');
  });
});

test('names longer than Slack allows are offered by digest, and found again', () => {
  const long = `github:acme/${'very-'.repeat(37)}long`;
  expect(targetValue(long)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(targetOf(targetValue(long), ['github:acme/x', long])).toBe(long);
  expect(targetOf(targetValue(long), ['github:acme/x'])).toBeNull();
  expect(targetOption(long).text.text.length).toBeLessThanOrEqual(LIMITS.option.text);
});

test('whatever the policy holds, what is offered is within the limits of Slack', () => {
  const entries = Array.from({ length: 100 }, (_, i) => ({
    entitlement: `p${i % 7}:${'name/'.repeat(i % 38)}${i}`,
    provider: `${'p'.repeat(29)}${i % 7}`,
    roles: Array.from({ length: 20 }, (__, r) => `role-${'x'.repeat(50)}${r}`),
    rule: 'r',
    maxDurationSeconds: 365 * 86_400,
    approvalsNeeded: 50,
    privileged: true,
  }));
  const recent = entries.slice(0, 5).map(({ entitlement }) => entitlement);
  expect(problemsOfAnsweredOptions({ option_groups: targetGroups(entries, { recent }) })).toEqual(
    [],
  );
});
