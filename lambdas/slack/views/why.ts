/** The facts behind a request, each in a sentence: its rule and where that stands, who had which part by what. */
import type { Standing, Why } from '../../../shared/application/why.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { Rule } from '../../../shared/domain/policy/policy.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { mention } from './parts.ts';

/** How the product calls the file, whatever it is called where it is kept. */
const FILE = 'access.yaml';

export function factLines(state: KnownRequest, why: Why): string[] {
  const { rule, place, requester, approvals } = why;
  const where = place ? `${code(`${FILE}:${place.line}:${place.column}`)}` : `in ${FILE}`;
  return [
    `Rule ${code(state.rule)} (${where}) was the first that covers ${code(state.entitlement.id)} for the requester.`,
    `${mention(state.requester)} may ask by it: ${standingWords(requester)}.`,
    ...(rule ? [termsOf(rule)] : []),
    ...(state.ticket === null ? [] : [`The reason names the ticket ${code(state.ticket)}.`]),
    ...(state.breakGlass ? [glassWords(state.breakGlass)] : []),
    ...(state.breakGlass ? [] : [approvalsWords(state, why)]),
    ...approvals.map(
      ({ approver, at, coded, standing }) =>
        `${mention(approver)} approved ${dayAndTime(at)}${coded ? ' with a code' : ', no code'}: ${standing.length > 0 ? standing.map(standingWords).join('; and ') : BY_GROUP}.`,
    ),
  ];
}

/** How many, or by what nobody had to. */
function approvalsWords({ approvalsNeeded, rule }: KnownRequest, why: Why): string {
  const { automatic, approvals } = why;
  if (automatic) return automaticWords(rule, automatic);
  if (approvalsNeeded === 0) return 'Nobody had to approve it.';
  const needed = `${approvalsNeeded} ${approvalsNeeded === 1 ? 'approval is' : 'approvals are'} needed`;
  return `${needed}, ${approvals.length === 0 ? 'none' : approvals.length} given.`;
}

function automaticWords(rule: string, { terms, spent }: NonNullable<Why['automatic']>): string {
  const { max_duration: most, working_hours: hours, on_call: group } = terms.when;
  const conditions = [
    ...(most === undefined ? [] : [`for at most ${formatDuration(most)}`]),
    ...(hours === undefined ? [] : [`${hours ? 'within' : 'outside'} the working hours`]),
    ...(group === undefined ? [] : [`while the requester is in ${code(group)}`]),
  ];
  return `Granted automatically by rule ${code(rule)}: nobody has to approve ${conditions.join(', ')}. It was ${spent} of the ${terms.budget.per_person_per_day} that a person has on a day.`;
}

const BY_GROUP = 'by a group or schedule, as it stood then';

function standingWords({ roles, named }: Standing): string {
  const parts = [
    ...(roles.length > 0 ? [`has the role ${roles.map(code).join(' and ')}`] : []),
    ...(named ? ['is named by it'] : []),
  ];
  return parts.join(' and ') || BY_GROUP;
}

const termsOf = (rule: Rule): string =>
  'max_duration' in rule
    ? `It allows up to ${formatDuration(rule.max_duration)}${rule.max_total === undefined ? '' : `, with extensions ${formatDuration(rule.max_total)}`}.`
    : 'break_glass' in rule
      ? `It allows up to ${formatDuration(rule.break_glass.max_duration)} in an emergency.`
      : 'It denies.';

const glassWords = ({ incident }: NonNullable<KnownRequest['breakGlass']>): string =>
  `It was taken by break-glass${incident === null ? '' : ` for ${code(incident)}`}: nobody had to approve.`;
