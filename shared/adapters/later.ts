/**
 * Ports whose adapter is loaded when it is first used: what a cold start does not need, nobody waits for. A load that failed is
 * tried again with the next use.
 */
import type { Queues, SecretBox } from '../ports.ts';

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
