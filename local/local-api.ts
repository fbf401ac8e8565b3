/** The controls of local mode: personas and their codes, clock, faults, state. Loopback only; never mounted beside a real service. */
import { Hono } from 'hono';
import * as z from 'zod';
import { parseDuration } from '../shared/domain/duration.ts';
import type { LocalClock } from './clock.ts';
import { Fault, type Faults } from './faults.ts';
import type { Persona } from './personas.ts';
import type { LocalState } from './state-view.ts';

export type LocalApiParts = {
  clock: LocalClock;
  faults: Faults;
  personas: () => Promise<Persona[]>;
  state: () => Promise<LocalState>;
};
const Advance = z.strictObject({ advance: z.string().max(40) });

export function localApi({ clock, faults, personas, state }: LocalApiParts): Hono {
  const app = new Hono();
  app.get('/personas', async (context) => context.json(await personas()));
  app.get('/clock', (context) => context.json({ now: clock.now().toISOString() }));
  app.post('/clock', async (context) => {
    const body = Advance.safeParse(await json(context.req.raw));
    const ms = body.success ? milliseconds(body.data.advance) : null;
    if (ms === null)
      return context.json({ error: 'Say how far, for example {"advance":"2h"} or "90s".' }, 400);
    await clock.advance(ms);
    return context.json({ now: clock.now().toISOString() });
  });
  app.get('/faults', (context) => context.json(faults.list()));
  app.post('/faults', async (context) => {
    const fault = Fault.safeParse(await json(context.req.raw));
    if (!fault.success) return context.json({ error: z.prettifyError(fault.error) }, 400);
    faults.set(fault.data);
    return context.json(faults.list());
  });
  app.delete('/faults', (context) => {
    faults.clear();
    return context.json([]);
  });
  app.get('/state', async (context) => context.json(await state()));
  return app;
}

/** Seconds too, which people cannot ask access for: tests need them. */
function milliseconds(text: string): number | null {
  const seconds = /^([1-9][0-9]{0,7})s$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  const parsed = parseDuration(text);
  return parsed === null || parsed > 400 * 86_400 ? null : parsed * 1000;
}

async function json(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
