/** `Any 1 of @release-manager · code needed`: what a rule asks for, in one line. */
import type { Permitted } from '../../../shared/domain/access-request/facts.ts';
import { mrkdwn } from './escape.ts';

export type RuleWords = {
  readonly groups: Permitted['approvals']['groups'];
  readonly codeFrom: Permitted['codeFrom'];
  readonly needed: number;
};

export function ruleLine({ groups, codeFrom, needed }: RuleWords): string {
  if (needed === 0) return `Nobody has to approve · ${codeWords({ ...codeFrom, approver: false })}`;
  const asked = groups.map(({ from, people, count }) => {
    const names = [...from, ...people].map((name) => `@${mrkdwn(name)}`).join(' or ');
    return `Any ${count} of ${names}`;
  });
  const approvals =
    asked.length > 0 ? asked.join(' and ') : `${needed} ${needed === 1 ? 'approval' : 'approvals'}`;
  return `${approvals} · ${codeWords(codeFrom)}`;
}

function codeWords({ requester, approver }: RuleWords['codeFrom']): string {
  if (requester && approver) return 'codes needed from requester and approver';
  if (requester) return 'code needed from the requester';
  return approver ? 'code needed' : 'no code needed';
}
