/**
 * ClientRequestToken of TransactWriteItems: the same token with the same request is answered, not applied again, for
 * ten minutes; with another request it is refused. A token is written in the batch of its transaction, so it is known
 * after a restart exactly when the transaction is. Old ones are deleted in passing.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Database, Write } from './database.ts';
import { DynamoError } from './errors.ts';
import { tokenPrefix } from './layout.ts';

const validMs = 600_000;

const rememberedToken = z.object({ digest: z.string(), at: z.number() });
type RememberedToken = z.infer<typeof rememberedToken>;

export type TokenMemory = {
  /** True when this very request was applied before. @throws DynamoError IdempotentParameterMismatchException */
  recall(token: string, digest: string): boolean;
  /** The writes belong into the transaction's batch; `keep` is for when that batch is durable. */
  remember(token: string, digest: string): { writes: Write[]; keep(): void };
};

export async function openTokenMemory(database: Database, now: () => Date): Promise<TokenMemory> {
  const known = await readTokens(database);
  const isOver = ({ at }: RememberedToken) => now().getTime() - at >= validMs;
  return {
    recall(token, digest) {
      const earlier = known.get(token);
      if (earlier === undefined || isOver(earlier)) return false;
      if (earlier.digest === digest) return true;
      throw new DynamoError(
        'IdempotentParameterMismatchException',
        'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
      );
    },
    remember(token, digest) {
      const value = { digest, at: now().getTime() };
      const over: string[] = [];
      for (const [name, earlier] of known) {
        if (!isOver(earlier)) break;
        over.push(name);
      }
      return {
        writes: [
          ...over.map((name): Write => ({ type: 'del', key: tokenPrefix + name })),
          { type: 'put', key: tokenPrefix + token, value },
        ],
        keep() {
          for (const name of [...over, token]) known.delete(name);
          known.set(token, value);
        },
      };
    },
  };
}

export function digestOf(request: unknown): string {
  return createHash('sha256').update(canonical(request)).digest('hex');
}

/** Oldest first, and kept so: the expired ones are at the front. */
async function readTokens(database: Database): Promise<Map<string, RememberedToken>> {
  const stored: [string, RememberedToken][] = [];
  for await (const [key, value] of database.entries(tokenPrefix)) {
    stored.push([key.slice(tokenPrefix.length), rememberedToken.parse(value)]);
  }
  return new Map(stored.sort(([, a], [, b]) => a.at - b.at));
}

/** JSON with sorted members, so that the order in which a client wrote them does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
