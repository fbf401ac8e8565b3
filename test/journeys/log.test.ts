/**
 * What the deployed functions would write while people ask, approve, mistype and enrol, and while everything around fails:
 * under DEBUG, every line one JSON object, no secret in any, the story of a request found by its id, every metric measured.
 */
import { codeAt } from '../../local/code-at.ts';
import { LOCAL } from '../../local/slack/workspace.ts';
import { functionTelemetry } from '../../shared/adapters/telemetry.ts';
import { METRIC_NAMES } from '../../shared/config/signals.ts';
import { TIMING } from '../../shared/domain/holding/timing.ts';
import { logCapture } from '../support/log-capture.ts';
import { fromBase32 } from '../support/totp.ts';
import { openStage, type Stage } from './stage.ts';

const [ANA, BO] = ['U0ANA', 'U0BO'] as const;
const PASTED = `ghp_${'q7W2'.repeat(9)}`;
const WORDS = 'canary-words-of-ana';
const REASON = 'canary-reason-of-bo';
const DEBUG = {
  POWERTOOLS_LOG_LEVEL: 'DEBUG',
  POWERTOOLS_LOGGER_LOG_EVENT: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Hallpass/Test',
};

type Written = { lines: string[]; canaries: Record<string, string>; requestId: string };
let stage: Stage;
let written: Written;
let state: Awaited<ReturnType<Stage['world']['state']>>;
let late: { alarmAt: number; expiredAt: number };

const canaries: Record<string, string> = {
  'bot token': LOCAL.botToken,
  'signing secret': LOCAL.signingSecret,
  'words of a person': WORDS,
  'reason of a denial': REASON,
  'pasted token': PASTED,
};

beforeAll(async () => {
  Object.assign(process.env, DEBUG);
  const printed = ['log', 'info', 'debug', 'warn', 'error'] as const;
  const consoles = printed.map((name) => jest.spyOn(console, name).mockImplementation(() => {}));
  try {
    const lines = await logCapture(async () => {
      const { telemetry } = functionTelemetry('slack');
      stage = await openStage({ telemetry });
      canaries['GitLab token'] = stage.world.gitlab.token;
      canaries['GitHub key'] = stage.world.github.credentials.privateKey.split('\n')[1] ?? '';
      const requestId = await story();
      await enrolment();
      await overdue();
      written = { lines: [], canaries, requestId };
      state = await stage.world.state();
    });
    written = { ...written, lines };
    // Nothing of ours, and no library, writes past the logger.
    for (const spy of consoles) expect(spy).not.toHaveBeenCalled();
  } finally {
    for (const spy of consoles) spy.mockRestore();
    for (const name of Object.keys(DEBUG)) delete process.env[name];
  }
});
afterAll(() => stage.world.close());

/** Asks with a token among the words, one code mistyped, trouble at the provider, access given and taken away. */
async function story(): Promise<string> {
  const { people, world } = stage;
  const other = await people.ask(ANA, 'github:acme/release member 1h INC-2 rollback');
  await stage.settle();
  await people.deny(BO, other, REASON);
  await stage.settle();
  const id = await people.ask(ANA, `github:acme/deployers member 3m INC-1 ${WORDS} ${PASTED}`);
  await stage.settle();
  const right = await people.code(BO);
  const wrong = String((Number(right) + 123_457) % 1_000_000).padStart(6, '0');
  Object.assign(canaries, { 'wrong code': wrong, 'right code': right });
  await people.approve(BO, id, wrong);
  world.faults.set({ target: 'github', on: 'read', fail: '500', times: 1 });
  await people.approve(BO, id, right);
  await stage.advance(10);
  await people.type(ANA, '/access', `end ${id}`);
  world.faults.set({ target: 'slack', on: '*', fail: '500', times: 3 });
  await stage.advance(5);
  world.faults.clear();
  expect(await stage.status(id)).toBe('ended');
  return id;
}

async function enrolment(): Promise<void> {
  const { people, world } = stage;
  // The code of this half minute was used up by the approval.
  await stage.advance(31);
  await people.type(BO, '/access', 'authenticator codes');
  const form = () => JSON.stringify(world.slack.state().views.findLast(({ user }) => user === BO));
  const viewId = world.slack.state().views.findLast(({ user }) => user === BO)?.id ?? '';
  const code = await people.code(BO);
  await world.slack.client.submit(BO, viewId, { code });
  const link = /http:\/\/127\.0\.0\.1:\d+\/enroll\/[A-Za-z0-9_.-]+/.exec(form())?.[0] ?? '';
  const html = await (
    await fetch(link, { method: 'POST', body: new URLSearchParams({ step: 'codes' }) })
  ).text();
  const recovery = /<code>((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})<\/code>/.exec(html)?.[1] ?? '';
  Object.assign(canaries, { 'code at the form': code, 'recovery code': recovery });
  canaries['link token'] = link.split('/').at(-1) ?? '';
  await people.type(BO, '/access', 'authenticator recover');
  const again = world.slack.state().views.findLast(({ user }) => user === BO)?.id ?? '';
  await world.slack.client.submit(BO, again, { recovery });
  const next = /http:\/\/127\.0\.0\.1:\d+\/enroll\/[A-Za-z0-9_.-]+/.exec(form())?.[0] ?? '';
  const page = await (await fetch(next, { method: 'POST', body: new URLSearchParams() })).text();
  const key = /type the key: <code>([^<]+)</.exec(page)?.[1] ?? '';
  Object.assign(canaries, {
    'second link token': next.split('/').at(-1) ?? '',
    'authenticator key': key,
  });
  canaries['first code of the key'] = codeAt(fromBase32(key), world.clock.now());
}

/** How often the clock is stopped to look. */
const LOOK_SECONDS = 10;

/** Slack and the provider are both down when access should end. */
async function overdue(): Promise<void> {
  const { people, world } = stage;
  const id = await people.ask(ANA, 'github:acme/deployers member 3m INC-3 rollback');
  await stage.settle();
  await people.approve('U0CY', id);
  await stage.settle();
  const grant = (await world.journal.read('request', id)).value;
  if (grant?.status !== 'active') throw new Error(`${id} is ${grant?.status}`);
  world.faults.set({ target: 'slack', on: '*', fail: '500', times: 1000 });
  world.faults.set({ target: 'github', on: 'remove', fail: '500', times: 1000 });
  const rung = () => world.telemetry.alarms.some(({ name }) => name === 'grant-overdue');
  await stage.advance(3 * 60 + TIMING.overdueSeconds - 10);
  expect(rung()).toBe(false);
  for (let waited = 0; waited < 10 && !rung(); waited += 1) await stage.advance(LOOK_SECONDS);
  late = { alarmAt: world.clock.now().getTime(), expiredAt: Date.parse(grant.expiresAt) };
}

test('every line is one JSON object', () => {
  expect(written.lines.length).toBeGreaterThan(20);
  for (const line of written.lines) expect(JSON.parse(line)).toEqual(expect.any(Object));
});

test('no canary is in any line, at least twelve were out', () => {
  const all = written.lines.join('\n');
  expect(Object.keys(canaries).length).toBeGreaterThanOrEqual(12);
  for (const [what, canary] of Object.entries(canaries)) {
    expect([what, canary.length > 5]).toEqual([what, true]);
    expect([what, all.includes(canary)]).toEqual([what, false]);
  }
});

test('the story of a request is found by its id: decided, given, taken away', () => {
  const own = written.lines
    .map((line) => JSON.parse(line))
    .filter(({ requestId }) => requestId === written.requestId);
  expect(own.map(({ message, command, outcome }) => [message, command, outcome])).toEqual(
    expect.arrayContaining([
      ['Decided', 'RequestAccess', 'recorded'],
      ['Decided', 'ApproveRequest', 'recorded'],
    ]),
  );
  expect(own.flatMap(({ events }) => events ?? [])).toEqual([
    'AccessRequested',
    'EscalationPlanned',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
    'GrantRevoked',
    'GrantRemoved',
  ]);
});

test('every metric was measured, in the log and in what /_local/state shows', () => {
  const sent = written.lines
    .map((line) => JSON.parse(line))
    .flatMap(({ _aws }) => _aws?.CloudWatchMetrics[0].Metrics[0].Name ?? []);
  expect([...new Set(sent)].sort()).toEqual([...METRIC_NAMES].sort());
  expect([...new Set(state.metrics.map(({ name }) => name))].sort()).toEqual(
    [...METRIC_NAMES].sort(),
  );
  const of = (name: string) => state.metrics.filter((metric) => metric.name === name);
  expect(of('TimePastExpiry')).toMatchObject([{ unit: 'Seconds', by: null, count: 1 }]);
  expect(of('CodeFailures')).toMatchObject([{ count: 1, sum: 1 }]);
  expect(of('ProviderErrors').map(({ by }) => by)).toEqual(['github']);
  expect(of('OverdueGrants')).toMatchObject([{ largest: 1 }]);
});

test('with Slack down, overdue access is in the log a sweep after it became so; CloudWatch has a minute left of two', () => {
  const seconds = (late.alarmAt - late.expiredAt) / 1000;
  const most = TIMING.overdueSeconds + TIMING.sweepSeconds;
  expect(seconds).toBeLessThan(most + LOOK_SECONDS);
  const own = written.lines.filter((line) => JSON.parse(line).alarm === 'grant-overdue');
  expect(own.length).toBeGreaterThan(0);
});
