/** Several policies in force at once: each must allow it, a code that one of them wants is due, and an approval counts where all accept it. */
import type { Command } from '../../../shared/domain/access-request/command.ts';
import { decide } from '../../../shared/domain/access-request/decide.ts';
import {
  judgeExtensionAsk,
  mayDecideExtension,
} from '../../../shared/domain/access-request/decide-extension.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { PolicyInForce } from '../../../shared/domain/access-request/facts.ts';
import {
  approve,
  approveMore,
  askForMore,
  deny,
  denyMore,
  request,
} from '../../support/commands.ts';
import { evidenceOf, factsAt, inForce, ruled, writtenCompany } from '../../support/company.ts';
import {
  approval,
  asked,
  EXTENSION_HASH,
  extensionApproved,
  extensionAsked,
  HISTORIES,
} from '../../support/samples.ts';

type Two = readonly [PolicyInForce, PolicyInForce];
type Changes = Parameters<typeof factsAt>[1];
const NO_CODE = { codeFrom: { requester: false, approver: false } };
const codeless = ruled({ code: [] });
const by = (role: string, count: number) => [{ from: { roles: [role] }, count }];
const fromDee = ruled({ approvals: [{ from: { people: ['dee'] }, count: 1 }] });
const fromCy = ruled({ approvals: [{ from: { people: ['cy'] }, count: 1 }] });
const two = ruled({ approvals: by('release-manager', 2) });
const both = (one: PolicyInForce, other: PolicyInForce): Two[] => [
  [one, other],
  [other, one],
];
const denying = inForce({
  rules: [writtenCompany.rules[0], { id: 'no', entitlements: ['github:*'], deny: true }],
});

/** The types of the events, or the code of the refusal. */
function answer(
  history: readonly AccessRequestEvent[],
  command: Command,
  changes: Changes,
): string[] {
  const decision = decide(replay(history), command, factsAt(600, changes));
  return decision.ok ? decision.value.map(({ type }) => type) : [decision.error.code];
}

describe('an ask', () => {
  const recorded = (policies: Two) => {
    const decision = decide(replay([]), request(), factsAt(0, { policies, code: null }));
    if (!decision.ok) throw new Error(decision.error.code);
    const [event] = decision.value;
    if (event?.type !== 'AccessRequested') throw new Error('Nothing was asked');
    return event;
  };

  test('needs the code that one of them wants of the requester', () => {
    for (const policies of both(ruled({ code: ['requester'] }), codeless))
      expect(answer([], request(), { policies, code: null })).toEqual(['code-required']);
  });

  test('records that an approver owes a code where one of them wants it, and the higher number of approvals', () => {
    for (const policies of both(ruled({}), codeless))
      expect(recorded(policies).codeFrom).toEqual({ requester: false, approver: true });
    for (const policies of both(ruled({}), two)) expect(recorded(policies).approvalsNeeded).toBe(2);
  });

  test('that only one of them lets pass without an approval waits for it', () => {
    const auto = { when: { max_duration: '2h' }, budget: { per_person_per_day: 2 } };
    const free = ruled({ auto_approve: auto, code: [] });
    const at = (policies: readonly [PolicyInForce, ...PolicyInForce[]]) =>
      answer([], request(), { policies, usage: [], code: null });
    expect(at([free])).toEqual(['AccessRequested', 'GrantAuthorized']);
    for (const policies of both(free, codeless)) expect(at(policies)).toEqual(['AccessRequested']);
  });
});

describe('an approval', () => {
  test('needs the code that one of them wants', () => {
    for (const policies of both(ruled({}), codeless))
      expect(answer([asked(NO_CODE)], approve(), { policies, code: null })).toEqual([
        'code-required',
      ]);
  });

  test('of what one of them denies is refused, before any code is asked for', () => {
    for (const policies of both(denying, codeless))
      expect(answer([asked(NO_CODE)], approve(), { policies, code: null })).toEqual([
        'denied-by-rule',
      ]);
  });

  test('is up to those who may by each of them', () => {
    for (const policies of both(ruled({}), fromDee)) {
      expect(answer([asked()], approve('U0BO'), { policies })).toEqual(['not-an-approver']);
      expect(answer([asked()], approve('U0DEE'), { policies })).toEqual([
        ...['RequestApproved', 'GrantAuthorized'],
      ]);
    }
  });

  test('of earlier counts only where each of them accepts it', () => {
    const earlier = [asked(), approval()];
    expect(answer(earlier, approve('U0CY'), { policies: [two] })).toHaveLength(2);
    for (const policies of both(fromCy, two))
      expect(answer(earlier, approve('U0CY'), { policies })).toEqual(['RequestApproved']);
  });
});

describe('a denial', () => {
  test('is up to those who may by any of them', () => {
    for (const policies of both(ruled({}), fromDee)) {
      expect(answer([asked()], deny('U0BO'), { policies })).toEqual(['RequestDenied']);
      expect(answer([asked()], deny('U0FAY'), { policies })).toEqual(['not-an-approver']);
    }
  });

  test('is up to somebody who approved, though they may no more; to nobody else who never might', () => {
    const earlier = [asked(), approval()];
    expect(answer(earlier, deny('U0BO'), { policies: [fromDee] })).toEqual(['RequestDenied']);
    expect(answer(earlier, deny('U0FAY'), { policies: [fromDee] })).toEqual(['not-an-approver']);
    expect(answer([asked()], deny('U0BO'), { policies: [fromDee] })).toEqual(['not-an-approver']);
  });

  test('is refused while one of them wants it proven who they are, though they approved', () => {
    const { evidence, now } = factsAt(600);
    const guest = new Map(evidence).set('U0BO', evidenceOf('U0BO', now, { isRestricted: true }));
    const earlier = [asked(), approval()];
    const { bo: _, ...people } = writtenCompany.people;
    const answers = both(ruled({}), inForce({ people })).map((policies) =>
      answer(earlier, deny('U0BO'), { policies, evidence: guest }),
    );
    expect(answers).toEqual([['not-a-full-member'], ['unknown-person']]);
  });
});

describe('more time', () => {
  const active = HISTORIES.active;
  const waiting = [...active, extensionAsked()];
  const uncoded = [asked(NO_CODE), ...waiting.slice(1)];
  const code = { factor: { kind: 'totp', step: 59_000_100 } as const, contentHash: EXTENSION_HASH };

  test('needs the code that one of them wants of who asks', () => {
    for (const policies of both(ruled({ code: ['requester'] }), codeless))
      expect(answer(active, askForMore(), { policies, code: null })).toEqual(['code-required']);
  });

  test('that only one of them gives without an approval waits for it', () => {
    const free = ruled({ extend: { approval: 'none' } });
    expect(answer(active, askForMore(), { policies: [free] })).toHaveLength(2);
    for (const policies of both(free, ruled({})))
      expect(answer(active, askForMore(), { policies })).toEqual(['ExtensionRequested']);
  });

  test('is approved by those who may by each of them, with the code that one of them wants', () => {
    for (const policies of both(ruled({}), fromDee)) {
      expect(answer(waiting, approveMore('U0BO'), { policies, code })).toEqual(['not-an-approver']);
      expect(mayDecideExtension(replay(waiting), 'U0BO', factsAt(600, { policies }))).toEqual({
        ...{ ok: false, error: { code: 'not-an-approver', from: ['dee'] } },
      });
    }
    for (const policies of both(ruled({}), codeless))
      expect(answer(uncoded, approveMore(), { policies, code: null })).toEqual(['code-required']);
    for (const policies of both(denying, codeless))
      expect(answer(uncoded, approveMore(), { policies, code: null })).toEqual(['denied-by-rule']);
  });

  test('needs as many approvals as the stricter of them, each accepted by all', () => {
    for (const policies of both(ruled({}), two))
      expect(answer(waiting, approveMore(), { policies, code })).toEqual(['ExtensionApproved']);
    const earlier = [...waiting, extensionApproved()];
    for (const policies of both(fromCy, two))
      expect(answer(earlier, approveMore('U0CY'), { policies, code })).toEqual([
        'ExtensionApproved',
      ]);
  });

  test('is denied by whoever may by any of them', () => {
    for (const policies of both(ruled({}), fromDee)) {
      expect(answer(waiting, denyMore('U0BO'), { policies })).toEqual(['ExtensionDenied']);
      expect(answer(waiting, denyMore('U0FAY'), { policies })).toEqual(['not-an-approver']);
    }
  });

  test('is answered alike where a form is opened and where it is sent', () => {
    for (const [person, bySeconds] of [
      ['U0ANA', 3600],
      ['U0ANA', 7201],
      ['U0BO', 3600],
    ] as const) {
      const facts = factsAt(600);
      const opened = judgeExtensionAsk(replay(active), { person, bySeconds }, facts);
      const sent = decide(replay(active), askForMore(bySeconds, person), facts);
      expect(opened.ok ? null : opened.error).toEqual(sent.ok ? null : sent.error);
    }
    expect(judgeExtensionAsk(replay([]), { person: 'U0ANA', bySeconds: 60 }, factsAt(600))).toEqual(
      { ok: false, error: { code: 'unknown-request' } },
    );
  });
});
