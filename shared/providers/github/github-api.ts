/**
 * Asks GitHub one question and parses the answer: endpoint template -> token -> bounded exchange -> schema or fault.
 * Answers `null` for GitHub's own 404 only; a proxy's 404 page proves nothing and is a malformed answer.
 */
import { Octokit } from '@octokit/core';
import type * as z from 'zod';
import { ProviderFault } from '../../ports.ts';
import type { HttpAnswer, HttpRequest } from '../exchange.ts';
import { boundedExchange, describe } from '../exchange.ts';
import { refusalAnswer } from './answers.ts';
import type { GithubAuth, MembersPermission } from './installation-tokens.ts';
import { installationTokens } from './installation-tokens.ts';
import { CHANGING, malformed, statusFault } from './status-fault.ts';

export type GithubOptions = {
  /** `https://api.github.com`, or `https://<host>/api/v3` of GitHub Enterprise Server. */
  readonly baseUrl: string;
  readonly auth: GithubAuth;
  readonly fetch?: typeof fetch;
  /** For each HTTP exchange, body included. Default 8000. */
  readonly timeoutMs?: number;
  now(): Date;
};

export type Ask<T> = {
  /** Octokit's endpoint template, for example `GET /users/{username}`. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly permission: MembersPermission;
  /** The only status that counts as success. */
  readonly status: 200 | 204;
  readonly schema: z.ZodType<T>;
  /** The request is not sent any more once this has fired. */
  readonly notAfter?: AbortSignal;
};

export type GithubApi = {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  ask<T>(question: Ask<T>): Promise<{ value: T; headers: Headers } | null>;
};

const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
const DEFAULT_TIMEOUT_MS = 8000;

export function githubApi(options: GithubOptions): GithubApi {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const exchange = boundedExchange({
    system: 'GitHub',
    changing: CHANGING,
    fetch: options.fetch ?? fetch,
    timeoutMs,
  });
  const octokit = new Octokit({ baseUrl, userAgent: 'hallpass' });

  function build(route: string, authorization: string, parameters: object): HttpRequest {
    const { method, url, headers, body } = octokit.request.endpoint(route, {
      ...parameters,
      headers: { ...HEADERS, authorization },
    });
    return {
      method,
      url,
      headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, `${value}`])),
      body: body === undefined ? null : JSON.stringify(body),
    };
  }

  const tokens = installationTokens({
    auth: options.auth,
    now: () => options.now(),
    post: (jwt, permissions) =>
      exchange(
        build('POST /app/installations/{installation_id}/access_tokens', `Bearer ${jwt}`, {
          installation_id: options.auth.installationId,
          permissions,
        }),
      ),
  });

  return {
    baseUrl,
    timeoutMs,
    async ask(question) {
      const token = await tokens.get(question.permission);
      const request = build(question.route, `Bearer ${token}`, question.parameters);
      if (question.notAfter?.aborted === true) throw tooLate(request);
      const answer = await exchange(request);
      if (answer.status === 401) tokens.forget(token);
      return read(answer, question, {
        method: request.method,
        what: describe(request),
        now: options.now(),
      });
    },
  };
}

function read<T>(
  answer: HttpAnswer,
  question: Ask<T>,
  asked: { method: string; what: string; now: Date },
): { value: T; headers: Headers } | null {
  if (answer.status === 404) {
    if (refusalAnswer.safeParse(answer.body).success) return null;
    throw malformed(answer, asked);
  }
  if (answer.status !== question.status) throw statusFault(answer, asked);
  const parsed = question.schema.safeParse(answer.body);
  if (!parsed.success) throw malformed(answer, asked);
  return { value: parsed.data, headers: answer.headers };
}

function tooLate(request: HttpRequest): ProviderFault {
  return new ProviderFault(
    `GitHub was too slow before ${describe(request)}, which was therefore not sent; it is tried again later`,
    { code: 'timeout', retryable: true, applied: 'no' },
  );
}
