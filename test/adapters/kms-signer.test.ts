import { generateKeyPairSync, sign } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { kmsSigner } from '../../shared/adapters/kms-signer.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** KMS as its API describes it, behind the SDK's own middleware: signs the SHA-256 of a RAW message, answers DER; or fails. */
function fakeKms(answers: boolean) {
  const asked: string[] = [];
  const client = new KMSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (_next, context) =>
      async ({ input }) => {
        if (!answers) throw new Error('no answer');
        const { KeyId, Message, SigningAlgorithm } = Asked.parse(input);
        asked.push(`${context.commandName} ${KeyId} ${SigningAlgorithm ?? ''}`.trim());
        const output = Message
          ? { Signature: sign('sha256', Message, privateKey) }
          : { PublicKey: publicKey.export({ format: 'der', type: 'spki' }) };
        return { output: { ...output, $metadata: {} }, response: {} };
      },
    { step: 'initialize', priority: 'high' },
  );
  return { client, asked };
}
const Asked = z.object({
  KeyId: z.string(),
  Message: z.instanceof(Uint8Array).optional(),
  SigningAlgorithm: z.string().optional(),
});

const message = new TextEncoder().encode('checkpoint 7');

test('what KMS signs holds under the public key that KMS tells, and the key is asked for once', async () => {
  const kms = fakeKms(true);
  const signer = kmsSigner('key-1', kms.client);
  const signature = await signer.sign(message);
  const key = await signer.key();
  await signer.key();
  expect(key.isSigned(message, signature)).toBe(true);
  expect(key.isSigned(new TextEncoder().encode('checkpoint 8'), signature)).toBe(false);
  expect(kms.asked).toEqual(['SignCommand key-1 ECDSA_SHA_256', 'GetPublicKeyCommand key-1']);
});

test('a KMS that does not answer is a fault that may be tried again, never a signature', async () => {
  const kms = fakeKms(false);
  await expect(kmsSigner('key-1', kms.client).sign(message)).rejects.toMatchObject({
    name: 'Fault',
  });
});
