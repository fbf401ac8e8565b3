/**
 * What every CI system must do for Hallpass, whatever its API looks like. One suite, called by each provider's tests
 * against each server that speaks its API; there are no opt-outs.
 */
import {
  type AccessProvider,
  type ContainerRef,
  type ProviderAccount,
  ProviderFault,
} from '../../shared/ports.ts';

export type ProviderWorld = {
  readonly provider: AccessProvider;
  /** The container under test. */
  readonly container: ContainerRef;
  /** A full member of the organization who is not in the container. */
  readonly insider: string;
  /** Somebody who is in the container by other means, with this role. */
  readonly permanent: { readonly login: string; readonly role: string };
  /** An existing account that nothing may be given to. */
  readonly outsider: string;
  /** How the provider calls that: not in the organization where there is one, else blocked and the like. */
  readonly outsiderIs: ProviderFault['code'];
  /** A login nobody has. */
  readonly unknown: string;
  /** A well-formed id nobody has. */
  readonly unknownId: string;
  /** A container below `container`, and a member of it who is not in `container`; or why this kind has none. */
  readonly child: { readonly container: ContainerRef; readonly login: string } | { none: string };
  close(): Promise<void>;
};

export function accessProviderContract(name: string, open: () => Promise<ProviderWorld>): void {
  describe(`${name} as an access provider`, () => {
    let world: ProviderWorld;
    let provider: AccessProvider;
    let container: ContainerRef;
    let subject: ProviderAccount;
    let weakest: string;
    let strongest: string;

    beforeAll(async () => {
      world = await open();
      ({ provider, container } = world);
      subject = await provider.resolveAccount(world.insider);
      const roles = provider.roles(container.kind);
      weakest = roles[0] ?? 'none';
      strongest = roles.at(-1) ?? 'none';
    });
    afterEach(() => provider.remove(container, subject));
    afterAll(() => world.close());

    const roleOf = async (account: ProviderAccount) =>
      (await provider.read(container, account)).role;

    test('names its roles weakest first, and none for a kind it does not have', () => {
      expect(new Set([weakest, strongest]).size).toBe(2);
      expect(provider.roles('no-such-kind')).toEqual([]);
    });

    test('says for how long a call may still take effect, longer than one call may take', () => {
      expect(provider.inflightSeconds).toBeGreaterThan(1);
      expect(provider.inflightSeconds).toBeLessThan(120);
    });

    test('takes a person from absent to member to absent, and reads each back', async () => {
      expect(await provider.read(container, subject)).toMatchObject({ role: null });
      await provider.setRole(container, subject, weakest, null);
      expect(await provider.read(container, subject)).toMatchObject({
        role: weakest,
        direct: true,
      });
      await provider.remove(container, subject);
      expect(await provider.read(container, subject)).toMatchObject({ role: null });
    });

    test('adding twice is adding once', async () => {
      await provider.setRole(container, subject, weakest, null);
      await provider.setRole(container, subject, weakest, null);
      expect(await roleOf(subject)).toBe(weakest);
      const rows = await provider.list(container);
      expect(rows.filter((row) => row.accountId === subject.accountId)).toHaveLength(1);
    });

    test('removing twice, or somebody who was never there, succeeds', async () => {
      await provider.setRole(container, subject, weakest, null);
      await provider.remove(container, subject);
      await provider.remove(container, subject);
      const stranger = await provider.resolveAccount(world.outsider);
      await provider.remove(container, stranger);
      expect(await roleOf(subject)).toBeNull();
      expect(await roleOf(stranger)).toBeNull();
    });

    test('raises to the strongest role and lowers back', async () => {
      await provider.setRole(container, subject, weakest, null);
      await provider.setRole(container, subject, strongest, null);
      expect(await roleOf(subject)).toBe(strongest);
      await provider.setRole(container, subject, weakest, null);
      expect(await roleOf(subject)).toBe(weakest);
    });

    test('resolves a login to the same id each time and different logins to different ids', async () => {
      expect(await provider.resolveAccount(world.insider)).toEqual(subject);
      const other = await provider.resolveAccount(world.outsider);
      expect(other.accountId).not.toBe(subject.accountId);
    });

    test('does not resolve a login nobody has, or one that is no login at all', async () => {
      for (const login of [
        world.unknown,
        '',
        '..',
        '../admin',
        'a b',
        'a/b',
        'ä',
        'x'.repeat(300),
      ]) {
        await refuses(provider.resolveAccount(login), 'account-not-found');
      }
    });

    test('finds an account again by its id alone, and says so when there is none', async () => {
      expect(await provider.currentAccount(subject.accountId)).toEqual(subject);
      expect(await provider.currentAccount(world.unknownId)).toBeNull();
      for (const id of ['', '-1', '../1', 'not an id', '9'.repeat(40)]) {
        await refuses(provider.currentAccount(id), 'account-not-found');
      }
    });

    test("never reads or changes anybody else under a login that is no longer the account's", async () => {
      await provider.setRole(container, subject, weakest, null);
      const renamed = { accountId: subject.accountId, login: world.outsider };
      expect(await provider.read(container, renamed)).toMatchObject({ role: weakest });
      await provider.remove(container, renamed);
      expect(await roleOf(subject)).toBeNull();

      await provider.setRole(container, renamed, weakest, null);
      expect(await roleOf(subject)).toBe(weakest);
      expect(await roleOf(await provider.resolveAccount(world.outsider))).toBeNull();
    });

    test('calls an account that no longer exists absent, and grants it nothing', async () => {
      const gone = { accountId: world.unknownId, login: world.outsider };
      expect(await provider.read(container, gone)).toMatchObject({ role: null });
      await provider.remove(container, gone);
      await refuses(provider.setRole(container, gone, weakest, null), 'account-not-found');
      await refuses(provider.checkEligible(container, gone), 'account-not-found');
      expect(await roleOf(await provider.resolveAccount(world.outsider))).toBeNull();
    });

    test('finds a full member eligible and refuses somebody whom nothing may be given to', async () => {
      await provider.checkEligible(container, subject);
      const outsider = await provider.resolveAccount(world.outsider);
      await refuses(provider.checkEligible(container, outsider), world.outsiderIs);
    });

    test('refuses a container that does not exist, and never calls anybody absent from it', async () => {
      const missing = { ...container, resource: `${container.resource}-no-such` };
      await refuses(provider.checkEligible(missing, subject), 'container-not-found');
      await refuses(provider.read(missing, subject), 'container-not-found');
      await refuses(provider.setRole(missing, subject, weakest, null), 'container-not-found');
      await refuses(provider.remove(missing, subject), 'container-not-found');
      await refuses(provider.list(missing), 'container-not-found');
    });

    test('refuses a role that does not exist and changes nothing', async () => {
      await refuses(provider.setRole(container, subject, 'emperor', null), 'invalid-role');
      expect(await roleOf(subject)).toBeNull();
    });

    test('lists everybody with id, role and way in, in agreement with single reads', async () => {
      await provider.setRole(container, subject, strongest, null);
      const rows = await provider.list(container);
      expect(rows).toContainEqual({ ...subject, role: strongest, direct: true, until: null });
      for (const row of rows) {
        const { accountId: _, login: __, ...membership } = row;
        expect(await provider.read(container, row)).toEqual(membership);
      }
    });

    test('never takes a member of a child container for a direct member, and cannot remove them from it', async () => {
      if ('none' in world.child) return expect(world.child.none).toMatch(/nothing below/);
      const { child } = world;
      const below = await provider.resolveAccount(child.login);
      const inChild = await provider.read(child.container, below);
      expect(inChild).toMatchObject({ direct: true });
      expect(inChild.role).not.toBeNull();
      const { role, direct } = await provider.read(container, below);
      expect(role === null || !direct).toBe(true);
      const row = (await provider.list(container)).find((one) => one.accountId === below.accountId);
      expect(row?.direct ?? false).toBe(false);
      expect(row?.role ?? null).toBe(role);

      await provider.remove(container, below);
      expect(await provider.read(child.container, below)).toEqual(inChild);
    });

    test('taking somebody out who was added leaves what they have below', async () => {
      if ('none' in world.child) return expect(world.child.none).toMatch(/nothing below/);
      const { child } = world;
      const below = await provider.resolveAccount(child.login);
      const inChild = await provider.read(child.container, below);
      await provider.setRole(container, below, weakest, null);
      expect(await provider.read(container, below)).toMatchObject({ direct: true });
      await provider.remove(container, below);
      const { role, direct } = await provider.read(container, below);
      expect(role === null || !direct).toBe(true);
      expect(inChild.role).not.toBeNull();
      expect(await provider.read(child.container, below)).toEqual(inChild);
    });

    test('leaves permanent members as they are', async () => {
      const permanent = await provider.resolveAccount(world.permanent.login);
      await provider.setRole(container, subject, weakest, null);
      await provider.remove(container, subject);
      expect(await provider.read(container, permanent)).toMatchObject({
        role: world.permanent.role,
        direct: true,
      });
    });
  });
}

/** The promise fails with a ProviderFault of this code that rules out any effect and tells what to do. */
export async function refuses(promise: Promise<unknown>, code: ProviderFault['code']) {
  const fault = await faultOf(promise);
  expect({ code: fault.code, applied: fault.applied }).toEqual({ code, applied: 'no' });
  expect(fault.message.length).toBeGreaterThan(20);
}

export async function faultOf(promise: Promise<unknown>): Promise<ProviderFault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ProviderFault) return error;
    throw error;
  }
  throw new Error('expected a ProviderFault, but the call succeeded');
}
