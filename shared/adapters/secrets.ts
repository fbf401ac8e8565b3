/** Secrets from Secrets Manager, kept in the container for five minutes at most; the shape is checked, a value is never logged. */
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { firm } from './aws-clients.ts';
import { neverLog } from './redaction.ts';

const MAX_AGE_SECONDS = 300;

let provider: SecretsProvider | null = null;
/** Made on first use; a person may be waiting, so it times out like every other client. */
function secrets(): SecretsProvider {
  provider ??= new SecretsProvider({ clientConfig: firm() });
  return provider;
}

export const SlackSecret = z.object({
  botToken: z.string().min(1),
  signingSecret: z.string().min(1),
  /** Still accepted while a rotation runs. */
  previousSigningSecret: z.string().min(1).optional(),
});

export const GithubSecret = z.object({
  appId: z.string().min(1),
  installationId: z.int().positive(),
  privateKey: z.string().min(1),
});

export const GitlabSecret = z.object({
  /** Goes into a header, so nothing but visible ASCII. */
  token: z.string().regex(/^[\x21-\x7e]+$/),
});

/** @throws Error naming the secret and the missing field, never a value */
export async function secretOf<T>(secretId: string, schema: z.ZodType<T>): Promise<T> {
  const text = await secrets().get(secretId, { maxAge: MAX_AGE_SECONDS });
  const parsed = schema.safeParse(typeof text === 'string' ? parseJson(text) : undefined);
  if (parsed.success) {
    neverLog(textsIn(parsed.data));
    return parsed.data;
  }
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole value');
  throw new Error(`The secret ${secretId} is not usable: check ${fields.join(', ')}.`);
}

const textsIn = (secret: unknown): string[] =>
  Object.values(z.record(z.string(), z.unknown()).safeParse(secret).data ?? {}).filter(
    (value) => typeof value === 'string',
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Something made from a secret, kept until the secret changes: connections and tokens inside it survive between invocations. */
export function builtFrom<T, Built>(
  secretId: string,
  schema: z.ZodType<T>,
  build: (secret: T) => Built,
): () => Promise<Built> {
  let last: { text: string; built: Built } | null = null;
  return async () => {
    const secret = await secretOf(secretId, schema);
    const text = JSON.stringify(secret);
    if (last?.text !== text) last = { text, built: build(secret) };
    return last.built;
  };
}

/** Current first; while a rotation runs the previous one is still accepted. */
export const signingSecretsOf = (secret: z.infer<typeof SlackSecret>): string[] =>
  [secret.signingSecret, secret.previousSigningSecret].filter((each) => each !== undefined);
