/**
 * Schedules, groups and client tokens on disk. A repeated create or delete with its own client token succeeds again
 * without a second effect, so an SDK retry after a lost answer is harmless.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { type DurableMap, openDurableMap } from '../durable-map.ts';
import { invalid } from './api-error.ts';
import { GroupRecord, type Page, type ScheduleKey, ScheduleRecord } from './model.ts';

const keptTokens = 10_000;

export type ScheduleStore = {
  readonly schedules: DurableMap<ScheduleRecord>;
  readonly groups: DurableMap<GroupRecord>;
  /** Whether the very same call succeeded before under this token. */
  repeated(token: string | undefined, call: unknown): boolean;
  /** To be called once the call is known to be good and before it is applied. */
  remember(token: string | undefined, call: unknown): void;
  close(): void;
};

export function openScheduleStore(dataDir: string | null): ScheduleStore {
  const open = <T>(name: string, schema: z.ZodType<T>): DurableMap<T> =>
    openDurableMap(dataDir && join(dataDir, `scheduler-${name}.jsonl`), (v) => schema.parse(v));
  const schedules = open('schedules', ScheduleRecord);
  const groups = open('groups', GroupRecord);
  const tokens = open('tokens', z.string());
  return {
    schedules,
    groups,
    repeated: (token, call) => token !== undefined && tokens.get(token) === fingerprint(call),
    remember(token, call) {
      if (token === undefined) return;
      const surplus = tokens.size + 1 - keptTokens;
      if (surplus > 0) for (const [old] of tokens.entries().slice(0, surplus)) tokens.delete(old);
      tokens.set(token, fingerprint(call));
    },
    close() {
      for (const map of [schedules, groups, tokens]) map.close();
    },
  };
}

const fingerprint = (call: unknown): string =>
  createHash('sha256').update(JSON.stringify(call)).digest('hex');

/** A group's name holds no slash, so no two schedules share a key. */
export const keyText = ({ group, name }: ScheduleKey): string => `${group}/${name}`;

/** One page in order of keys; the token is the last key seen, so what is added or removed meanwhile disturbs nothing. */
export function paged<T extends { key: string }>(
  all: readonly T[],
  page: Page,
): { items: T[]; nextToken: string | undefined } {
  const after = page.NextToken === undefined ? '' : decodeToken(page.NextToken);
  const rest = all.filter(({ key }) => key > after).sort((a, b) => (a.key < b.key ? -1 : 1));
  const items = rest.slice(0, page.MaxResults);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return { items, nextToken: more ? encodeToken(last.key) : undefined };
}

const encodeToken = (key: string): string => Buffer.from(`after:${key}`).toString('base64url');

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after:') || encodeToken(text.slice(6)) !== token)
    throw invalid('Invalid NextToken.');
  return text.slice(6);
}
