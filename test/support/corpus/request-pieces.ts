/** Everything that shows one request: card, thread, receipt, reminder, forms, explanation. By file and export of lambdas/slack/views. */
import * as fc from 'fast-check';
import { card } from '../../../lambdas/slack/views/card.ts';
import { confirmCard } from '../../../lambdas/slack/views/confirm.ts';
import { withContacts } from '../../../lambdas/slack/views/contacts.ts';
import { explanation } from '../../../lambdas/slack/views/explanation.ts';
import {
  approveExtensionModal,
  denyExtensionModal,
  extendModal,
} from '../../../lambdas/slack/views/extension-forms.ts';
import {
  approveModal,
  denyModal,
  noticeModal,
  requestModal,
} from '../../../lambdas/slack/views/modals.ts';
import { promptMessage } from '../../../lambdas/slack/views/prompt.ts';
import { receipt } from '../../../lambdas/slack/views/receipt.ts';
import { reminder } from '../../../lambdas/slack/views/reminder.ts';
import { overdueMessage, threadMessage } from '../../../lambdas/slack/views/thread.ts';
import { mendMessage } from '../../../lambdas/slack/views/unreachable.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { reminderAt } from '../../../shared/domain/access-request/reminder.ts';
import { ChannelTrouble, RECORDS } from '../../../shared/domain/records.ts';
import { ok, refuse } from '../../../shared/domain/result.ts';
import { COMMANDS } from '../commands.ts';
import { inForce } from '../company.ts';
import { HASH, HISTORIES, later, START } from '../samples.ts';
import { arbitraryOf } from './arbitrary-of.ts';
import { nameUpTo, typedUpTo } from './hostile.ts';
import { message, messages, modal, modals, type Pieces } from './piece.ts';
import { refusal } from './refusal-pieces.ts';
import { cardFacts, peopleUpTo, permitted, stateIn, story } from './states.ts';

const shown = story.chain(({ state, events }) =>
  fc.record({ state: fc.constant(state), events: fc.constant(events), facts: cardFacts(state) }),
);
const state = story.map((one) => one.state);
const opened = fc.record({
  state,
  justification: fc.option(typedUpTo(3000)),
  codeNeeded: fc.boolean(),
});
const EXTENSION = {
  ...{ contentHash: HASH, policyHash: HASH, bySeconds: 3600, askedBy: 'U0ANA' },
  ...{ askedAt: later(500).toISOString(), approvalsNeeded: 2 },
  approvals: [{ approver: 'U0BO', at: later(550).toISOString(), coded: true }],
  nudgedAt: [],
};
const LIVE = replay(HISTORIES.active);
if (LIVE.status !== 'active') throw new Error('The sample is active');
const WITH_EXTENSION = { ...LIVE, extension: EXTENSION };
const draft = arbitraryOf(RECORDS.draft.record);
const drafted = fc.record({
  draft,
  verdict: permitted,
  redacted: fc.array(typedUpTo(40), { maxLength: 9 }),
});

/** What a policy of yesterday said, at its most. */
const standing = fc.record({
  roles: fc.array(nameUpTo(63), { maxLength: 20 }),
  named: fc.boolean(),
});
const automatic = fc.record({
  when: fc.record(
    {
      ...{ working_hours: fc.boolean(), on_call: nameUpTo(63) },
      max_duration: fc.integer({ min: 60, max: 31_536_000 }),
    },
    { requiredKeys: [] },
  ),
  budget: fc.record({ per_person_per_day: fc.integer({ min: 1, max: 100 }) }),
});
const why = fc.record({
  rule: fc.constantFrom(null, ...inForce().policy.rules),
  place: fc.option(fc.record({ line: fc.nat(99_999), column: fc.nat(999) })),
  requester: standing,
  approvals: fc.array(
    fc.record({
      ...{ approver: fc.constant('U0BO'), at: fc.constant(START.toISOString()) },
      ...{ coded: fc.boolean(), standing: fc.array(standing, { maxLength: 5 }) },
    }),
    { maxLength: 10 },
  ),
  automatic: fc.option(fc.record({ terms: automatic, spent: fc.nat(100) })),
});

export const REQUEST_PIECES: Readonly<Record<string, Pieces>> = {
  'card.card': shown.map(({ state: drawn, facts }) => [
    message(card(drawn, facts)),
    message(card(drawn, facts, { twin: true })),
  ]),
  'thread.threadMessage': shown.map(({ state: drawn, events, facts }) => [
    message(threadMessage(events, drawn, facts)),
  ]),
  'thread.overdueMessage': messages(state.map(overdueMessage)),
  'prompt.promptMessage': shown.map(({ state: drawn, facts }) =>
    (['nudge', 'escalation'] as const).map((why) => message(promptMessage(drawn, facts, why))),
  ),
  'extension-forms.extendModal': modals(
    fc
      .record({
        drawn: stateIn('active'),
        longestSeconds: fc.integer({ min: 60, max: 31_536_000 }),
        chosenSeconds: fc.option(fc.integer({ min: 60, max: 31_536_000 })),
        codeNeeded: fc.boolean(),
      })
      .map(({ drawn, ...choice }) => extendModal(drawn, choice)),
  ),
  'extension-forms.approveExtensionModal': modals(
    fc
      .record({ justification: fc.option(typedUpTo(3000)), codeNeeded: fc.boolean() })
      .map((rest) => approveExtensionModal(WITH_EXTENSION, { extension: EXTENSION, ...rest })),
  ),
  'extension-forms.denyExtensionModal': modals(
    fc
      .option(typedUpTo(3000))
      .map((justification) => denyExtensionModal(WITH_EXTENSION, justification)),
  ),
  'receipt.receipt': messages(shown.map(({ state: drawn, facts }) => receipt(drawn, facts))),
  'reminder.reminder': shown.map(({ state: drawn, facts }) =>
    [drawn.requestedAt, drawn.status === 'active' ? reminderAt(drawn) : null].flatMap((dueAt) =>
      [true, false].map((dismissed) => message(reminder(drawn, facts, { dueAt, dismissed }))),
    ),
  ),
  'unreachable.mendMessage': state.map((drawn) =>
    [...ChannelTrouble.options, null].map((trouble) => message(mendMessage(drawn, trouble))),
  ),
  'explanation.explanation': messages(
    fc
      .record({
        drawn: state,
        first: permitted,
        codeNeeded: fc.boolean(),
        halted: fc.constant(null),
        no: fc.option(refusal),
        why,
      })
      .map(({ drawn, no, why: facts, ...verdicts }) =>
        explanation(
          drawn,
          { verdicts: no === null ? ok(verdicts) : refuse(no), why: facts },
          START,
        ),
      ),
  ),
  'confirm.confirmCard': messages(
    fc.record({ made: drafted, after: fc.nat(86_400) }).map(({ made, after }) => {
      const about = { contentHash: HASH, policyHash: HASH, command: COMMANDS.RequestAccess };
      return confirmCard({ ...made, ...about }, later(after));
    }),
  ),
  'modals.requestModal': modals(
    draft.map((one) => requestModal(one, { id: one.requestId, v: 0, contentHash: HASH })),
  ),
  'modals.approveModal': modals(
    fc
      .tuple(
        opened,
        fc.option(
          fc.record({ key: fc.constantFrom('INC-123', 'acme/shop#12'), title: nameUpTo(201) }),
        ),
      )
      .map(([shownTo, ticket]) => approveModal({ ...shownTo, ticket })),
  ),
  'modals.denyModal': modals(opened.map(denyModal)),
  'modals.noticeModal': shown.map(({ state: drawn, facts }) => [
    modal(noticeModal('Asked', receipt(drawn, facts))),
  ]),
  'contacts.withContacts': messages(
    fc
      .record({ drawn: stateIn('pending'), contacts: peopleUpTo(5) })
      .map(({ drawn, contacts }) => withContacts(mendMessage(drawn, 'channel-refused'), contacts)),
  ),
};
