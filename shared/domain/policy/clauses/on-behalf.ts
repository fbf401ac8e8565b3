/** Asking for somebody else: only for whom the rule names. */
import { selects } from '../members.ts';
import type { PolicyRefusal } from '../refusal.ts';
import type { Situation } from '../verdict.ts';

export function onBehalf({ rule, cast: { requester, subject } }: Situation): PolicyRefusal | null {
  const person = subject.member.slack;
  if (person === requester.member.slack) return null;
  if (rule.subjects && selects(rule.subjects, subject.member, subject.roles)) return null;
  return { code: 'on-behalf-not-allowed', rule: rule.id, person };
}
