/**
 * The table from GitLab's statuses to ProviderFaults. A 4xx proves that nothing was changed; anything else about a
 * change leaves it open. Messages carry our own words only: GitLab's body is read to tell cases apart, never quoted.
 */
import { ProviderFault } from '../../ports.ts';
import type { HttpAnswer } from '../exchange.ts';
import { clampWait, unsure, waitAsked } from '../exchange.ts';

/** Methods after which a membership may be another one. */
export const CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'DELETE']);

export type Asked = {
  readonly method: string;
  /** `METHOD /path`, for messages. */
  readonly what: string;
  readonly now: Date;
};

const SILENT_LIMIT_SECONDS = 60;
/** Members::Member, "should be greater than or equal to Developer inherited membership from group X". */
const INHERITED_FLOOR = /greater than or equal to .{1,40} inherited membership/i;

export function statusFault(answer: HttpAnswer, asked: Asked): ProviderFault {
  const { status } = answer;
  const said = `GitLab answered ${status} to ${asked.what}`;
  if (status === 429) {
    return new ProviderFault(`${said}: its rate limit is used up; it is asked again later`, {
      code: 'rate-limited',
      retryable: true,
      applied: 'no',
      retryAfterSeconds: waitFor(answer, asked.now) ?? SILENT_LIMIT_SECONDS,
    });
  }
  if (status >= 500 || status === 408) {
    return new ProviderFault(`${said}; it is asked again later, see the instance's status page`, {
      code: status === 408 ? 'timeout' : 'unavailable',
      retryable: true,
      applied: unsure(asked.method, { changing: CHANGING }),
      retryAfterSeconds: waitFor(answer, asked.now),
    });
  }
  return status >= 400 ? refusedFault(answer, said) : malformed(answer, asked);
}

/** A success that does not look like one: the wrong status, HTML, an empty or truncated body, missing fields. */
export function malformed(answer: HttpAnswer, asked: Asked): ProviderFault {
  return new ProviderFault(
    `GitLab answered ${answer.status} to ${asked.what} with a body Hallpass does not understand; check the API's base URL and any proxy in between`,
    {
      code: 'malformed-answer',
      retryable: true,
      applied: unsure(asked.method, { changing: CHANGING }),
    },
  );
}

/** Retry-After before RateLimit-Reset (seconds since 1970), which counts only when the budget is used up. */
export function waitFor(answer: HttpAnswer, now: Date): number | null {
  const asked = waitAsked(answer.headers, now);
  if (asked !== null) return asked;
  const reset = answer.headers.get('ratelimit-reset')?.trim() ?? '';
  const usedUp = answer.headers.get('ratelimit-remaining') === '0';
  return usedUp && /^\d+$/.test(reset) ? clampWait(Number(reset) - now.getTime() / 1000) : null;
}

function refusedFault(answer: HttpAnswer, said: string): ProviderFault {
  const no = (code: ProviderFault['code'], nextStep: string, retryable = false) =>
    new ProviderFault(`${said}: ${nextStep}`, { code, retryable, applied: 'no' });
  switch (answer.status) {
    case 400:
      return no(...badRequest(JSON.stringify(answer.body ?? null)));
    case 401:
      return no('unauthorized', 'the token is not valid (any more); put a fresh one in its place');
    case 403:
      return no('unauthorized', missingRight(JSON.stringify(answer.body ?? null)));
    case 405:
      return no(
        'container-not-manageable',
        'its members are locked (membership lock, LDAP or SAML group sync), so they cannot be changed here',
      );
    case 409:
    case 412:
      return no('conflict', 'another change came first; it is tried again', true);
    case 422:
      return no('conflict', 'it refuses this change as invalid; look at the account on GitLab');
    default:
      return no(
        'unavailable',
        'it refuses the request; check the API base URL and any proxy in between',
      );
  }
}

type Refusal = [code: ProviderFault['code'], nextStep: string, retryable?: boolean];

function badRequest(body: string): Refusal {
  if (INHERITED_FLOOR.test(body)) {
    return ['already-has-access', 'a group above gives this account at least as much'];
  }
  if (/cannot be a date in the past/i.test(body)) {
    return ['conflict', 'the end to be set has passed meanwhile; it is looked at again', true];
  }
  if (/project bots? cannot be added/i.test(body)) {
    return ['account-not-eligible', 'the account is a bot of another project or group'];
  }
  if (/access_level|member_role/.test(body)) {
    return ['invalid-role', 'it does not accept that role there'];
  }
  return ['conflict', 'it refuses this change; look at the account and the container on GitLab'];
}

const missingRight = (body: string): string =>
  body.includes('insufficient_scope')
    ? 'the token lacks the scope "api"; make one that has it'
    : 'the token may not do this; its role there must be Owner to give Owner, and Maintainer (in a group: Owner) for the rest';
