/** While a request waits: reminders within their bounds, an escalation once; and what a halt refuses of all commands. */
import { type Command, wrongStatus } from '../../../shared/domain/access-request/command.ts';
import { decide } from '../../../shared/domain/access-request/decide.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { givesAccess } from '../../../shared/domain/access-request/halted.ts';
import { requestDueAt } from '../../../shared/domain/access-request/model.ts';
import { COMMANDS, escalate, nudge, obeyStop, request } from '../../support/commands.ts';
import { factsAt, inForce, ruled } from '../../support/company.ts';
import {
  asked,
  escalated,
  escalationPlanned,
  extensionAsked,
  HISTORIES,
  iso,
  nudged,
} from '../../support/samples.ts';
import { given } from '../../support/story.ts';

describe('a nudge', () => {
  test('is the requester’s or the subject’s', () => {
    for (const person of ['U0ANA', 'U0FAY'])
      given(asked({ subject: 'U0FAY' }))
        .when(nudge(person), factsAt(600))
        .thenEvents({ type: 'ApproversNudged' });
    given(asked()).when(nudge('U0BO'), factsAt(600)).thenRefused({ code: 'not-your-request' });
  });

  test('comes a quarter of an hour after the one before, and no second earlier', () => {
    given(asked(), nudged(600))
      .when(nudge(), factsAt(1499))
      .thenRefused({ code: 'nudged-just-now', nextAt: iso(1500) });
    given(asked(), nudged(600))
      .when(nudge(), factsAt(1500))
      .thenEvents({ type: 'ApproversNudged' });
  });

  test('is refused the fourth time, and once it is too late', () => {
    given(asked(), nudged(600), nudged(1500), nudged(2400))
      .when(nudge(), factsAt(3500))
      .thenRefused({ code: 'nudged-enough', most: 3 });
    given(asked())
      .when(nudge(), factsAt(3600))
      .thenRefused({ code: 'request-lapsed', lapsedAt: iso(3600) });
  });
});

describe('a nudge about more time', () => {
  const waiting = [...HISTORIES.active, extensionAsked()];

  test('is counted apart from those of the request, and is as seldom', () => {
    const reminded = [...waiting, nudged(600)];
    given(asked(), nudged(20), nudged(40), nudged(50), ...waiting.slice(1))
      .when(nudge(), factsAt(600))
      .thenEvents({ type: 'ApproversNudged' });
    given(...reminded)
      .when(nudge(), factsAt(1499))
      .thenRefused({ code: 'nudged-just-now', nextAt: iso(1500) });
    given(...reminded, nudged(1500), nudged(2400))
      .when(nudge(), factsAt(3300))
      .thenRefused({ code: 'nudged-enough', most: 3 });
    given(...waiting)
      .when(nudge('U0BO'), factsAt(600))
      .thenRefused({ code: 'not-your-request' });
  });

  test('is possible while it can be answered: before the end, and while it waits', () => {
    const by = { kind: 'person', id: 'U0BO' } as const;
    const standing = { code: 'wrong-status', status: 'active', by, at: iso(60) } as const;
    given(...waiting)
      .when(nudge(), factsAt(7259.999))
      .thenEvents({ type: 'ApproversNudged' });
    given(...waiting)
      .when(nudge(), factsAt(7260))
      .thenRefused(standing);
    given(...HISTORIES.active)
      .when(nudge(), factsAt(600))
      .thenRefused(standing);
  });
});

describe('an escalation', () => {
  const policies = [ruled({ escalate: { after: '30m', to: { roles: ['admin'] } } })] as const;
  const planned = [asked(), escalationPlanned()];

  test('is planned with the ask, so that it falls due', () => {
    const state = given()
      .when(request(), factsAt(0, { policies }))
      .thenEvents({ type: 'AccessRequested' }, { type: 'EscalationPlanned', dueAt: iso(1800) });
    expect(requestDueAt(state)).toBe(iso(1800));
    expect(requestDueAt(replay([...planned, escalated()]))).toBe(iso(3600));
  });

  test('tells whom the rule names, once, and leaves everything else as it was', () => {
    const next = given(...planned)
      .when(escalate(), factsAt(1800, { policies, evidence: new Map() }))
      .thenEvents({ type: 'RequestEscalated', to: ['U0DEE'] });
    expect(next).toMatchObject({ status: 'pending', approvals: [] });
    given(...planned, escalated())
      .when(escalate(), factsAt(1900, { policies }))
      .thenRefused({ code: 'not-due', dueAt: iso(3600) });
  });

  test('never comes early, late, or where none was planned', () => {
    given(...planned)
      .when(escalate(), factsAt(1799, { policies }))
      .thenRefused({ code: 'not-due', dueAt: iso(1800) });
    given(...planned)
      .when(escalate(), factsAt(3600, { policies }))
      .thenRefused({ code: 'request-lapsed', lapsedAt: iso(3600) });
    given(asked())
      .when(escalate(), factsAt(1800, { policies }))
      .thenRefused({ code: 'not-due', dueAt: iso(3600) });
  });

  test('tells nobody where today’s rule names nobody, or permits it no more', () => {
    given(...planned)
      .when(escalate(), factsAt(1800))
      .thenEvents({ type: 'RequestEscalated', to: [] });
    const denied = [inForce({ rules: [{ id: 'no', entitlements: ['*'], deny: true }] })] as const;
    given(...planned)
      .when(escalate(), factsAt(1800, { policies: denied }))
      .thenEvents({ type: 'RequestEscalated', to: [] });
  });

  test('is of what waits, and of nothing else', () => {
    for (const [status, history] of Object.entries(HISTORIES))
      if (status !== 'pending')
        given(...history)
          .when(escalate(), factsAt(1800, { policies }))
          .thenRefused(wrongStatus(replay(history)));
  });
});

describe('while new access is halted', () => {
  const since = iso();
  const paused = { code: 'grants-paused', scope: 'github', since } as const;
  const stopped = { code: 'everything-stopped', since } as const;
  const GIVING: [Command['type'], (typeof HISTORIES)[keyof typeof HISTORIES]][] = [
    ['RequestAccess', []],
    ['ApproveRequest', HISTORIES.pending],
    ['StartGrant', HISTORIES.scheduled],
    ['RequestExtension', HISTORIES.active],
    ['ApproveExtension', HISTORIES.active],
    ['NudgeApprovers', HISTORIES.pending],
  ];

  test.each(GIVING)('%s is refused before anything else is asked', (type, history) => {
    for (const halted of [paused, stopped])
      given(...history)
        .when(COMMANDS[type], factsAt(600, { halted, evidence: new Map(), code: null }))
        .thenRefused(halted);
  });

  test('and nothing else is', () => {
    const others = Object.values(COMMANDS).filter((command) => !givesAccess(command));
    expect(others.length + GIVING.length).toBe(Object.keys(COMMANDS).length);
    for (const command of others)
      for (const history of Object.values(HISTORIES)) {
        const [free, halted] = [null, stopped].map((halt) =>
          decide(replay(history), command, factsAt(600, { halted: halt })),
        );
        expect(halted).toEqual(free);
      }
  });

  test('who comes too late hears that it is over', () => {
    given(...HISTORIES.denied)
      .when(COMMANDS.ApproveRequest, factsAt(600, { halted: stopped }))
      .thenRefused({
        code: 'wrong-status',
        status: 'denied',
        by: { kind: 'person', id: 'U0BO' },
        at: iso(120),
      });
  });
});

describe('under a stop', () => {
  const facts = factsAt(600, { stoppedBy: 'U0DEE', evidence: new Map() });
  test.each([
    ['pending', 'RequestWithdrawn', 'withdrawn'],
    ['scheduled', 'RequestWithdrawn', 'withdrawn'],
    ['activating', 'GrantRevoked', 'removing'],
    ['active', 'GrantRevoked', 'removing'],
  ] as const)('what is %s obeys, whoever the admin is by now', (status, type, leadsTo) => {
    const next = given(...HISTORIES[status])
      .when(obeyStop(), facts)
      .thenEvents({ type, actor: { kind: 'person', id: 'U0DEE' } });
    expect(next.status).toBe(leadsTo);
  });

  test.each(['new', 'removing', 'ended', 'failed', 'denied', 'not-started'] as const)(
    'what is %s has nothing to obey with',
    (status) => {
      given(...HISTORIES[status])
        .when(obeyStop(), facts)
        .thenRefused(wrongStatus(replay(HISTORIES[status])));
    },
  );

  test('an extension that waits is no reason to stay', () => {
    given(...HISTORIES.active, extensionAsked())
      .when(obeyStop(), facts)
      .thenEvents({ type: 'GrantRevoked', cause: 'admin' });
  });

  test('and without one nothing does, nor in another’s name', () => {
    for (const stoppedBy of [null, 'U0BO'])
      for (const history of Object.values(HISTORIES))
        given(...history)
          .when(obeyStop(), factsAt(600, { stoppedBy }))
          .thenRefused({ code: 'not-allowed-to-end' });
  });
});
