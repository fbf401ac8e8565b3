/**
 * The table from GitHub's statuses to ProviderFaults. A 4xx proves that nothing was changed; anything else about a
 * write leaves it open. Messages carry our own words only: GitHub's body is read to tell cases apart, never quoted.
 */
import { ProviderFault } from '../../ports.ts';
import type { HttpAnswer } from '../exchange.ts';
import { clampWait, unsure, waitAsked } from '../exchange.ts';
import { refusalAnswer } from './answers.ts';

export type Asked = {
  readonly method: string;
  /** `METHOD /path`, for messages. */
  readonly what: string;
  readonly now: Date;
};

/** Minting a token (POST) changes no membership. */
export const CHANGING: ReadonlySet<string> = new Set(['PUT', 'DELETE']);

const MISSING_RIGHT = /not accessible by integration|ip allow list|suspended|admin rights|saml/i;
const SLOW_DOWN = /rate limit|abuse detection/i;

export function statusFault(answer: HttpAnswer, asked: Asked): ProviderFault {
  const { status } = answer;
  const said = `GitHub answered ${status} to ${asked.what}`;
  const retryAfterSeconds = retryAfter(answer, asked.now);
  if (isLimited(answer)) {
    return new ProviderFault(`${said}: its rate limit is used up; it is asked again later`, {
      code: 'rate-limited',
      retryable: true,
      applied: 'no',
      retryAfterSeconds,
    });
  }
  if (status >= 500 || status === 408) {
    return new ProviderFault(`${said}; it is asked again later, see githubstatus.com`, {
      code: status === 408 ? 'timeout' : 'unavailable',
      retryable: true,
      applied: unsure(asked.method, { changing: CHANGING }),
      retryAfterSeconds,
    });
  }
  if (status >= 400) return refusedFault(answer, asked, said);
  return malformed(answer, asked);
}

/** A success that does not look like one: the wrong status, HTML, an empty or truncated body, missing fields. */
export function malformed(answer: HttpAnswer, asked: Asked): ProviderFault {
  return new ProviderFault(
    `GitHub answered ${answer.status} to ${asked.what} with a body Hallpass does not understand; check the API's base URL and any proxy in between`,
    {
      code: 'malformed-answer',
      retryable: true,
      applied: unsure(asked.method, { changing: CHANGING }),
    },
  );
}

function refusedFault(answer: HttpAnswer, asked: Asked, said: string): ProviderFault {
  const no = (code: ProviderFault['code'], nextStep: string, retryable = false) =>
    new ProviderFault(`${said}: ${nextStep}`, { code, retryable, applied: 'no' });
  switch (answer.status) {
    case 401:
      return no(
        'unauthorized',
        'the token is no longer valid; a fresh one is minted next time',
        true,
      );
    case 403:
      return asked.method === 'GET' || MISSING_RIGHT.test(messageOf(answer))
        ? no(
            'unauthorized',
            `the App may not do this${needs(answer)}; check its permissions and installation`,
          )
        : no(
            'container-not-manageable',
            'the team is managed elsewhere (identity provider or LDAP), so its members cannot be changed here',
          );
    case 409:
      return no('conflict', 'another change is under way; it is tried again', true);
    case 422:
      return refusesRole(answer)
        ? no('invalid-role', 'it does not accept that role for this team')
        : no(
            'conflict',
            'it refuses this change as invalid; look at the team and the account on GitHub',
          );
    default:
      return no(
        'unavailable',
        'it refuses the request; check the API base URL and any proxy in between',
      );
  }
}

/** GitHub uses 403 and 429 alike, for the primary and the secondary limit. */
function isLimited(answer: HttpAnswer): boolean {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  return (
    answer.headers.has('retry-after') ||
    answer.headers.get('x-ratelimit-remaining') === '0' ||
    SLOW_DOWN.test(messageOf(answer))
  );
}

/** Retry-After (seconds or a date) before x-ratelimit-reset; a limit that says nothing at all means a minute. */
function retryAfter(answer: HttpAnswer, now: Date): number | null {
  const asked = waitAsked(answer.headers, now);
  if (asked !== null) return asked;
  const reset = answer.headers.get('x-ratelimit-reset')?.trim() ?? '';
  if (answer.headers.get('x-ratelimit-remaining') === '0' && /^\d+$/.test(reset)) {
    return clampWait(Number(reset) - now.getTime() / 1000);
  }
  return SLOW_DOWN.test(messageOf(answer)) ? 60 : null;
}

function messageOf(answer: HttpAnswer): string {
  const parsed = refusalAnswer.safeParse(answer.body);
  return parsed.success ? parsed.data.message : '';
}

function refusesRole(answer: HttpAnswer): boolean {
  const parsed = refusalAnswer.safeParse(answer.body);
  if (!parsed.success) return false;
  const { message, errors } = parsed.data;
  return /\brole\b/i.test(message) || errors.some(({ field }) => field === 'role');
}

function needs(answer: HttpAnswer): string {
  const accepted = answer.headers.get('x-accepted-github-permissions') ?? '';
  return /^[a-z_=;, ]{1,200}$/.test(accepted) ? ` (it needs ${accepted})` : '';
}
