/**
 * The ports OnCall and TicketBook in production: settings and tokens come from a secret of their own each, read when first needed
 * and for five minutes; the adapters are loaded then, too. A secret that holds nothing usable makes every answer unknown: what
 * depends on it is refused in words, everything else goes on.
 */
import type { OnCall, TicketBook } from '../ports-outside.ts';
import { outsideFault } from './bounded-get.ts';
import { builtFrom } from './secrets.ts';

export function secretOnCall(secretId: string): OnCall {
  const systems = once(async () => {
    const { OnCallSettings, onCallSystems } = await import('./on-call/on-call.ts');
    const secret = builtFrom(secretId, OnCallSettings, (settings) => settings);
    return onCallSystems(() => usable('OnCall', secret.make));
  });
  return { onCallNow: async (place, now) => (await systems()).onCallNow(place, now) };
}

export function secretTickets(secretId: string): TicketBook {
  const book = once(async () => {
    const { TicketSettings, trackers } = await import('./tickets/trackers.ts');
    const secret = builtFrom(secretId, TicketSettings, (settings) => settings);
    return trackers(() => usable('Tickets', secret.make));
  });
  return {
    standing: async (...asked) => (await book()).standing(...asked),
    title: async (...asked) => (await book()).title(...asked),
  };
}

/** Both, for who decides. */
export const secretFacts = (env: { ONCALL_SECRET_ID: string; TICKETS_SECRET_ID: string }) => ({
  onCall: secretOnCall(env.ONCALL_SECRET_ID),
  tickets: secretTickets(env.TICKETS_SECRET_ID),
});

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}

async function usable<T>(name: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw outsideFault(`The secret ${name}`, 'cannot be used: put its JSON there.', error);
  }
}
