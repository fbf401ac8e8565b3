/**
 * Faults on demand: a table of what shall fail next, in memory only (a `crash` must not come back after the restart), and
 * the middleware that lets an embedded HTTP server fail that way. `timeout` is never applied, `lost` is applied and never
 * answered, `crash` kills the process before anything is applied.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, MiddlewareHandler } from 'hono';
import * as z from 'zod';

export const FaultTarget = z.enum(['github', 'gitlab', 'slack', 'dynamodb', 'scheduler', 'kms']);
export const FaultKind = z.enum(['500', '409', '429', 'timeout', 'lost', 'crash', 'slow']);
const FaultOperation = z.enum(['read', 'add', 'remove', '*']);
const FaultKindOrStatus = z.union([
  FaultKind,
  z.literal([500, 409, 429]).transform(String).pipe(FaultKind),
]);

export const Fault = z.strictObject({
  target: FaultTarget,
  on: FaultOperation.default('*'),
  fail: FaultKindOrStatus,
  times: z.int().min(1).max(1000).default(1),
});
export type FaultTarget = z.infer<typeof FaultTarget>;
export type FaultOperation = z.infer<typeof FaultOperation>;
export type FaultKind = z.infer<typeof FaultKind>;
export type Fault = z.infer<typeof Fault>;

export type Faults = {
  set(fault: Fault): void;
  clear(): void;
  /** What is still to fail, oldest first; `times` is what remains. */
  list(): Fault[];
  /** Uses up one failure of the oldest fault that matches; a fault on `*` matches every operation. */
  take(target: FaultTarget, operation: FaultOperation): FaultKind | null;
  /** Waits as long as an unanswered call hangs; ends early when the caller is gone. */
  hang(signal?: AbortSignal): Promise<void>;
  slow(): Promise<void>;
  /** Ends the process as kill -9 does. */
  crash(): never;
};

/** @param waits shorter ones for tests: an unanswered call hangs 30 s, a slow one takes 1.5 s. */
export function openFaults({ hangMs = 30_000, slowMs = 1_500 } = {}): Faults {
  let table: Fault[] = [];
  return {
    set(fault) {
      table.push({ ...fault });
    },
    clear() {
      table = [];
    },
    list: () => table.map((fault) => ({ ...fault })),
    take(target, operation) {
      const fault = table.find((f) => f.target === target && (f.on === '*' || f.on === operation));
      if (fault === undefined) return null;
      fault.times -= 1;
      if (fault.times === 0) table.splice(table.indexOf(fault), 1);
      return fault.fail;
    },
    async hang(signal) {
      const gone = new Promise<void>((resolve) => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([sleep(hangMs, undefined, { ref: false }), gone]);
    },
    async slow() {
      await sleep(slowMs, undefined, { ref: false });
    },
    crash() {
      process.kill(process.pid, 'SIGKILL');
      throw new Error('The process outlived SIGKILL.');
    },
  };
}

/** How the AWS services that speak REST name these failures; the SDK reads it from a header. */
const awsErrorTypes = {
  '500': 'InternalServerException',
  '409': 'ConflictException',
  '429': 'ThrottlingException',
};
const awsTargets: readonly FaultTarget[] = ['dynamodb', 'scheduler', 'kms'];

/** Lets one embedded server fail as the table says; `classify` tells what a request does there. */
export function faultMiddleware(
  faults: Faults,
  target: FaultTarget,
  classify: (method: string, path: string) => FaultOperation,
): MiddlewareHandler {
  return async (context, next) => {
    const kind = faults.take(target, classify(context.req.method, context.req.path));
    if (kind === 'crash') faults.crash();
    if (kind === '500' || kind === '409' || kind === '429') return answer(context, target, kind);
    if (kind === 'timeout') return await unanswered(context, faults);
    if (kind === 'slow') await faults.slow();
    await next();
    if (kind === 'lost') context.res = await unanswered(context, faults);
  };
}

function answer(context: Context, target: FaultTarget, kind: '500' | '409' | '429'): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (awsTargets.includes(target)) headers.set('x-amzn-errortype', awsErrorTypes[kind]);
  if (kind === '429') headers.set('retry-after', '1');
  const message = `Injected fault: ${context.req.method} ${context.req.path} answers ${kind}.`;
  return new Response(JSON.stringify({ message }), { status: Number(kind), headers });
}

async function unanswered(context: Context, faults: Faults): Promise<Response> {
  await faults.hang(context.req.raw.signal);
  return new Response(null, { status: 504 });
}
