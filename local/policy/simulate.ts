/** `policy simulate`: what the policy would say to an ask, by the evaluator that decides about real ones. Nothing is asked of anybody. */
import { formatDuration, parseDuration } from '../../shared/domain/duration.ts';
import type { Verdict } from '../../shared/domain/policy/verdict.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { goodPolicyAt, type PolicyText, policyNamed } from './policy-text.ts';
import { type Question, rulingOn } from './ruling.ts';
import { namesOf, sentencesOf } from './sentences.ts';
import { EXIT, paint, type Terminal } from './terminal.ts';
import { type Misread, readMoment, readWords, type Words } from './words.ts';

export const SIMULATE_USAGE = `policy simulate --as ana TARGET ROLE 2h   [--for bo] [--at 2026-11-22T10:00:00Z] [--start 2026-11-23T10:00:00Z]
  [--reason "INC-123 rollback"] [--break-glass [--incident INC-123]] [--group platform=ana,bo] [--policy access.yaml] [--json]

What the policy says to that ask. Exits 0 when it is allowed, 1 when it is refused. Supposed: everybody is an active full member, nothing
was asked or held before, tickets are open; groups are unknown unless --group says who is in them (--group platform= for nobody).`;

const TEXTS = ['as', 'for', 'at', 'start', 'reason', 'incident', 'group', 'policy'];

export async function simulate(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args, { texts: TEXTS, lists: ['group'], flags: ['break-glass', 'json'] });
  const question = words.ok ? questionIn(words.value, terminal.now()) : words;
  if (!words.ok || !question.ok) return misread(terminal, question.ok ? '' : question.error);
  const file = await goodPolicyAt(terminal, policyNamed(terminal, words.value.text('policy')));
  if (!file.ok) return misread(terminal, file.error, false);
  const verdict = rulingOn(file.value.policy, question.value);
  if (!verdict.ok) return misread(terminal, verdict.error, false);
  if (words.value.has('json')) terminal.print(JSON.stringify(asJson(file.value, verdict.value)));
  else
    for (const line of linesOf(terminal, file.value, {
      question: question.value,
      verdict: verdict.value,
    }))
      terminal.print(line);
  return verdict.value.permitted ? EXIT.ok : EXIT.findings;
}

function misread(terminal: Terminal, why: Misread, usage = true): number {
  terminal.complain(usage ? `${why}\n\n${SIMULATE_USAGE}`.trim() : why);
  return EXIT.usage;
}

function questionIn(words: Words, now: Date): Result<Question, Misread> {
  const [target, role, length, ...more] = words.rest;
  const as = words.text('as');
  if (as === undefined || target === undefined || role === undefined || length === undefined)
    return refuse('Say who asks (--as ana), for what, in which role and for how long.');
  if (more.length > 0) return refuse(`What is ${JSON.stringify(more[0])}?`);
  const durationSeconds = parseDuration(length);
  if (durationSeconds === null) return refuse('Write the time as 90m, 2h, 1h30m or 2d.');
  const moments = momentsIn(words, now);
  const groups = groupsIn(words.texts('group'));
  if (!moments.ok) return moments;
  if (!groups.ok) return groups;
  const glass = words.has('break-glass') || words.text('incident') !== undefined;
  return ok({
    ...{ as, for: words.text('for'), target, role, durationSeconds, ...moments.value },
    ...{ reason: words.text('reason'), groups: groups.value },
    breakGlass: glass ? { incident: words.text('incident') ?? null } : undefined,
  });
}

function momentsIn(
  words: Words,
  now: Date,
): Result<{ now: Date; start: Date | undefined }, Misread> {
  const [at, start] = ['at', 'start'].map((name) => {
    const word = words.text(name);
    return word === undefined ? ok(undefined) : readMoment(name, word);
  });
  if (at && !at.ok) return at;
  if (start && !start.ok) return start;
  return ok({ now: at?.value ?? now, start: start?.value });
}

/** `platform=ana,bo` */
export function groupsIn(
  words: readonly string[],
): Result<ReadonlyMap<string, readonly string[]>, Misread> {
  const groups = new Map<string, readonly string[]>();
  for (const word of words) {
    const [, name = '', people = ''] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    if (name === '') return refuse('Write who is in a group as --group platform=ana,bo.');
    groups.set(
      name,
      people.split(',').filter((each) => each !== ''),
    );
  }
  return ok(groups);
}

const asJson = ({ policy, hash, placeOf }: PolicyText, verdict: Verdict) => ({
  allowed: verdict.permitted,
  rule: verdict.rule,
  place: verdict.rule === null ? null : placeOf(verdict.rule),
  policy: hash,
  ...(verdict.permitted
    ? {
        maxDurationSeconds: verdict.maxDurationSeconds,
        maxTotalSeconds: verdict.maxTotalSeconds,
        automatic: verdict.automatic,
        breakGlass: verdict.breakGlass !== undefined,
        approvalsNeeded: verdict.approvals.needed,
        approvers: verdict.approvers.map((slack) => namesOf(policy, [slack])),
        codeFrom: verdict.codeFrom,
      }
    : { refusal: verdict.refusal }),
  reasons: verdict.reasons,
});

/** `Fri 16:00 Europe/Berlin`: what working hours and freezes are about. */
function localTime(at: Date, timeZone: string): string {
  const words = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, ...words }).formatToParts(at);
  const [weekday, hour, minute] = ['weekday', 'hour', 'minute'].map(
    (type) => parts.find((part) => part.type === type)?.value ?? '',
  );
  return `${weekday} ${hour}:${minute} ${timeZone}`;
}

function linesOf(
  terminal: Terminal,
  { policy, placeOf }: PolicyText,
  { question, verdict }: { question: Question; verdict: Verdict },
): string[] {
  const { as, target, role, durationSeconds, now } = question;
  const whom = question.for === undefined ? as : `${as} for ${question.for}`;
  const { start } = question;
  const long = formatDuration(durationSeconds);
  const moment = (at: Date) => `${at.toISOString()} (${localTime(at, policy.timezone)})`;
  const asked = `${whom}: ${role} on ${target} for ${long}, at ${moment(now)}${start ? `, from ${moment(start)}` : ''}`;
  const rule = verdict.rule === null ? [] : [`rule      ${verdict.rule}  ${placeOf(verdict.rule)}`];
  if (!verdict.permitted)
    return [
      `${paint(terminal, 'red', 'refused')}   ${asked}`,
      ...rule,
      `why       ${sentencesOf(policy, verdict.refusal, now)} (${verdict.refusal.code})`,
    ];
  const { approvals, approvers, codeFrom, maxTotalSeconds } = verdict;
  const codes = [codeFrom.requester ? 'requester' : '', codeFrom.approver ? 'approver' : ''].filter(
    (each) => each !== '',
  );
  const who = namesOf(policy, approvers);
  return [
    `${paint(terminal, 'green', 'allowed')}   ${asked}`,
    ...rule,
    verdict.breakGlass
      ? `approval  none: break-glass; reviewed afterwards by one of ${who}`
      : `approval  ${approvals.needed === 0 ? 'none: the rule approves it by itself' : `${approvals.needed} of ${who}`}`,
    `code      ${codes.join(' and ') || 'nobody'}`,
    `at most   ${formatDuration(verdict.maxDurationSeconds)}${maxTotalSeconds === null ? '' : `, with extensions ${formatDuration(maxTotalSeconds)}`}`,
  ];
}
