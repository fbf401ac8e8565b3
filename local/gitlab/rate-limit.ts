/** GitLab's limits: so many requests a minute with headers that tell of it, and 60 removals a minute per container. */
import type { Context, MiddlewareHandler } from 'hono';
import { refuse } from './refusal.ts';

const PER_MINUTE = 2000;
const REMOVALS_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

export type RateLimit = ReturnType<typeof openRateLimit>;

export function openRateLimit(now: () => Date) {
  let window = { minute: -1, used: 0, removals: new Map<number, number>() };
  const current = () => {
    const minute = Math.floor(now().getTime() / MINUTE_MS);
    if (window.minute !== minute) window = { minute, used: 0, removals: new Map() };
    return window;
  };
  const middleware: MiddlewareHandler = async (context, next) => {
    const budget = current();
    const over = budget.used >= PER_MINUTE;
    if (!over) budget.used += 1;
    const reset = (budget.minute + 1) * 60;
    context.header('RateLimit-Limit', String(PER_MINUTE));
    context.header('RateLimit-Observed', String(budget.used));
    context.header('RateLimit-Remaining', String(PER_MINUTE - budget.used));
    context.header('RateLimit-Reset', String(reset));
    context.header('RateLimit-ResetTime', new Date(reset * 1000).toUTCString());
    if (!over) return next();
    context.header('Retry-After', String(Math.max(1, reset - Math.floor(now().getTime() / 1000))));
    return context.text('Retry later\n', 429);
  };
  return {
    middleware,
    /** GitLab's answer when too many were removed from this container, `null` while there is room. */
    removal(context: Context, placeId: number): Response | null {
      const { removals } = current();
      const used = removals.get(placeId) ?? 0;
      removals.set(placeId, used + 1);
      if (used < REMOVALS_PER_MINUTE) return null;
      const error = 'This endpoint has been requested too many times. Try again later.';
      return refuse(context, 429, { error });
    },
    /** Nothing is left until the next full minute. */
    exhaust() {
      current().used = PER_MINUTE;
    },
  };
}
