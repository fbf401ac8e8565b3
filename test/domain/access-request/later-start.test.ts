/** What was approved ahead: who starts it, when, what is judged anew at that moment, and what never starts. */
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import type { Facts } from '../../../shared/domain/access-request/facts.ts';
import { approve, COMMANDS, start } from '../../support/commands.ts';
import {
  deployRule,
  everybody,
  evidenceOf,
  factsAt,
  inForce,
  ruled,
  writtenCompany,
} from '../../support/company.ts';
import { approval, asked, askedAhead, HASH, iso, later, scheduled } from '../../support/samples.ts';
import { type Expected, given } from '../../support/story.ts';

const BEGIN = 36_000;
const LONG = 7200;
const AT_NIGHT = { notBefore: iso(BEGIN), until: null };
const WINDOW = { notBefore: iso(BEGIN), until: iso(BEGIN + 10_000) };
const ahead = [askedAhead(), approval(), scheduled()] as const;
const window = (part: object = {}): AccessRequestEvent[] => [
  asked({ start: WINDOW, lapsesAt: WINDOW.notBefore, ...part }),
  approval(),
  scheduled({ start: WINDOW }),
];
const byHolder = (person = 'U0ANA') => start({ kind: 'person', id: person });
const policies = [ruled({ start_within: '7d' })] as const;
const at = (seconds: number, changes: Partial<Facts> = {}) =>
  factsAt(seconds, { policies, code: null, ...changes });
const refusedFor = (why: string) => ({ type: 'GrantNotStarted', why, reason: null }) as const;

test('an approval ahead schedules, and gives nothing yet', () => {
  given(askedAhead())
    .when(approve(), factsAt(60, { policies }))
    .thenEvents(
      { type: 'RequestApproved' },
      { type: 'GrantScheduled', start: AT_NIGHT, durationSeconds: LONG, approvers: ['U0BO'] },
    );
});

describe('at its time', () => {
  test('it starts, and no second earlier', () => {
    given(...ahead)
      .when(start(), at(BEGIN - 0.001))
      .thenRefused({ code: 'not-due', dueAt: iso(BEGIN) });
    given(...ahead)
      .when(start(), at(BEGIN))
      .thenEvents(
        { type: 'GrantStarted', policyHash: policies[0].hash, factor: null },
        {
          type: 'GrantAuthorized',
          policyHash: policies[0].hash,
          durationSeconds: LONG,
          expiresAt: iso(BEGIN + LONG),
          approvers: ['U0BO'],
        },
      );
  });

  test('it ends when it was to end, however late it starts, and once that is over it never starts', () => {
    given(...ahead)
      .when(start(), at(BEGIN + LONG - 1))
      .thenEvents(
        { type: 'GrantStarted' },
        { type: 'GrantAuthorized', expiresAt: iso(BEGIN + LONG) },
      );
    given(...ahead)
      .when(start(), at(BEGIN + LONG))
      .thenEvents(refusedFor('too-late'));
  });

  test('time needs no fresh evidence about anybody; whoever is known to be gone gets nothing', () => {
    given(...ahead)
      .when(start(), at(BEGIN, { evidence: new Map() }))
      .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized' });
    const gone = new Map([['U0ANA', evidenceOf('U0ANA', later(BEGIN), { deleted: true })]]);
    given(...ahead)
      .when(start(), at(BEGIN, { evidence: gone }))
      .thenEvents(refusedFor('not-a-full-member'));
  });

  test('what a policy denies by then never starts, whichever of the two it is', () => {
    const deny = { id: 'no', entitlements: ['*'], requesters: { people: ['ana'] }, deny: true };
    const denying = inForce({ rules: [deny] });
    for (const both of [
      [denying, policies[0]],
      [policies[0], denying],
    ] as const)
      given(...ahead)
        .when(start(), at(BEGIN, { policies: both }))
        .thenEvents(refusedFor('denied-by-rule'));
  });

  test('an approval of somebody who may not approve any more counts no more once the policy changed', () => {
    const other = ruled({ approvals: [{ from: { people: ['cy'] }, count: 1 }] });
    given(...ahead)
      .when(start(), at(BEGIN, { policies: [other, policies[0]] }))
      .thenEvents(refusedFor('approvals-no-longer-count'));
  });

  test('an approval that is void since its approver lost an authenticator counts no more', () => {
    const approvalsVoidUntil = new Map([['U0BO', iso(60)]]);
    given(...ahead)
      .when(start(), at(BEGIN, { approvalsVoidUntil }))
      .thenEvents(refusedFor('approvals-no-longer-count'));
    given(...ahead)
      .when(start(), at(BEGIN, { approvalsVoidUntil: new Map([['U0BO', iso(59)]]) }))
      .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized' });
  });

  test('an approval without the code that was due counts no more', () => {
    given(askedAhead(), approval({ factor: null }), scheduled())
      .when(start(), at(BEGIN))
      .thenEvents(refusedFor('approvals-no-longer-count'));
    const codeFrom = { requester: false, approver: false };
    given(askedAhead({ codeFrom }), approval({ factor: null }), scheduled())
      .when(start(), at(BEGIN))
      .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized', approvers: ['U0BO'] });
  });
});

describe('within a window', () => {
  test('nothing starts by itself, and at its end nothing can any more', () => {
    given(...window())
      .when(start(), at(BEGIN))
      .thenRefused({ code: 'not-due', dueAt: WINDOW.until });
    given(...window())
      .when(start(), at(BEGIN + 10_000))
      .thenEvents(refusedFor('window-closed'));
  });

  test('its requester or its subject starts it, and nobody else', () => {
    for (const person of ['U0ANA', 'U0FAY'])
      given(...window({ subject: 'U0FAY' }))
        .when(
          byHolder(person),
          at(BEGIN, { policies: [ruled({ start_within: '7d', subjects: { people: ['fay'] } })] }),
        )
        .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized' });
    given(...window())
      .when(byHolder('U0BO'), at(BEGIN))
      .thenRefused({ code: 'not-your-request' });
  });

  test('access lasts as long as was approved, and is over with the window', () => {
    const startedAt = (seconds: number, end: number) =>
      given(...window())
        .when(byHolder(), at(seconds))
        .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized', expiresAt: iso(end) });
    startedAt(BEGIN + 100, BEGIN + 100 + LONG);
    startedAt(BEGIN + 9999, BEGIN + 10_000);
    given(...window())
      .when(byHolder(), at(BEGIN + 10_000))
      .thenRefused({ code: 'window-closed', until: WINDOW.until });
  });

  test('without one its holder starts it too, up to its end', () => {
    given(...ahead)
      .when(byHolder(), at(BEGIN + LONG - 1))
      .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized' });
    given(...ahead)
      .when(byHolder(), at(BEGIN + LONG))
      .thenRefused({ code: 'window-closed', until: iso(BEGIN + LONG) });
  });

  test('whoever starts it is proven anew, and so are its approvals', () => {
    const known = everybody.filter((slack) => slack !== 'U0ANA');
    const evidence = new Map(known.map((slack) => [slack, evidenceOf(slack, later(BEGIN))]));
    given(...window())
      .when(byHolder(), at(BEGIN, { evidence }))
      .thenRefused({ code: 'evidence-stale', person: 'U0ANA' });
    given(...window())
      .when(byHolder(), at(BEGIN, { approvalsVoidUntil: new Map([['U0BO', iso(60)]]) }))
      .thenRefused({ code: 'approvals-no-longer-count', needed: 1, have: 0 });
  });

  test('where the rule asks the requester for a code, it is for this very request', () => {
    const codeFrom = { requester: true, approver: true };
    const factor = { kind: 'totp', step: 59_000_100 } as const;
    const give = (code: Facts['code']) =>
      given(...window({ codeFrom })).when(byHolder(), at(BEGIN, { code }));
    const needed = { code: 'code-required', from: 'requester' } as const;
    give(null).thenRefused(needed);
    give({ factor, contentHash: 'f'.repeat(64) }).thenRefused(needed);
    give({ factor, contentHash: HASH }).thenEvents(
      { type: 'GrantStarted', factor },
      { type: 'GrantAuthorized' },
    );
    given(...window())
      .when(byHolder(), at(BEGIN, { code: { factor, contentHash: 'f'.repeat(64) } }))
      .thenEvents({ type: 'GrantStarted', factor: null }, { type: 'GrantAuthorized' });
  });
});

describe('approvals that rest on a group', () => {
  const managers = { slack_usergroup: 'S0MANAGERS', roles: ['release-manager'] };
  const { bo, ...others } = writtenCompany.people;
  const people = { ...others, bo: { ...bo, roles: ['auditor'] } };
  const rules = [{ ...deployRule, start_within: '7d' }];
  const grouped = inForce({ groups: { managers }, people, rules });
  const known = new Map([['S0MANAGERS', ['U0BO']]]);
  const under = (changes: Partial<Facts> = {}) => at(BEGIN, { policies: [grouped], ...changes });
  const starts: Expected[] = [
    { type: 'GrantStarted' },
    { type: 'GrantAuthorized', approvers: ['U0BO'] },
  ];
  const none = { code: 'approvals-no-longer-count', needed: 1, have: 0 } as const;

  test('still count when time starts it and cannot ask who is in the group', () => {
    given(...ahead)
      .when(start(), under())
      .thenEvents(...starts);
    given(...ahead)
      .when(start(), under({ groupMembers: known }))
      .thenEvents(...starts);
  });

  test('count no more by time once another policy is in force, or one of them is void', () => {
    given(...ahead)
      .when(start(), at(BEGIN, { policies: [grouped, { ...grouped, hash: HASH }] }))
      .thenEvents(refusedFor('approvals-no-longer-count'));
    given(...ahead)
      .when(start(), under({ approvalsVoidUntil: new Map([['U0BO', iso(60)]]) }))
      .thenEvents(refusedFor('approvals-no-longer-count'));
  });

  test('are asked about anew when its holder starts it', () => {
    given(...ahead)
      .when(byHolder(), under({ groupMembers: known }))
      .thenEvents(...starts);
    given(...ahead)
      .when(byHolder(), under({ groupMembers: new Map([['S0MANAGERS', []]]) }))
      .thenRefused(none);
  });
});

test('what needed no approval ahead needs none at its start', () => {
  const auto = { when: { max_duration: '2h' }, budget: { per_person_per_day: 2 } };
  const free = ruled({ start_within: '7d', auto_approve: auto });
  const history = [askedAhead({ approvalsNeeded: 0 }), scheduled({ approvers: [] })];
  for (const command of [start(), byHolder()])
    given(...history)
      .when(command, at(BEGIN, { policies: [free] }))
      .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized', approvers: [] });
  for (const command of [start(), byHolder()])
    given(...history)
      .when(command, at(BEGIN, { policies }))
      .thenEvents({ type: 'GrantStarted' }, { type: 'GrantAuthorized', approvers: [] });
});

test('only what is scheduled starts', () => {
  given(asked())
    .when(COMMANDS.StartGrant, at(BEGIN))
    .thenRefused({ code: 'wrong-status', status: 'pending', by: null, at: null });
});
