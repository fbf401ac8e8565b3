/** What the form says beside its fields: the rule's line, the hint under the reason. */
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import { ticketExample } from '../../../shared/domain/policy/ticket-example.ts';
import type { Problem } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import { code, mrkdwn, typedText } from './escape.ts';
import type { FormFacts } from './form-facts.ts';
import { dayAndTime, timeOnly } from './instants.ts';
import { mention } from './parts.ts';
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
export function policyLine(facts: FormFacts): string {
  const { choices, refused, now, enrolled, filled } = facts;
  const standing = choices && !choices.verdict.permitted ? choices.verdict.refusal : refused;
  if (standing) {
    const { happened, why } = wordsFor(standing, now);
    return `:warning: ${happened} ${why} (${standing.code})`;
  }
  if (!choices?.verdict.permitted)
    return 'Choose what you need; who decides about it and for how long is shown here.';
  const { verdict } = choices;
  const { groups, needed } = verdict.approvals;
  const risk = verdict.privileged ? ':warning: *Privileged access.* ' : '';
  const whose = filled.subject === null || filled.glass ? '' : `For ${mention(filled.subject)} · `;
  const line = ruleLine({ groups, codeFrom: verdict.codeFrom, needed });
  const missing =
    verdict.codeFrom.requester && !enrolled
      ? `\n:warning: This needs a code of yours, and you have no authenticator yet: ${code(`${COMMANDS.access} enroll`)}.`
      : '';
  return `${risk}${whose}${line} · ${when(facts)} · rule ${code(verdict.rule)}${missing}`;
}

/** From when to when, as if it were approved at once. */
function when({ start, seconds, now }: FormFacts): string {
  if (start === 'incomplete') return 'choose when it begins';
  if (start?.until) {
    const over = moment(now, start.until);
    return `its holder starts it from ${moment(now, start.notBefore)} on, ends by itself ${over} at the latest`;
  }
  const begins = start ? `starts ${moment(now, start.notBefore)}, ` : '';
  if (seconds === null) return `${begins}ends by itself`;
  const from = start ? Date.parse(start.notBefore) : now.getTime();
  return `${begins}ends by itself ${moment(now, new Date(from + seconds * 1000).toISOString())}`;
}

/** The time alone while it is near. */
const moment = (now: Date, iso: string): string =>
  Date.parse(iso) - now.getTime() < SAME_DAY_SECONDS * 1000
    ? `at ${timeOnly(iso)}`
    : dayAndTime(iso);

/** Plain: a hint knows no markup. */
export function reasonHint(choices: Choices | null): string {
  const { min = 0, ticket = null } = choices?.justification ?? {};
  const wanted = [
    ...(min > 0 ? [`At least ${min} characters`] : []),
    ...(ticket === null ? [] : [ticketWords(ticket)]),
  ].join(', ');
  const kept = 'Approvers read exactly this. Never paste a password or a token.';
  return wanted === '' ? kept : `${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}. ${kept}`;
}

/** An example says more than a pattern; a pattern that has none is shown as it is written. */
function ticketWords(pattern: string): string {
  const example = ticketExample(pattern);
  return example === null
    ? `with a ticket written as ${typedText(pattern)}`
    : `with the key of a ticket, for example ${example}`;
}

/** What was not understood of a typed line; null where something was only left out. */
export const misunderstood = ({ part, typed }: Problem): string | null =>
  typed === '' ? null : `${code(typed)} was not understood: it is no ${part} here.`;

/** A warning about credentials that were taken out, for who typed them. */
export const redactedWarning = (found: readonly string[]): string =>
  `:warning: *What looked like a secret was taken out of your reason* (${found.map(mrkdwn).join(', ')}). It was not stored, but Slack has seen it: treat it as leaked and replace it.`;
