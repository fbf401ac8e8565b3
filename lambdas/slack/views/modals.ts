/**
 * The forms. Each repeats what will be decided, read from the store when it opens, and carries id, version and content hash
 * in its metadata: nothing that a stale or forged screen could change.
 */

import type { Draft } from '../../../shared/application/ask.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { FormMetadata } from '../payloads.ts';
import type { KnownBlock, Modal } from './block-kit.ts';
import { asked } from './card.ts';
import { durationValue, shorterThan } from './durations.ts';
import { code } from './escape.ts';
import { LIMITS } from './limits.ts';
import { context, forHowLong, forWhom, type Message, mention, quoted, section } from './parts.ts';

import { laterLine, unusual } from './unusual.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });

type Form = { callbackId: string; title: string; submit: string; metadata: FormMetadata };
export const form = (
  { callbackId, title, submit, metadata }: Form,
  blocks: KnownBlock[],
): Modal => ({
  type: 'modal',
  callback_id: callbackId,
  title: plain(title),
  submit: plain(submit),
  close: plain('Cancel'),
  private_metadata: JSON.stringify(metadata),
  blocks,
});

export const codeInput: KnownBlock = {
  type: 'input',
  block_id: 'code',
  label: plain('Your one-time code'),
  hint: plain('The six digits that your authenticator shows now.'),
  element: {
    type: 'plain_text_input',
    action_id: 'code',
    max_length: 16,
    placeholder: plain('123 456'),
  },
};

export const requestModal = (draft: Draft, metadata: FormMetadata): Modal =>
  form({ callbackId: 'request', title: `Ask ${draft.requestId}`, submit: 'Ask', metadata }, [
    section(
      `${unusual(draft)}You ask for ${code(draft.role)} on ${code(draft.entitlement)}${forWhom(draft)} for *${forHowLong(draft.durationSeconds)}*.${laterLine(draft)}`,
    ),
    quoted('Why (typed by you)', draft.justification),
    codeInput,
  ]);

export type Shown = { state: KnownRequest; justification: string | null; codeNeeded: boolean };

const summary = ({ state, justification }: Shown): KnownBlock[] => [
  section(asked(state)),
  justification === null
    ? context('Why: the words were erased')
    : quoted('Why (typed by the requester)', justification),
];

/** `ticket`: what its tracker says, which is no part of what is approved. */
export const approveModal = (
  shown: Shown & { ticket: { key: string; title: string } | null },
): Modal => {
  const { requestId, version, contentHash } = shown.state;
  const metadata = { id: requestId, v: version, contentHash };
  return form(
    { callbackId: 'approve', title: `Approve ${requestId}`, submit: 'Approve', metadata },
    [
      ...summary(shown),
      ...(shown.ticket
        ? [quoted(`Ticket ${shown.ticket.key}, as its tracker calls it now`, shown.ticket.title)]
        : []),
      ...(shown.codeNeeded ? [codeInput] : []),
      howLong(shown.state),
      ...soFar(shown.state),
      context(`${requestId} · what you approve is bound to this content and to your code`),
    ],
  );
};

function howLong({ durationSeconds }: KnownRequest): KnownBlock {
  const option = (seconds: number, text: string) => ({
    text: plain(text),
    value: durationValue(seconds),
  });
  const asAsked = option(durationSeconds, `${forHowLong(durationSeconds)}, as asked`);
  const shorter = shorterThan(durationSeconds).map((each) => option(each, forHowLong(each)));
  return {
    type: 'input',
    block_id: 'duration',
    label: plain('For how long'),
    hint: plain('You may approve for less, not for more.'),
    element: {
      type: 'static_select',
      action_id: 'duration',
      initial_option: asAsked,
      options: [asAsked, ...shorter],
    },
  };
}

/** Where several approve, the shortest of their times is given. */
function soFar({ approvals }: KnownRequest): KnownBlock[] {
  if (approvals.length === 0) return [];
  const given = approvals.map(
    ({ approver, durationSeconds }) => `${mention(approver)} for ${forHowLong(durationSeconds)}`,
  );
  return [context(`Approved so far: ${given.join(', ')}. The shortest time is given.`)];
}

export const whyNotInput: KnownBlock = {
  type: 'input',
  block_id: 'reason',
  label: plain('Why not?'),
  hint: plain('The requester reads this.'),
  element: {
    type: 'plain_text_input',
    action_id: 'reason',
    multiline: true,
    max_length: LIMITS.plainTextInput.length,
  },
};

export const denyModal = (shown: Shown): Modal => {
  const { requestId, version, contentHash } = shown.state;
  const metadata = { id: requestId, v: version, contentHash };
  return form({ callbackId: 'deny', title: `Deny ${requestId}`, submit: 'Deny', metadata }, [
    ...summary(shown),
    whyNotInput,
  ]);
};

/** What a form turns into when it was taken, or refused for a reason no field can mend. */
export const noticeModal = (title: string, { blocks }: Message): Modal => ({
  type: 'modal',
  callback_id: 'notice',
  title: plain(title),
  close: plain('Close'),
  blocks,
});
