/**
 * `policy replay --last 30d`: what another policy would have said to what was asked and granted. Reads the journal's events as they
 * come, a page in memory at a time; writes nothing. What the log does not hold is supposed, and said.
 */
import type { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { parseDuration } from '../../shared/domain/duration.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { Fault } from '../../shared/ports.ts';
import { goodPolicyAt, policyNamed } from './policy-text.ts';
import { type Question, rulingOn } from './ruling.ts';
import { nameOf, sentencesOf } from './sentences.ts';
import { groupsIn } from './simulate.ts';
import { EXIT, type History, paint, plain, type Terminal } from './terminal.ts';
import { readWords } from './words.ts';

export const REPLAY_USAGE = `policy replay --last 30d   [--policy access.yaml] [--group platform=ana,bo] [--json]

Puts the asks and grants of that time to the policy file: which would have been refused, and which had too few approvals. Reads the Hallpass
that runs here, or that of AWS by the environment (JOURNAL_TABLE ...). Exits 1 when anything would have been decided otherwise. Supposed:
everybody was an active full member, limits and budgets were free, reasons and tickets were right; groups are unknown unless --group says.`;

const LONGEST_SECONDS = 366 * 86_400;

type Told = {
  readonly requestId: string;
  readonly at: string;
  readonly step: 'ask' | 'grant';
  readonly would: 'refuse' | 'want-more-approvals' | 'unknown';
  readonly code: string | null;
  readonly why: string;
};
type Tally = { asks: number; grants: number; otherwise: number; unknown: number; attempts: number };

export async function replay(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args, {
    texts: ['last', 'policy', 'group'],
    lists: ['group'],
    flags: ['json'],
  });
  const seconds = words.ok ? parseDuration(words.value.text('last') ?? '') : null;
  const groups = words.ok ? groupsIn(words.value.texts('group')) : words;
  if (
    !words.ok ||
    !groups.ok ||
    seconds === null ||
    seconds > LONGEST_SECONDS ||
    words.value.rest.length > 0
  ) {
    const why = groups.ok ? 'Say how far to look back: --last 30d, at most 366d.' : groups.error;
    terminal.complain(`${why}\n\n${REPLAY_USAGE}`);
    return EXIT.usage;
  }
  const file = await goodPolicyAt(terminal, policyNamed(terminal, words.value.text('policy')));
  const history = file.ok ? await terminal.openHistory() : file.error;
  if (!file.ok || typeof history === 'string') {
    terminal.complain(file.ok && typeof history === 'string' ? history : String(history));
    return EXIT.usage;
  }
  const run = { policy: file.value.policy, groups: groups.value, history, terminal };
  try {
    const tally = await replayed(run, { seconds, json: words.value.has('json') });
    return tally.otherwise > 0 ? EXIT.findings : EXIT.ok;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    terminal.complain(error.message);
    return EXIT.usage;
  } finally {
    history.close();
  }
}

type Run = {
  readonly policy: Policy;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly history: History;
  readonly terminal: Terminal;
};

async function replayed(
  run: Run,
  { seconds, json }: { seconds: number; json: boolean },
): Promise<Tally> {
  const { history, terminal, policy } = run;
  const from = new Date(history.now.getTime() - seconds * 1000);
  const tally: Tally = { asks: 0, grants: 0, otherwise: 0, unknown: 0, attempts: 0 };
  for await (const { kind, event } of history.journal.eventsBetween(from, history.now)) {
    if (kind === 'refusals') tally.attempts += 1;
    const told =
      event.type === 'AccessRequested'
        ? asked(run, event, tally)
        : event.type === 'GrantAuthorized'
          ? await granted(run, event, tally)
          : null;
    if (tally.asks % 100 === 0) terminal.progress?.(`${tally.asks} asks, ${event.at}`);
    if (!told) continue;
    if (told.would === 'unknown') tally.unknown += 1;
    else tally.otherwise += 1;
    terminal.print(json ? JSON.stringify(told) : lineOf(terminal, told));
  }
  terminal.progress?.('');
  terminal.print(
    json ? JSON.stringify({ ...tally, from: from.toISOString() }) : summary(policy, tally),
  );
  return tally;
}

type Of<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

function asked(run: Run, event: Of<'AccessRequested'>, tally: Tally): Told | null {
  tally.asks += 1;
  const { requester, subject, entitlement, durationSeconds } = event;
  const glass = event.v === 2 ? event.breakGlass : null;
  const start = event.v === 2 ? event.start : null;
  return judged(run, {
    about: { requestId: event.requestId, at: event.at, step: 'ask' },
    question: {
      ...{ as: requester, for: subject, target: entitlement.id, role: entitlement.role },
      ...{ durationSeconds, now: new Date(event.at), breakGlass: glass ?? undefined },
      start: start ? new Date(start.notBefore) : undefined,
    },
  });
}

/** By what the request says now: its people, its length, and the approvals that its grant rested on. */
async function granted(run: Run, event: Of<'GrantAuthorized'>, tally: Tally): Promise<Told | null> {
  tally.grants += 1;
  const { value } = await run.history.journal.read('request', event.requestId);
  if (!value || value.status === 'new') return null;
  const known: KnownRequest = value;
  const isListed = (slack: string) => membersOf(run.policy).bySlack.has(slack);
  return judged(run, {
    about: { requestId: event.requestId, at: event.at, step: 'grant' },
    question: {
      ...{ as: known.requester, for: known.subject, target: known.entitlement.id },
      ...{ role: known.entitlement.role, durationSeconds: event.durationSeconds },
      now: new Date(event.at),
      breakGlass: known.breakGlass ?? undefined,
      approvedBy: event.approvers.filter(isListed),
    },
  });
}

function judged(
  { policy, groups }: Run,
  { about, question }: { about: Pick<Told, 'requestId' | 'at' | 'step'>; question: Question },
): Told | null {
  const stranger = [question.as, question.for ?? question.as].find(
    (slack) => !membersOf(policy).bySlack.has(slack),
  );
  if (stranger !== undefined)
    return { ...about, would: 'refuse', code: 'unknown-person', why: `${stranger} is not listed.` };
  const ruling = rulingOn(policy, { ...question, groups });
  if (!ruling.ok) return { ...about, would: 'unknown', code: null, why: ruling.error };
  const verdict = ruling.value;
  if (!verdict.permitted) {
    const { code } = verdict.refusal;
    const why = sentencesOf(policy, verdict.refusal, question.now);
    return { ...about, would: code === 'group-unknown' ? 'unknown' : 'refuse', code, why };
  }
  const { needed, have, satisfied } = verdict.approvals;
  if (about.step === 'ask' || satisfied) return null;
  const by = (question.approvedBy ?? []).map((slack) => nameOf(policy, slack)).join(', ');
  const why = `Rule ${verdict.rule} counts ${have} of ${needed} approvals (${by || 'nobody approved'}).`;
  return { ...about, would: 'want-more-approvals', code: null, why };
}

const WOULD: Readonly<Record<Told['would'], string>> = {
  refuse: 'would be refused',
  'want-more-approvals': 'would want more approvals',
  unknown: 'cannot be told',
};

const lineOf = (terminal: Terminal, { requestId, at, step, would, code, why }: Told): string =>
  [
    at,
    requestId,
    step.padEnd(5),
    paint(terminal, would === 'unknown' ? 'yellow' : 'red', WOULD[would]),
    plain(why),
    code === null ? '' : `(${code})`,
  ]
    .join('  ')
    .trimEnd();

const summary = (policy: Policy, { asks, grants, otherwise, unknown, attempts }: Tally): string =>
  [
    `${asks} asks and ${grants} grants: ${otherwise} would have been decided otherwise, ${unknown} cannot be told.`,
    ...(attempts > 0
      ? [`${attempts} refused attempts are on record without what they were for: not replayed.`]
      : []),
    ...(policy.limits ? ['Limits were not counted.'] : []),
  ].join('\n');
