/** What holds for every company, every policy and every order of commands (invariants S1, S6, S8, S10, A5, A6). */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { decide } from '../../../shared/domain/access-request/decide.ts';
import { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { evolve, INITIAL, replay } from '../../../shared/domain/access-request/evolve.ts';
import { AccessRequest } from '../../../shared/domain/access-request/model.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';
import { START } from '../../support/samples.ts';
import { type Judged, type Scenario, type Step, scenario } from './generated.ts';

type Told = { event: AccessRequestEvent; step: Step; policies: readonly Judged[] };
type Run = Scenario & { log: Told[]; state: AccessRequest; refused: string[] };
type Of<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

function play(told: Scenario): Run {
  const log: Told[] = [];
  const refused: string[] = [];
  let state = INITIAL;
  let now = START;
  const [first, ...rest] = told.steps;
  for (const step of [{ ...first, type: 'RequestAccess' as const, stale: false }, ...rest]) {
    if (!isStep(step)) continue;
    now = new Date(now.getTime() + step.wait * 1000);
    const facts = told.facts(step, state, now);
    const decision = decide(state, told.command(step, state, now), facts);
    if (!decision.ok) {
      refused.push(decision.error.code);
      continue;
    }
    expect(decision.value.length).toBeGreaterThan(0);
    const policies = told.policies.filter((each) =>
      facts.policies.some((f) => f.hash === each.hash),
    );
    for (const event of decision.value) {
      if (!isDeepStrictEqual(AccessRequestEvent.parse(event), event))
        expect(AccessRequestEvent.parse(event)).toEqual(event);
      log.push({ event, step, policies });
      state = AccessRequest.parse(evolve(state, event));
    }
  }
  return { ...told, log, state, refused };
}
const isStep = (step: Partial<Step>): step is Step => step.actor !== undefined;

const eventsOf = <T extends AccessRequestEvent['type']>(run: Run, type: T) =>
  run.log.flatMap(({ event, ...about }, index) =>
    isOf(event, type) ? [{ ...about, event, index }] : [],
  );
const isOf = <T extends AccessRequestEvent['type']>(
  event: AccessRequestEvent,
  type: T,
): event is Of<T> => event.type === type;

const seen = new Map<string, number>();
const meet = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
// How often each case was met is asserted too: the same runs each time, other ones for each property, or chance would turn it red.
let seed = 20261123;
const holds = (check: (run: Run) => void, numRuns = 150) =>
  fc.assert(
    fc.property(scenario, (told) => {
      const run = play(told);
      for (const { event } of run.log) meet(event.type);
      for (const code of run.refused) meet(code);
      for (const { event } of run.log) {
        if (event.type === 'GrantAuthorized' && event.approvers.length > 1) meet('a grant by two');
        if (event.type === 'GrantRemoved' && !event.readBackAt) meet('nothing to read back');
      }
      check(run);
    }),
    { numRuns, seed: seed++ },
  );

test('nothing is approved once a request was denied, withdrawn or lapsed, and only one end is recorded', () => {
  holds((run) => {
    const closing = run.log.filter(({ event }) =>
      [
        ...['RequestDenied', 'RequestWithdrawn', 'RequestLapsed'],
        ...['GrantAuthorized', 'GrantNotStarted'],
      ].includes(event.type),
    );
    expect(closing.length).toBeLessThanOrEqual(1);
    const at = run.log.findIndex(({ event }) =>
      /RequestDenied|RequestWithdrawn|Lapsed|NotStarted/.test(event.type),
    );
    if (at >= 0) expect(run.log.slice(at + 1)).toEqual([]);
    expect(eventsOf(run, 'GrantActivated').length).toBeLessThanOrEqual(1);
    expect(eventsOf(run, 'GrantRemoved').length).toBeLessThanOrEqual(1);
  });
});

const askedIn = (run: Run) => {
  const asked = run.log[0]?.event;
  return asked?.type === 'AccessRequested' && asked.v === 2 ? asked : null;
};

test('a grant rests on enough distinct humans, none of them the requester or the subject', () => {
  holds((run) => {
    for (const { event, policies } of eventsOf(run, 'GrantAuthorized')) {
      const humans = new Set(event.approvers.map(run.humanOf));
      const asked = askedIn(run);
      if (asked?.breakGlass) expect(asked.factor).not.toBeNull();
      else for (const { rule } of policies) expect(humans.size).toBeGreaterThanOrEqual(rule.needed);
      expect(humans).not.toContain(run.humanOf(run.requester));
      expect(humans).not.toContain(run.humanOf(run.subject));
    }
    for (const { event } of [
      ...eventsOf(run, 'RequestApproved'),
      ...eventsOf(run, 'GrantExtended'),
    ])
      if (event.actor.kind === 'person')
        expect(run.humanOf(event.actor.id)).not.toBe(run.humanOf(run.requester));
  });
});

test('each approval a grant rests on carries a code for the very content, wherever a policy asks for one', () => {
  holds((run) => {
    const approvals = eventsOf(run, 'RequestApproved');
    for (const { event, policies, index } of eventsOf(run, 'GrantAuthorized')) {
      const asked = run.log[0]?.event;
      const coded =
        policies.some(({ rule }) => rule.coded) ||
        (asked?.type === 'AccessRequested' && asked.codeFrom.approver);
      for (const approver of event.approvers) {
        const own = approvals.filter(
          (each) =>
            each.index < index &&
            each.event.actor.kind === 'person' &&
            each.event.actor.id === approver,
        );
        const last = own.at(-1);
        if (coded) expect(last?.event.factor).not.toBeNull();
        if (coded && last) expect(last.step.code === 'right').toBe(true);
        expect(last?.step.content).toBe('right');
      }
    }
  });
});

test('a grant ends at its own time plus its duration, within what was asked and every policy allows', () => {
  holds((run) => {
    for (const { event, policies } of eventsOf(run, 'GrantAuthorized')) {
      const seconds = (Date.parse(event.expiresAt) - Date.parse(event.at)) / 1000;
      const start = askedIn(run)?.start;
      if (start) {
        // Never before its time; the end does not move because the start came late, nor past its window.
        expect(event.at >= start.notBefore).toBe(true);
        const last = Date.parse(start.notBefore) + event.durationSeconds * 1000;
        expect(Date.parse(event.expiresAt)).toBeLessThanOrEqual(
          start.until === null ? last : Date.parse(start.until),
        );
        expect(seconds).toBeGreaterThan(0);
      } else {
        expect(seconds).toBe(event.durationSeconds);
        expect(seconds).toBeGreaterThanOrEqual(60);
      }
      expect(seconds).toBeLessThanOrEqual(run.durationSeconds);
      for (const { rule } of policies) expect(seconds).toBeLessThanOrEqual(rule.longest);
      for (const extension of eventsOf(run, 'GrantExtended')) {
        const total = (Date.parse(extension.event.expiresAt) - Date.parse(event.at)) / 1000;
        expect(total).toBeGreaterThan(seconds);
        for (const { rule } of extension.policies) expect(total).toBeLessThanOrEqual(rule.total);
      }
    }
  });
});

test('the log rebuilds the state, and the version counts its events', () => {
  holds((run) => {
    expect(replay(run.log.map(({ event }) => event))).toEqual(run.state);
    expect(run.state.status === 'new' ? 0 : run.state.version).toBe(run.log.length);
  });
});

test('a grant is over only once it was removed, seen gone unless it never was active', () => {
  holds((run) => {
    const [removed] = eventsOf(run, 'GrantRemoved');
    expect(run.state.status === 'ended').toBe(removed !== undefined);
    if (!removed) return;
    const wasActive = eventsOf(run, 'GrantActivated').length > 0;
    if (wasActive || removed.event.outcome !== 'never-granted')
      expect(removed.event.readBackAt).not.toBeNull();
  });
});

const isTimer = ({ actor }: AccessRequestEvent): boolean => actor.kind !== 'person';

test('nobody decides on identity evidence older than a minute', () => {
  holds((run) => {
    for (const { event, step } of run.log)
      if (/Approved|Authorized|Denied|Extended|Reviewed/.test(event.type) && !isTimer(event))
        expect(step.stale).toBe(false);
  });
});

test('the runs above met what they speak about', () => {
  const few = [
    ...EVENT_SAMPLES.flatMap(({ kind, event }) => (kind === 'request' ? [event.type] : [])),
    ...['self-approval', 'same-identity', 'already-approved', 'code-required', 'content-changed'],
    ...['request-lapsed', 'evidence-stale', 'duration-too-long', 'duration-too-short', 'not-due'],
    ...['a grant by two', 'nothing to read back', 'extension-too-long'],
  ].filter((what) => (seen.get(what) ?? 0) < 2);
  expect(few.map((what) => `${what}: ${seen.get(what) ?? 0}`)).toEqual([]);
});
