/**
 * The form: what, as which role, for how long, for whom, from when and why, or in an emergency, with a line that says what the
 * rule makes of it. Drawn anew on every change. A field keeps what is in it as long as its block id stays (Slack ignores initial values then), so a field
 * whose choice has to change gets a new block id, and no other does. Its metadata is never a fact: the policy it was
 * drawn from, recent targets for the search, what stood in fields that have no place now.
 */
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import type { KnownBlock, Modal } from './block-kit.ts';
import { emergencyBlocks } from './form-emergency.ts';
import type { FormFacts } from './form-facts.ts';
import { besideInputs, glassInput, incidentInput } from './form-fields.ts';
import { durationOptions, OTHER_LENGTH, targetOption } from './form-options.ts';
import { policyLine, reasonHint } from './form-words.ts';
import { LIMITS } from './limits.ts';
import { codeInput } from './modals.ts';
import { context, section } from './parts.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const LONGEST_EXACT = 40;

export function requestForm(facts: FormFacts): Modal {
  const { filled, choices, ids } = facts;
  return {
    type: 'modal',
    callback_id: 'request',
    title: plain(filled.glass ? 'Break glass' : 'Request access'),
    submit: plain(filled.glass ? 'Break glass' : 'Ask'),
    close: plain('Cancel'),
    private_metadata: JSON.stringify(facts.sheet),
    blocks: [
      ...facts.notes.map((note) => section(`:information_source: ${note}`)),
      targetInput(filled.target),
      ...(choices
        ? [
            roleInput(choices, filled.role, ids.role),
            durationInput(choices, filled.duration, ids.duration),
          ]
        : []),
      ...(choices && filled.duration === OTHER_LENGTH ? [exactInput(facts)] : []),
      ...besideInputs(facts),
      ...glassInput(facts),
      ...emergencyBlocks(facts),
      ...incidentInput(facts),
      context(policyLine(facts)),
      reasonInput(facts),
      ...(asksForCode(choices) && facts.enrolled ? [codeInput] : []),
    ],
  };
}

export const asksForCode = (choices: Choices | null): boolean =>
  choices?.verdict.permitted === true && choices.verdict.codeFrom.requester;

const targetInput = (target: string | null): KnownBlock => ({
  type: 'input',
  block_id: 'target',
  dispatch_action: true,
  label: plain('What do you need?'),
  element: {
    type: 'external_select',
    action_id: 'target',
    min_query_length: 0,
    placeholder: plain('Type a part of its name'),
    ...(target === null ? {} : { initial_option: targetOption(target) }),
  },
});

function roleInput({ roles }: Choices, role: string | null, blockId: string): KnownBlock {
  const options = roles
    .slice(0, LIMITS.select.options)
    .map((name) => ({ text: plain(name.slice(0, LIMITS.option.text)), value: name }));
  const chosen = options.find(({ value }) => value === role);
  return {
    type: 'input',
    block_id: blockId,
    dispatch_action: true,
    label: plain('As which role?'),
    element: {
      type: 'static_select',
      action_id: 'role',
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  };
}

function durationInput(choices: Choices, duration: string | null, blockId: string): KnownBlock {
  const options = durationOptions(choices, duration);
  const chosen = options.find(({ value }) => value === duration);
  return {
    type: 'input',
    block_id: blockId,
    dispatch_action: true,
    label: plain('For how long?'),
    element: {
      type: 'static_select',
      action_id: 'duration',
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  };
}

const exactInput = ({ filled, timezone, ids }: FormFacts): KnownBlock => ({
  type: 'input',
  block_id: ids.exact,
  dispatch_action: true,
  label: plain('How long exactly?'),
  hint: plain(`For example 1h30m, or until 17:30 (${timezone}).`),
  element: {
    type: 'plain_text_input',
    action_id: 'exact',
    max_length: LONGEST_EXACT,
    ...(filled.exact === '' ? {} : { initial_value: filled.exact.slice(0, LONGEST_EXACT) }),
  },
});

const reasonInput = ({ choices, reason }: FormFacts): KnownBlock => ({
  type: 'input',
  block_id: 'reason',
  label: plain('Why?'),
  hint: plain(reasonHint(choices)),
  element: {
    type: 'plain_text_input',
    action_id: 'reason',
    multiline: true,
    max_length: LIMITS.plainTextInput.length,
    ...(reason === '' ? {} : { initial_value: reason.slice(0, LIMITS.plainTextInput.length) }),
  },
});
