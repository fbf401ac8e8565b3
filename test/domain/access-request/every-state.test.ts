/** Every command in every state: what it does where it belongs, and the same clear no everywhere else. */
import { type Command, wrongStatus } from '../../../shared/domain/access-request/command.ts';
import { decide } from '../../../shared/domain/access-request/decide.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import {
  AccessRequest,
  type RequestStatus,
  requestDueAt,
} from '../../../shared/domain/access-request/model.ts';
import { COMMANDS } from '../../support/commands.ts';
import { factsAt } from '../../support/company.ts';
import {
  activated,
  asked,
  authorized,
  escalationPlanned,
  extensionAsked,
  HISTORIES,
  iso,
  reviewed,
  reviewOverdue,
} from '../../support/samples.ts';
import { given } from '../../support/story.ts';

type Outcome = { in: RequestStatus; at?: number; gives: AccessRequestEvent['type'][] };

/** The only pairs that do anything. */
const MEANT: { [T in Command['type']]: Outcome[] } = {
  RequestAccess: [{ in: 'new', gives: ['AccessRequested'] }],
  ApproveRequest: [{ in: 'pending', gives: ['RequestApproved', 'GrantAuthorized'] }],
  DenyRequest: [{ in: 'pending', gives: ['RequestDenied'] }],
  WithdrawRequest: [
    { in: 'pending', gives: ['RequestWithdrawn'] },
    { in: 'scheduled', gives: ['RequestWithdrawn'] },
  ],
  // Reviews need a break-glass, which no plain history has: break-glass.test.ts.
  ReviewBreakGlass: [],
  NoteOverdueReview: [],
  StartGrant: [{ in: 'scheduled', at: 36_000, gives: ['GrantStarted', 'GrantAuthorized'] }],
  EndGrant: [
    { in: 'scheduled', gives: ['GrantNotStarted'] },
    { in: 'activating', gives: ['GrantRevoked'] },
    { in: 'active', gives: ['GrantRevoked'] },
  ],
  RequestExtension: [{ in: 'active', gives: ['ExtensionRequested'] }],
  // What they answer stands in no plain history: extension.test.ts, waiting.test.ts, halted.test.ts.
  ApproveExtension: [],
  DenyExtension: [],
  EscalateRequest: [],
  ObeyStop: [],
  NudgeApprovers: [{ in: 'pending', gives: ['ApproversNudged'] }],
  LapseRequest: [{ in: 'pending', at: 3600, gives: ['RequestLapsed'] }],
  ExpireGrant: [
    { in: 'activating', at: 7260, gives: ['GrantExpired'] },
    { in: 'active', at: 7260, gives: ['GrantExpired'] },
  ],
  ConfirmActivated: [{ in: 'activating', gives: ['GrantActivated'] }],
  ReportActivationFailed: [{ in: 'activating', gives: ['ActivationFailed'] }],
  ConfirmRemoved: [{ in: 'removing', gives: ['GrantRemoved'] }],
  ReportRemovalFailed: [{ in: 'removing', gives: ['RemovalFailed'] }],
};

const commands = Object.values(COMMANDS);
const statuses = AccessRequest.options.map((option) => option.shape.status.value);
const outcomeOf = (command: Command, status: RequestStatus) =>
  MEANT[command.type].find((outcome) => outcome.in === status);
const pairs = commands.flatMap((command) =>
  statuses.map((status) => ({ name: command.type, status, command })),
);

test('the sample histories end in the status they are named after', () => {
  for (const status of statuses) expect(replay(HISTORIES[status]).status).toBe(status);
});

test.each(pairs.filter(({ command, status }) => outcomeOf(command, status)))(
  '$name in state $status is carried out',
  ({ command, status }) => {
    const { at = 600, gives } = outcomeOf(command, status) ?? { gives: [] };
    const about = { requestId: command.requestId, at: iso(at) };
    const events = gives.map((type) => ({ type, ...about, actor: command.actor }));
    given(...HISTORIES[status])
      .when(command, factsAt(at))
      .thenEvents(...events);
  },
);

/** A state that had access answers these by what there is to review. */
const APART = new Set<Command['type']>(['ReviewBreakGlass', 'NoteOverdueReview']);
const HELD = new Set<RequestStatus>(['activating', 'active', 'removing', 'ended', 'failed']);
const isApart = ({ command, status }: { command: Command; status: RequestStatus }) =>
  APART.has(command.type) && HELD.has(status);

test.each(pairs.filter(isApart))('$name in state $status finds nothing to review', (pair) => {
  given(...HISTORIES[pair.status])
    .when(pair.command, factsAt(99_999))
    .thenRefused({ code: 'nothing-to-review' });
});

/** Their noes say more than where the request stands: extension.test.ts, waiting.test.ts. */
const OWN_NOES = new Set<Command['type']>([
  ...(['RequestExtension', 'ApproveExtension', 'DenyExtension'] as const),
  ...(['EscalateRequest', 'ObeyStop'] as const),
]);
const refusedPairs = pairs.filter(
  (pair) => !outcomeOf(pair.command, pair.status) && !isApart(pair),
);

test.each(refusedPairs.filter(({ name }) => OWN_NOES.has(name)))(
  '$name in state $status is refused',
  ({ command, status }) => {
    for (const at of [600, 7260, 99_999])
      expect(decide(replay(HISTORIES[status]), command, factsAt(at)).ok).toBe(false);
  },
);

test.each(refusedPairs.filter(({ name }) => !OWN_NOES.has(name)))(
  '$name in state $status is refused with where the request stands',
  ({ command, status }) => {
    for (const at of [600, 7260, 99_999])
      given(...HISTORIES[status])
        .when(command, factsAt(at))
        .thenRefused(wrongStatus(replay(HISTORIES[status])));
  },
);

describe('where a request stands', () => {
  const bo = { kind: 'person', id: 'U0BO' };
  test.each([
    ['new', { code: 'unknown-request' }],
    ['pending', { code: 'wrong-status', status: 'pending', by: null, at: null }],
    ['denied', { code: 'wrong-status', status: 'denied', by: bo, at: iso(120) }],
    [
      'withdrawn',
      {
        ...{ code: 'wrong-status', status: 'withdrawn', at: iso(120) },
        by: { kind: 'person', id: 'U0ANA' },
      },
    ],
    ['lapsed', { code: 'wrong-status', status: 'lapsed', by: { kind: 'sweep' }, at: iso(3600) }],
    ['scheduled', { code: 'wrong-status', status: 'scheduled', by: bo, at: iso(60) }],
    [
      'not-started',
      { code: 'wrong-status', status: 'not-started', by: { kind: 'sweep' }, at: iso(36_000) },
    ],
    ['activating', { code: 'wrong-status', status: 'activating', by: bo, at: iso(60) }],
    ['active', { code: 'wrong-status', status: 'active', by: bo, at: iso(60) }],
    ['failed', { code: 'wrong-status', status: 'failed', by: bo, at: iso(60) }],
    [
      'removing',
      { code: 'wrong-status', status: 'removing', by: { kind: 'timer' }, at: iso(7260) },
    ],
    ['ended', { code: 'wrong-status', status: 'ended', by: { kind: 'timer' }, at: iso(7260) }],
  ] as const)('names who brought it to %s, and when', (status, refusal) => {
    expect(wrongStatus(replay(HISTORIES[status]))).toEqual(refusal);
  });

  test('names nobody where nobody had to approve', () => {
    const automatic = replay([asked({ approvalsNeeded: 0 }), { ...authorized(), approvers: [] }]);
    expect(wrongStatus(automatic)).toEqual({
      ...{ code: 'wrong-status', status: 'activating', by: null, at: null },
    });
  });

  /** When it lapses; when its holder is reminded of its end. */
  const DUE: Partial<Record<string, string>> = {
    pending: iso(3600),
    scheduled: iso(36_000),
    active: iso(6360),
  };
  test('time acts only on a request that waits and on access that nears its end', () => {
    for (const status of statuses)
      expect(requestDueAt(replay(HISTORIES[status]))).toBe(DUE[status] ?? null);
  });
});

describe('time acts next', () => {
  const due = (...history: AccessRequestEvent[]) => requestDueAt(replay(history));
  const granted = authorized();
  const live = activated();

  test('on an escalation before the request lapses, and on one that would come later never', () => {
    expect(due(asked(), { ...escalationPlanned(), dueAt: iso(3599) })).toBe(iso(3599));
    expect(due(asked({ lapsesAt: iso(900) }), { ...escalationPlanned(), dueAt: iso(900) })).toBe(
      iso(900),
    );
    expect(due(asked({ lapsesAt: iso(900) }), { ...escalationPlanned(), dueAt: iso(901) })).toBe(
      iso(900),
    );
  });

  test('on the end of access, where more time waits for an answer and no reminder comes before', () => {
    const short = { ...granted, expiresAt: iso(960) };
    expect(due(asked(), short, live)).toBeNull();
    expect(due(asked(), short, live, extensionAsked())).toBe(iso(960));
    expect(due(asked(), granted, live, extensionAsked())).toBe(iso(6360));
  });

  test('on a review that is owed, until it was given, whichever comes first', () => {
    const owed = (reviewBy: number) =>
      asked({ breakGlass: { incident: null, reviewBy: iso(reviewBy) } });
    expect(due(owed(100), granted, live)).toBe(iso(100));
    expect(due(owed(90_000), granted, live)).toBe(iso(6360));
    expect(due(owed(100), granted)).toBe(iso(100));
    expect(due(owed(100), granted, live, reviewed())).toBe(iso(6360));
    expect(due(owed(100), granted, live, reviewOverdue())).toBe(iso(6360));
    expect(due(owed(100), granted, reviewOverdue())).toBe(iso(86_460 + 30 * 86_400));
  });
});
