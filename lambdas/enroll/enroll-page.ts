/**
 * The enrolment page: an API Gateway v2 event in, a page out. Looking (GET) asks nothing, changes nothing and says the same
 * for every link; the key leaves by POST, once. Never throws for what somebody sent, never logs a token, key or code.
 */
import {
  confirmCode,
  type PageDeps,
  revealSecret,
} from '../../shared/application/enrol-on-page.ts';
import { showRecoveryCodes } from '../../shared/application/recovery-codes.ts';
import { Fault, type Telemetry } from '../../shared/ports.ts';
import {
  CONTENT_SECURITY_POLICY,
  codesPage,
  keyPage,
  problemPage,
  refusalPage,
  startPage,
  wordPage,
} from './page-html.ts';
import { type HttpEvent, type PageRequest, readRequest } from './page-request.ts';

export type PageParts = PageDeps & {
  telemetry: Telemetry;
  /** Where people reach the page, without a trailing slash. */
  publicUrl: string;
};
export type HttpAnswer = {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
};

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex, nofollow',
};

export function enrollPage(parts: PageParts): (event: HttpEvent) => Promise<HttpAnswer> {
  return async (event) => {
    try {
      return await answerTo(parts, readRequest(event, parts.publicUrl));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { service, retryable, message } = error;
      parts.telemetry.error('The enrolment page could not answer', {
        service,
        retryable,
        why: message,
      });
      return html(503, problemPage(503));
    }
  };
}

async function answerTo(parts: PageParts, request: PageRequest): Promise<HttpAnswer> {
  switch (request.ask) {
    case 'look':
      return html(200, startPage(request.leadsTo));
    case 'reveal': {
      const shown = await revealSecret(parts, request.token);
      return shown.ok ? html(200, keyPage(shown.value)) : refused(refusalPage(shown.error));
    }
    case 'confirm': {
      const confirmed = await confirmCode(parts, request);
      return confirmed.ok
        ? html(200, wordPage(confirmed.value))
        : refused(refusalPage(confirmed.error));
    }
    case 'codes': {
      const shown = await showRecoveryCodes(parts, request.token);
      return shown.ok ? html(200, codesPage(shown.value)) : refused(refusalPage(shown.error));
    }
    case 'nothing': {
      const answer = html(request.status, problemPage(request.status));
      return request.status === 405
        ? { ...answer, headers: { ...answer.headers, allow: 'GET, POST' } }
        : answer;
    }
    default:
      return request satisfies never;
  }
}

const html = (statusCode: number, body: string): HttpAnswer => ({
  statusCode,
  headers: { ...HEADERS },
  body,
});
const refused = (page: { status: number; html: string }): HttpAnswer =>
  html(page.status, page.html);
