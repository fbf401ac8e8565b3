/** Everything around an authenticator: forms, answers, and what its owner and the security channel are told of each event. */
import * as fc from 'fast-check';
import {
  authenticatorHelp,
  codesLinkModal,
  codesModal,
  recoverModal,
  resetCancelledAnswer,
  resetConfirmedAnswer,
  resetConfirmModal,
  resetStartedAnswer,
  resetStartModal,
  statusMessage,
} from '../../../lambdas/slack/views/authenticator.ts';
import { noticesFor, resetOpenNotice } from '../../../lambdas/slack/views/authenticator-notices.ts';
import {
  invitation,
  linkModal,
  noticeOf,
  notReached,
  replaceModal,
  vouchedNotice,
  vouchModal,
  wordModal,
} from '../../../lambdas/slack/views/enroll.ts';
import { AuthenticatorEvent } from '../../../shared/domain/authenticator/model.ts';
import { START } from '../samples.ts';
import { arbitraryOf, instant } from './arbitrary-of.ts';
import { blocks, fixed, message, messages, modal, modals, type Pieces } from './piece.ts';
import { peopleUpTo, person } from './states.ts';

const event = arbitraryOf(AuthenticatorEvent);
const made = event.filter(
  (one) => one.type === 'AuthenticatorEnrolled' || one.type === 'AuthenticatorReplaced',
);
const offered = instant.map((expiresAt) => ({
  url: `https://hallpass.example/enroll/${'t'.repeat(43)}`,
  expiresAt,
}));
const status = fc.record({
  ...{ enrolledAt: instant, mayApproveFrom: instant, locked: fc.boolean() },
  recoveryCodesLeft: fc.nat(10),
  reset: fc.constantFrom('none', 'started', 'confirmed'),
});
const reset = fc.record({ owner: person, resetId: fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/) });
const between = fc.record({ opensAt: instant, closesAt: instant });
const confirmers = fc.record({ confirmUntil: instant, confirmers: peopleUpTo(40) });

export const AUTHENTICATOR_PIECES: Readonly<Record<string, Pieces>> = {
  'authenticator-notices.noticesFor': event.map((one) =>
    Object.values(noticesFor(one)).flatMap((notice) => (notice ? [message(notice)] : [])),
  ),
  'authenticator-notices.resetOpenNotice': messages(instant.map(resetOpenNotice)),
  'authenticator.statusMessage': messages(
    fc.option(status).map((one) => statusMessage(one, START)),
  ),
  'authenticator.recoverModal': fixed(modal(recoverModal())),
  'authenticator.codesModal': fixed(modal(codesModal())),
  'authenticator.codesLinkModal': modals(offered.map(codesLinkModal)),
  'authenticator.resetStartModal': modals(
    fc.tuple(person, peopleUpTo(40)).map(([owner, others]) => resetStartModal(owner, others)),
  ),
  'authenticator.resetConfirmModal': modals(
    fc.tuple(reset, person).map(([about, by]) => resetConfirmModal(about, by)),
  ),
  'authenticator.resetStartedAnswer': messages(
    fc.tuple(person, confirmers).map(([owner, started]) => resetStartedAnswer(owner, started)),
  ),
  'authenticator.resetConfirmedAnswer': messages(
    fc.tuple(person, between).map(([owner, when]) => resetConfirmedAnswer(owner, when)),
  ),
  'authenticator.resetCancelledAnswer': messages(person.map(resetCancelledAnswer)),
  'authenticator.authenticatorHelp': fixed(message(authenticatorHelp())),
  'enroll.linkModal': modals(offered.map(linkModal)),
  'enroll.wordModal': modals(instant.map(wordModal)),
  'enroll.replaceModal': fixed(modal(replaceModal())),
  'enroll.vouchModal': modals(person.map(vouchModal)),
  'enroll.vouchedNotice': messages(
    fc.tuple(person, instant).map(([owner, until]) => vouchedNotice(owner, until)),
  ),
  'enroll.invitation': messages(
    fc.tuple(person, instant).map(([voucher, until]) => invitation(voucher, until)),
  ),
  'enroll.notReached': person.map((owner) => [blocks([notReached(owner)])]),
  'enroll.noticeOf': made.map((one) => Object.values(noticeOf(one)).map(message)),
};
