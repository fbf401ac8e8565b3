/** What the form says beside its fields: the rule's line, the hint under the reason. */
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import type { Problem } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import { code, mrkdwn, typedText } from './escape.ts';
import type { FormFacts } from './form-facts.ts';
import { dayAndTime, timeOnly } from './instants.ts';
import { wordsFor } from './refusals.ts';
import { ruleLine } from './rule-line.ts';
import { names } from './words.ts';

const SAME_DAY_SECONDS = 18 * 3600;

/** What nobody could say while the form was drawn, and what it means for what it offers. */
export const missingFacts = ({
  unknownGroups,
}: {
  readonly unknownGroups: readonly string[];
}): readonly string[] =>
  unknownGroups.length === 0
    ? []
    : [
        `Nobody could say who is in ${names(unknownGroups)} just now: what you may ask for by that is not offered. Open this again in a minute.`,
      ];

/** `Any 1 of @release-managers · code needed · ends by itself at 16:40`, and what stands in the way. */
export function policyLine({ choices, seconds, now, enrolled }: FormFacts): string {
  if (!choices) return 'Choose what you need; who decides about it and for how long is shown here.';
  const { verdict } = choices;
  if (!verdict.permitted) {
    const { happened, why } = wordsFor(verdict.refusal, now);
    return `:warning: ${happened} ${why}`;
  }
  const { groups, needed } = verdict.approvals;
  const risk = verdict.privileged ? ':warning: *Privileged access.* ' : '';
  const line = ruleLine({ groups, codeFrom: verdict.codeFrom, needed });
  const ends = seconds === null ? 'ends by itself' : `ends by itself ${endAt(now, seconds)}`;
  const missing =
    verdict.codeFrom.requester && !enrolled
      ? `\n:warning: This needs a code of yours, and you have no authenticator yet: ${code(`${COMMANDS.access} enroll`)}.`
      : '';
  return `${risk}${line} · ${ends} · rule ${code(verdict.rule)}${missing}`;
}

/** Counted from now, as if it were approved at once. */
function endAt(now: Date, seconds: number): string {
  const end = new Date(now.getTime() + seconds * 1000).toISOString();
  return seconds < SAME_DAY_SECONDS ? `at ${timeOnly(end)}` : dayAndTime(end);
}

/** Plain: a hint knows no markup. */
export function reasonHint(choices: Choices | null): string {
  const { min = 0, ticket = null } = choices?.justification ?? {};
  const wanted = [
    ...(min > 0 ? [`At least ${min} characters`] : []),
    ...(ticket === null ? [] : [`with a ticket (${typedText(ticket)})`]),
  ].join(', ');
  const kept = 'Approvers read exactly this. Never paste a password or a token.';
  return wanted === '' ? kept : `${wanted}. ${kept}`;
}

/** What was not understood of a typed line; null where something was only left out. */
export const misunderstood = ({ part, typed }: Problem): string | null =>
  typed === '' ? null : `${code(typed)} was not understood: it is no ${part} here.`;

/** A warning about credentials that were taken out, for who typed them. */
export const redactedWarning = (found: readonly string[]): string =>
  `:warning: *What looked like a secret was taken out of your reason* (${found.map(mrkdwn).join(', ')}). It was not stored, but Slack has seen it: treat it as leaked and replace it.`;
