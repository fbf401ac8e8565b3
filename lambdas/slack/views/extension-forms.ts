/** The form that asks for more time, and the form by which it is approved. Each repeats what it is about as the store has it. */
import type { InStatus } from '../../../shared/domain/access-request/model.ts';
import type { Modal } from './block-kit.ts';
import { asked } from './card.ts';
import { durationValue, shorterThan } from './durations.ts';
import { asksFor, EXTENSION_ACTIONS, type Extension } from './extension.ts';
import { dayAndTime } from './instants.ts';
import { codeInput, form, whyNotInput } from './modals.ts';
import { context, forHowLong, quoted, section } from './parts.ts';

type Active = InStatus<'active'>;
const USUAL_SECONDS = 3600;
const plain = (text: string) => ({ type: 'plain_text' as const, text });

export function extendModal(
  state: Active,
  choice: { longestSeconds: number; chosenSeconds: number | null; codeNeeded: boolean },
): Modal {
  const { requestId, version, contentHash } = state;
  const { longestSeconds, chosenSeconds, codeNeeded } = choice;
  const offered = [longestSeconds, ...shorterThan(longestSeconds)];
  const wanted = chosenSeconds ?? offered.find((seconds) => seconds <= USUAL_SECONDS);
  const seconds = [...new Set([...offered, ...(wanted === undefined ? [] : [wanted])])];
  const options = seconds.map((each) => ({
    text: plain(`${forHowLong(each)} more`),
    value: durationValue(each),
  }));
  const initial = options.find(
    ({ value }) => wanted !== undefined && value === durationValue(wanted),
  );
  const metadata = { id: requestId, v: version, contentHash };
  return form({ callbackId: 'extend', title: `Extend ${requestId}`, submit: 'Ask', metadata }, [
    section(`${asked(state)}\nIt ends ${dayAndTime(state.expiresAt)}.`),
    {
      type: 'input',
      block_id: 'duration',
      label: plain('How much longer'),
      hint: plain(
        'It is added to the end above. Approvers are asked anew where the rule wants them.',
      ),
      element: {
        type: 'static_select',
        action_id: 'duration',
        options,
        ...(initial ? { initial_option: initial } : {}),
      },
    },
    ...(codeNeeded ? [codeInput] : []),
  ]);
}

export function approveExtensionModal(
  state: Active,
  shown: { extension: Extension; justification: string | null; codeNeeded: boolean },
): Modal {
  const { requestId, version } = state;
  const { extension, justification, codeNeeded } = shown;
  const metadata = { id: requestId, v: version, contentHash: extension.contentHash };
  const callbackId = EXTENSION_ACTIONS.approve;
  return form({ callbackId, title: `Extend ${requestId}`, submit: 'Approve', metadata }, [
    section(`${asked(state)}\n${asksFor(state, extension)}`),
    whyAsked(justification),
    ...(codeNeeded ? [codeInput] : []),
    context(`${requestId} · what you approve is bound to this extension and to your code`),
  ]);
}

export function denyExtensionModal(
  state: Active & { readonly extension: Extension },
  justification: string | null,
): Modal {
  const { requestId, version, extension } = state;
  const metadata = { id: requestId, v: version, contentHash: extension.contentHash };
  const callbackId = EXTENSION_ACTIONS.deny;
  return form({ callbackId, title: `Extend ${requestId}`, submit: 'Deny', metadata }, [
    section(`${asked(state)}\n${asksFor(state, extension)}`),
    whyAsked(justification),
    whyNotInput,
    context(`${requestId} · the access stays as it is and ends at its time`),
  ]);
}

const whyAsked = (justification: string | null) =>
  justification === null
    ? context('Why: the words were erased')
    : quoted('Why (typed by the requester)', justification);
