/**
 * The form's fields for what is not always said: for whom, from when, in an emergency. Each is there where a rule could allow it,
 * and wherever something stands in it, so that it can be taken back.
 */
import { formatDuration } from '../../../shared/domain/duration.ts';
import { ticketExample } from '../../../shared/domain/policy/ticket-example.ts';
import { type Begins, LONGEST_INCIDENT } from '../form-payloads.ts';
import type { KnownBlock } from './block-kit.ts';
import { typedText } from './escape.ts';
import type { FormFacts } from './form-facts.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });

export function besideInputs(facts: FormFacts): KnownBlock[] {
  const { ways, filled } = facts;
  if (filled.glass) return [];
  const startsLater = ways.startWithinSeconds !== null || filled.begins !== 'now';
  return [
    ...(ways.forOthers || filled.subject !== null ? [subjectInput(filled.subject)] : []),
    ...(startsLater ? startInputs(facts) : []),
  ];
}

const subjectInput = (subject: string | null): KnownBlock => ({
  type: 'input',
  block_id: 'subject',
  optional: true,
  dispatch_action: true,
  label: plain('For whom?'),
  hint: plain('Leave it empty for yourself.'),
  element: {
    type: 'users_select',
    action_id: 'subject',
    placeholder: plain('Myself'),
    ...(subject === null ? {} : { initial_user: subject }),
  },
});

const BEGINNINGS: readonly { text: string; value: Begins }[] = [
  { text: 'Once it is approved', value: 'now' },
  { text: 'At a later time…', value: 'at' },
  { text: 'Within a window: its holder starts it…', value: 'window' },
];

function startInputs({ filled, ways }: FormFacts): KnownBlock[] {
  const options = BEGINNINGS.map(({ text, value }) => ({ text: plain(text), value }));
  const [now] = options;
  const chosen = options.find(({ value }) => value === filled.begins) ?? now;
  const ahead =
    ways.startWithinSeconds === null
      ? ''
      : ` At most ${formatDuration(ways.startWithinSeconds)} ahead.`;
  const isWindow = filled.begins === 'window';
  return [
    {
      type: 'input',
      block_id: 'begins',
      dispatch_action: true,
      label: plain('From when?'),
      element: {
        ...{ type: 'static_select', action_id: 'begins', options },
        ...(chosen ? { initial_option: chosen } : {}),
      },
    },
    ...(filled.begins === 'now'
      ? []
      : [
          timeInput('from', isWindow ? 'Not before' : 'Begins', {
            at: filled.from,
            hint: `Times are those of your own clock.${ahead}`,
          }),
        ]),
    ...(isWindow
      ? [
          timeInput('until', 'Over at', {
            at: filled.until,
            hint: 'Its holder starts it within the window; it ends with the window at the latest.',
          }),
        ]
      : []),
  ];
}

/** What Slack takes for an instant: ten digits of seconds. */
export const isPickable = (iso: string): boolean => /^\d{10}$/.test(String(secondsOf(iso)));
const secondsOf = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

const timeInput = (
  name: 'from' | 'until',
  label: string,
  { at, hint }: { at: string | null; hint: string },
): KnownBlock => ({
  type: 'input',
  block_id: name,
  dispatch_action: true,
  label: plain(label),
  hint: plain(hint),
  element: {
    type: 'datetimepicker',
    action_id: name,
    ...(at !== null && isPickable(at) ? { initial_date_time: secondsOf(at) } : {}),
  },
});

const GLASS = {
  text: plain('Break glass: take it now, nobody approves it'),
  description: plain('Short and counted; everybody who could approve it is told; reviewed.'),
  value: 'glass',
};

/** Loud before it is ticked: what it is. What it costs stands below it once it is. */
export const glassInput = ({ ways, filled }: FormFacts): KnownBlock[] =>
  ways.breakGlass || filled.glass
    ? [
        {
          type: 'input',
          block_id: 'glass',
          optional: true,
          dispatch_action: true,
          label: plain('An emergency?'),
          element: {
            type: 'checkboxes',
            action_id: 'glass',
            options: [GLASS],
            ...(filled.glass ? { initial_options: [GLASS] } : {}),
          },
        },
      ]
    : [];

export function incidentInput({ choices, filled }: FormFacts): KnownBlock[] {
  if (!filled.glass) return [];
  const { incident = 'required', incident_pattern: pattern } = choices?.emergency?.incident ?? {};
  const example = pattern === undefined ? 'INC-123' : ticketExample(pattern);
  const looks =
    example === null ? `written as ${typedText(pattern ?? '')}` : `for example ${example}`;
  return [
    {
      type: 'input',
      block_id: 'incident',
      optional: incident === 'optional',
      label: plain('For which incident?'),
      hint: plain(`Its key, ${looks}.`),
      element: {
        type: 'plain_text_input',
        action_id: 'incident',
        max_length: LONGEST_INCIDENT,
        ...(filled.incident === '' ? {} : { initial_value: filled.incident }),
      },
    },
  ];
}
