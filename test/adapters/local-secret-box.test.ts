import { randomBytes } from 'node:crypto';
import { localSecretBox } from '../../shared/adapters/local-secret-box.ts';
import { Fault } from '../../shared/ports.ts';

const masterKey = randomBytes(32);
const box = localSecretBox(masterKey, randomBytes);
const secret = Uint8Array.from({ length: 20 }, (_, i) => i + 1);
const context = { tenant: 'acme', owner: 'U0DEE', authenticator: 'a'.repeat(32) };

const refusesToOpen = async (opening: Promise<Uint8Array>) => {
  const fault = await opening.then(
    () => null,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({ service: 'keys', retryable: false });
};

describe('the local secret box', () => {
  it('opens what it sealed, whatever the order of the context', async () => {
    const sealed = await box.seal(secret, context);
    const { tenant, owner, authenticator } = context;
    expect(new Uint8Array(await box.open(sealed, { authenticator, owner, tenant }))).toEqual(
      secret,
    );
  });

  it('never makes the same ciphertext twice', async () => {
    const [one, two] = [await box.seal(secret, context), await box.seal(secret, context)];
    for (const part of ['key', 'iv', 'ciphertext', 'tag'] as const)
      expect(one[part]).not.toBe(two[part]);
  });

  it.each(['tenant', 'owner', 'authenticator'] as const)(
    'does not open for another %s',
    async (part) => {
      const sealed = await box.seal(secret, context);
      await refusesToOpen(box.open(sealed, { ...context, [part]: 'other' }));
    },
  );

  it.each(['key', 'iv', 'ciphertext', 'tag'] as const)(
    'does not open when the %s comes from another secret, is cut short or is no base64',
    async (part) => {
      const sealed = await box.seal(secret, context);
      const other = await box.seal(secret, context);
      await refusesToOpen(box.open({ ...sealed, [part]: other[part] }, context));
      await refusesToOpen(box.open({ ...sealed, [part]: sealed[part].slice(0, 4) }, context));
      await refusesToOpen(box.open({ ...sealed, [part]: '!' }, context));
    },
  );

  it('does not open under another master key', async () => {
    const sealed = await box.seal(secret, context);
    const stranger = localSecretBox(randomBytes(32), randomBytes);
    await refusesToOpen(stranger.open(sealed, context));
  });

  it('refuses a master key of the wrong size at once', () => {
    expect(() => localSecretBox(randomBytes(16), randomBytes)).toThrow(/16 bytes/);
  });
});
