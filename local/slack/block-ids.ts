import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject } from './json.ts';

/** The blocks as Slack keeps them: whoever gave no block_id gets one. */
export function withBlockIds(blocks: unknown): JsonObject[] {
  const list: unknown[] = Array.isArray(blocks) ? blocks : [];
  return list
    .filter(isObject)
    .map((block) => ({ block_id: randomBytes(4).toString('base64url').slice(0, 5), ...block }));
}
