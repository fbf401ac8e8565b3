/**
 * Ports whose adapter is loaded when it is first used: what a cold start does not need, nobody waits for. A load that failed is
 * tried again with the next use.
 */
import type { Journal, Queues, SecretBox } from '../ports.ts';

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

export function laterSecretBox(load: () => Promise<SecretBox>): SecretBox {
  const box = once(load);
  return {
    seal: async (secret, context) => (await box()).seal(secret, context),
    open: async (sealed, context) => (await box()).open(sealed, context),
  };
}

export function laterQueues(load: () => Promise<Queues>): Queues {
  const queues = once(load);
  return {
    send: async (queue, message, delaySeconds) =>
      (await queues()).send(queue, message, delaySeconds),
  };
}

export function laterJournal(load: () => Promise<Journal>): Journal {
  const journal = once(load);
  return {
    read: async (kind, id) => (await journal()).read(kind, id),
    commit: async (writes, at) => (await journal()).commit(writes, at),
    history: async (kind, id, after) => (await journal()).history(kind, id, after),
    due: async (before, limit, kind) => (await journal()).due(before, limit, kind),
    requestsOf: async (person, limit, only) => (await journal()).requestsOf(person, limit, only),
    requestsIn: async (container, limit, only) =>
      (await journal()).requestsIn(container, limit, only),
    eventsOn: async (day, limit) => (await journal()).eventsOn(day, limit),
    async *eventsBetween(from, to) {
      yield* (await journal()).eventsBetween(from, to);
    },
    async *allDue(before) {
      yield* (await journal()).allDue(before);
    },
  };
}
