/**
 * A provider whose credentials are being rotated. What it refuses with `unauthorized` is asked once more with credentials read anew,
 * where there are others by then; from there on those are used. Never repeats a change: a run reads before it changes, so
 * that the reading meets the old credentials first, and `inflightSeconds` stays true.
 */
import { type AccessProvider, ProviderFault } from '../ports.ts';

export type CredentialsSource = {
  /** The provider as today's credentials make it; the same object while they are the same. */
  make(): Promise<AccessProvider>;
  /** These credentials were refused; false when asking anew is of no use. */
  refused(): boolean;
};

export async function withFreshCredentials({
  make,
  refused,
}: CredentialsSource): Promise<AccessProvider> {
  let current = await make();
  const wasRefused = (error: unknown): boolean =>
    error instanceof ProviderFault && error.code === 'unauthorized' && refused();
  const reading = async <T>(read: (provider: AccessProvider) => Promise<T>): Promise<T> => {
    try {
      return await read(current);
    } catch (error) {
      if (!wasRefused(error)) throw error;
      const next = await make();
      if (next === current) throw error;
      current = next;
      return read(current);
    }
  };
  const changing = async (change: (provider: AccessProvider) => Promise<void>): Promise<void> => {
    try {
      await change(current);
    } catch (error) {
      wasRefused(error);
      throw error;
    }
  };
  const { name, inflightSeconds, completeness, containerId } = current;
  return {
    ...{ name, inflightSeconds, completeness },
    roles: (kind) => current.roles(kind),
    resolveAccount: (login) => reading((provider) => provider.resolveAccount(login)),
    currentAccount: (id) => reading((provider) => provider.currentAccount(id)),
    ...(containerId === undefined ? {} : { containerId: pinning(reading) }),
    checkEligible: (place, account) => reading((one) => one.checkEligible(place, account)),
    read: (place, account) => reading((provider) => provider.read(place, account)),
    setRole: (...change) => changing((provider) => provider.setRole(...change)),
    remove: (place, account) => changing((provider) => provider.remove(place, account)),
    list: (place) => reading((provider) => provider.list(place)),
  };
}

type Reading = <T>(read: (provider: AccessProvider) => Promise<T>) => Promise<T>;

const pinning =
  (reading: Reading): NonNullable<AccessProvider['containerId']> =>
  (container) =>
    reading(async (provider) => {
      if (provider.containerId === undefined)
        throw new Error(`${provider.name} no longer pins containers; deploy one version of it`);
      return provider.containerId(container);
    });
