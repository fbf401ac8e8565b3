/** The installation's hourly budget and the headers that tell of it. */
import type { MiddlewareHandler } from 'hono';
import { refuse } from './refusal.ts';

const PER_HOUR = 5000;

export function openRateLimit(now: () => Date) {
  let window = { hour: -1, used: 0 };
  const current = () => {
    const hour = Math.floor(now().getTime() / 3_600_000);
    if (window.hour !== hour) window = { hour, used: 0 };
    return window;
  };
  const middleware: MiddlewareHandler = async (context, next) => {
    const budget = current();
    const over = budget.used >= PER_HOUR;
    if (!over) budget.used += 1;
    context.header('X-RateLimit-Limit', String(PER_HOUR));
    context.header('X-RateLimit-Remaining', String(PER_HOUR - budget.used));
    context.header('X-RateLimit-Used', String(budget.used));
    context.header('X-RateLimit-Reset', String((budget.hour + 1) * 3600));
    context.header('X-RateLimit-Resource', 'core');
    if (over) return refuse(context, 403, 'API rate limit exceeded for installation.');
    return next();
  };
  return {
    middleware,
    /** Nothing is left until the next full hour. */
    exhaust() {
      current().used = PER_HOUR;
    },
  };
}
