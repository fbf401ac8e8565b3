/**
 * Walks all pages of a list. Pages are counted here: GitLab's `next` link is only believed as a sign that there is more,
 * and refused when it leads to another host, because the next request would carry the token. Ends for certain: every page
 * must bring somebody new, and there are at most MAX_PAGES.
 */
import type * as z from 'zod';
import { ProviderFault } from '../../ports.ts';
import type { GitlabApi } from './gitlab-api.ts';

const PER_PAGE = 100;
const MAX_PAGES = 100;

export type List<T> = {
  readonly path: string;
  /** Of the container, for messages. */
  readonly name: string;
  readonly schema: z.ZodType<T[]>;
};

export async function* allPages<T extends { id: number }>(
  api: GitlabApi,
  list: List<T>,
): AsyncGenerator<T[], void, undefined> {
  const seen = new Set<number>();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const answer = await api.ask({
      method: 'GET',
      path: list.path,
      query: { per_page: PER_PAGE, page },
      status: 200,
      schema: list.schema,
    });
    if (answer === null) throw vanished(list);
    const known = seen.size;
    for (const { id } of answer.value) seen.add(id);
    yield answer.value;
    // A full page without a sign of more may have lost it in a proxy: one more question settles it.
    const more = hasNext(answer.headers, api.baseUrl, list) || answer.value.length >= PER_PAGE;
    if (!more) return;
    if (seen.size === known) throw endless(list);
  }
  throw endless(list);
}

function hasNext(headers: Headers, baseUrl: string, list: List<unknown>): boolean {
  const target = /<([^<>]*)>;[^<]*\brel="?next\b/.exec(headers.get('link') ?? '')?.[1];
  if (target === undefined) return (headers.get('x-next-page') ?? '') !== '';
  if (URL.canParse(target) && new URL(target).origin === new URL(baseUrl).origin) return true;
  throw new ProviderFault(
    `the member list of ${list.name} continues on another host than the API's; nothing is sent there, so check the API's base URL and the instance's external URL`,
    { code: 'malformed-answer', retryable: false, applied: 'no' },
  );
}

function vanished(list: List<unknown>): ProviderFault {
  return new ProviderFault(
    `GitLab stopped showing ${list.name} while its members were read; it is looked at again`,
    { code: 'container-not-found', retryable: false, applied: 'no' },
  );
}

function endless(list: List<unknown>): ProviderFault {
  return new ProviderFault(
    `the member list of ${list.name} does not end (pages repeat, or more than ${MAX_PAGES * PER_PAGE} members); check any proxy in between`,
    { code: 'malformed-answer', retryable: true, applied: 'no' },
  );
}
