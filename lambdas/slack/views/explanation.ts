/** Why a request stands where it does: the rule and the facts of its time, the policy's hash, and what the evaluator says now. */

import type { Verdicts } from '../../../shared/application/verdict.ts';
import type { Why } from '../../../shared/application/why.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Result } from '../../../shared/domain/result.ts';
import { asked } from './card.ts';
import { code, mrkdwn } from './escape.ts';
import { STATUS_WORDS } from './facts.ts';
import { context, type Message, mentions, section } from './parts.ts';
import { type AnyRefusal, wordsFor } from './refusals.ts';
import { ruleLine } from './rule-line.ts';
import { factLines } from './why.ts';

export function explanation(
  state: KnownRequest,
  { verdicts, why }: { verdicts: Result<Verdicts, AnyRefusal>; why: Why },
  now: Date,
): Message {
  return {
    text: `Why ${state.requestId} is ${STATUS_WORDS[state.status]}`,
    blocks: [
      section(`*${state.requestId}* is ${STATUS_WORDS[state.status]}\n${asked(state)}`),
      section(`*When it was asked*\n${factLines(state, why).join('\n')}`),
      section(`*Today's policy says*\n${today(state, verdicts, now)}`),
      context(
        `policy of the ask ${code(state.policyHash)} · content ${code(state.contentHash.slice(0, 12))}`,
      ),
    ],
  };
}

function today(state: KnownRequest, verdicts: Result<Verdicts, AnyRefusal>, now: Date): string {
  if (!verdicts.ok) {
    const { happened, why } = wordsFor(verdicts.error, now);
    return `No: ${happened} ${why} (${code(verdicts.error.code)})`;
  }
  const { reasons, approvals, codeFrom, approvers, candidate } = verdicts.value.first;
  const { groups, needed } = approvals;
  const you =
    !candidate || state.status !== 'pending'
      ? []
      : [candidate.may ? 'You may decide it.' : `You may not: ${youMayNot(candidate, now)}`];
  return [
    ...reasons.map(mrkdwn),
    ruleLine({ groups, codeFrom, needed }),
    ...(state.status === 'pending' && approvers.length > 0
      ? [`Could still approve: ${mentions(approvers.slice(0, 20))}`]
      : []),
    ...you,
  ].join('\n');
}

const youMayNot = (candidate: { refusal: AnyRefusal }, now: Date): string =>
  `${wordsFor(candidate.refusal, now).happened} (${code(candidate.refusal.code)})`;
